/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.os;

import com.sun.jna.WString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A {@code SECURITY_ATTRIBUTES} in native memory, for handles that no child
 * process inherits.
 *
 * @see <a href="https://learn.microsoft.com/windows/win32/api/wtypesbase/ns-wtypesbase-security_attributes">
 *     SECURITY_ATTRIBUTES</a>
 */
public final class SecurityAttributes implements AutoCloseable {

    private static final int SDDL_REVISION_1 = 1;
    private static final int SIZE = 24;

    private final ByteBuffer memory;
    private final long descriptor;
    private boolean closed;

    private SecurityAttributes(long descriptor) {
        this.descriptor = descriptor;
        memory = ByteBuffer.allocateDirect(SIZE).order(ByteOrder.LITTLE_ENDIAN);
        memory.putInt(0, SIZE).putLong(8, descriptor).putInt(16, 0);
    }

    /**
     * Makes one from a security descriptor in the Security Descriptor Definition Language.
     *
     * @throws IOException if that is not valid
     */
    public static SecurityAttributes ofSddl(String sddl) throws IOException {
        long[] descriptor = new long[1];
        if (!Advapi32.ConvertStringSecurityDescriptorToSecurityDescriptorW(
                new WString(sddl), SDDL_REVISION_1, descriptor, 0)) {
            throw new IOException(Win32Error.last().describe("ConvertStringSecurityDescriptorToSecurityDescriptor")
                    + "; the security descriptor is not valid SDDL: " + sddl);
        }
        return new SecurityAttributes(descriptor[0]);
    }

    /** A descriptor that lets this process's user and SYSTEM do everything, and others nothing. */
    public static String ownUserSddl() throws IOException {
        String user = Tokens.ownUserSid();
        return sddl(user, user);
    }

    /** As {@link #ownUserSddl()}, for this logon session of the user's only; null if the process has none. */
    public static String ownSessionSddl() throws IOException {
        String session = Tokens.ownLogonSid();
        return session == null ? null : sddl(Tokens.ownUserSid(), session);
    }

    private static String sddl(String owner, String allowed) {
        // The owner is named: an administrator's objects would belong to the group, and clients ask whose the pipe is.
        return "O:" + owner + "D:P(A;;GA;;;SY)(A;;GA;;;" + allowed + ')';
    }

    public long address() {
        return DirectMemory.addressOf(memory);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Kernel32.LocalFree(descriptor);
        }
    }
}
