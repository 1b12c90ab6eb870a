/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import com.sun.jna.WString;
import com.sun.jna.platform.win32.WinNT;
import io.nettyipc.base.os.Advapi32;
import io.nettyipc.base.os.Kernel32;
import io.nettyipc.base.os.Overlapped;
import io.nettyipc.base.os.Tokens;
import io.nettyipc.base.os.Win32Error;
import io.nettyipc.pipe.NamedPipeSecurity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A {@code SECURITY_ATTRIBUTES} in native memory, made from a {@link NamedPipeSecurity}, for handles that no child
 * process inherits.
 *
 * @see <a href="https://learn.microsoft.com/windows/win32/api/wtypesbase/ns-wtypesbase-security_attributes">
 *     SECURITY_ATTRIBUTES</a>
 */
final class SecurityAttributes implements AutoCloseable {

    private static final int SDDL_REVISION_1 = 1;
    private static final int SIZE = 24;

    /** FILE_GENERIC_READ | FILE_GENERIC_WRITE without FILE_CREATE_PIPE_INSTANCE, the right to pose as the server. */
    private static final String READ_WRITE = "0x12019b";

    private final ByteBuffer memory;
    private final long descriptor;
    private boolean closed;

    private SecurityAttributes(long descriptor) {
        this.descriptor = descriptor;
        memory = ByteBuffer.allocateDirect(SIZE).order(ByteOrder.LITTLE_ENDIAN);
        memory.putInt(0, SIZE).putLong(8, descriptor).putInt(16, 0);
    }

    static SecurityAttributes of(NamedPipeSecurity security) throws IOException {
        String sddl = toSddl(security);
        long[] descriptor = new long[1];
        if (!Advapi32.ConvertStringSecurityDescriptorToSecurityDescriptorW(
                new WString(sddl), SDDL_REVISION_1, descriptor, null)) {
            throw new IOException(Win32Error.last().describe("ConvertStringSecurityDescriptorToSecurityDescriptor")
                    + "; the security descriptor is not valid SDDL: " + sddl);
        }
        return new SecurityAttributes(descriptor[0]);
    }

    static String toSddl(NamedPipeSecurity security) throws IOException {
        if (security.sddl() != null) {
            return security.sddl();
        }
        String system = "(A;;GA;;;SY)";
        if (security == NamedPipeSecurity.LOGON_SESSION) {
            return "D:P" + system + "(A;;GA;;;" + logonSid() + ')';
        }
        String own = "D:P" + system + "(A;;GA;;;" + userSid() + ')';
        return security == NamedPipeSecurity.AUTHENTICATED_USERS ? own + "(A;;" + READ_WRITE + ";;;AU)" : own;
    }

    private static String userSid() throws IOException {
        WinNT.HANDLE token = Tokens.openOwn();
        try {
            return Tokens.userSid(token);
        } finally {
            Tokens.close(token);
        }
    }

    private static String logonSid() throws IOException {
        WinNT.HANDLE token = Tokens.openOwn();
        try {
            String sid = Tokens.logonSid(token);
            if (sid == null) {
                throw new IOException("this process's token has no logon session (services have none);"
                        + " use NamedPipeSecurity.CURRENT_USER");
            }
            return sid;
        } finally {
            Tokens.close(token);
        }
    }

    long address() {
        return Overlapped.addressOf(memory);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Kernel32.LocalFree(descriptor);
        }
    }
}
