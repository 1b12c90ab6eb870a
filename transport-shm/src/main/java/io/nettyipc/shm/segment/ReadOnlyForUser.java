/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.segment;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.WString;
import com.sun.jna.platform.win32.Advapi32;
import com.sun.jna.platform.win32.Advapi32Util;
import com.sun.jna.platform.win32.WinNT;
import java.io.IOException;

/**
 * Lets processes of this user map a section for reading, and nobody do anything else with it. The creator's own handle has
 * all rights without being listed. The owner, who is this user, could otherwise change the list: OWNER RIGHTS takes that
 * away.
 *
 * @see <a href="https://learn.microsoft.com/windows/win32/secauthz/well-known-sids">OWNER RIGHTS (S-1-3-4)</a>
 */
final class ReadOnlyForUser {

    private static final int SDDL_REVISION_1 = 1;

    static {
        Native.register(ReadOnlyForUser.class, "advapi32");
    }

    private ReadOnlyForUser() {}

    /** Returns a new security descriptor, to be freed by {@code LocalFree}. */
    static long create() throws IOException {
        String sddl = sddl();
        long[] descriptor = new long[1];
        if (!ConvertStringSecurityDescriptorToSecurityDescriptorW(
                new WString(sddl), SDDL_REVISION_1, descriptor, null)) {
            throw SectionSegment.error("ConvertStringSecurityDescriptorToSecurityDescriptor(" + sddl + ')');
        }
        return descriptor[0];
    }

    static String sddl() throws IOException {
        String right = "(A;;0x" + Integer.toHexString(Kernel32.SECTION_MAP_READ) + ";;;";
        return "D:P" + right + userSid() + ')' + right + "OW)";
    }

    private static String userSid() throws IOException {
        WinNT.HANDLEByReference token = new WinNT.HANDLEByReference();
        if (!Advapi32.INSTANCE.OpenProcessToken(
                com.sun.jna.platform.win32.Kernel32.INSTANCE.GetCurrentProcess(), WinNT.TOKEN_QUERY, token)) {
            throw SectionSegment.error("OpenProcessToken");
        }
        try {
            return Advapi32Util.getTokenAccount(token.getValue()).sidString;
        } finally {
            com.sun.jna.platform.win32.Kernel32.INSTANCE.CloseHandle(token.getValue());
        }
    }

    private static native boolean ConvertStringSecurityDescriptorToSecurityDescriptorW(
            WString text, int revision, long[] descriptor, Pointer size);
}
