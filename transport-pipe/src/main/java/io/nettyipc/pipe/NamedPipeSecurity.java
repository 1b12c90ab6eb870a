/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe;

import io.netty.util.internal.ObjectUtil;
import io.nettyipc.base.os.SecurityAttributes;
import java.io.IOException;

/**
 * Who may open a Windows pipe: its security descriptor.
 *
 * <pre>{@code
 * bootstrap.option(NamedPipeChannelOption.PIPE_SECURITY, NamedPipeSecurity.AUTHENTICATED_USERS);
 * bootstrap.option(NamedPipeChannelOption.PIPE_SECURITY, NamedPipeSecurity.ofSddl("D:P(A;;GA;;;BA)(A;;GA;;;SY)"));
 * }</pre>
 *
 * <p>Without one Windows itself would give reading to everyone and to anonymous users; that default is not on offer.
 * The text of {@link #ofSddl} is checked when the server binds: what Windows refuses fails the bind, with the text and
 * the reason in the exception.
 *
 * @see <a href="https://learn.microsoft.com/windows/win32/ipc/named-pipe-security-and-access-rights">Named Pipe
 *     Security and Access Rights</a>
 * @see <a href="https://learn.microsoft.com/windows/win32/secauthz/security-descriptor-definition-language">SDDL</a>
 */
public final class NamedPipeSecurity {

    /** The user that this process runs as, and SYSTEM; the default. */
    public static final NamedPipeSecurity CURRENT_USER = new NamedPipeSecurity("CURRENT_USER", null);

    /**
     * Processes of the logon session of this process, and SYSTEM: not the same user's other logons, such as a service
     * or a remote desktop.
     */
    public static final NamedPipeSecurity LOGON_SESSION = new NamedPipeSecurity("LOGON_SESSION", null);

    /**
     * The current user and SYSTEM in full; every authenticated user for reading and writing, without the right to
     * create further instances of the pipe, which would let them pose as the server.
     */
    public static final NamedPipeSecurity AUTHENTICATED_USERS = new NamedPipeSecurity("AUTHENTICATED_USERS", null);

    /** FILE_GENERIC_READ | FILE_GENERIC_WRITE without FILE_CREATE_PIPE_INSTANCE, the right to pose as the server. */
    private static final String READ_WRITE = "0x12019b";

    private final String name;
    private final String sddl;

    private NamedPipeSecurity(String name, String sddl) {
        this.name = name;
        this.sddl = sddl;
    }

    /** A security descriptor in the Security Descriptor Definition Language. */
    public static NamedPipeSecurity ofSddl(String sddl) {
        return new NamedPipeSecurity("SDDL", ObjectUtil.checkNonEmpty(sddl, "sddl"));
    }

    /**
     * The security descriptor in the Security Descriptor Definition Language, for this process where it depends on
     * that. On Windows only.
     *
     * @throws IOException if Windows doesn't tell who this process runs as, or for {@link #LOGON_SESSION} in a process
     *     that has none
     */
    public String toSddl() throws IOException {
        if (sddl != null) {
            return sddl;
        }
        if (this == LOGON_SESSION) {
            String session = SecurityAttributes.ownSessionSddl();
            if (session == null) {
                throw new IOException("this process's token has no logon session (services have none);"
                        + " use NamedPipeSecurity.CURRENT_USER");
            }
            return session;
        }
        String own = SecurityAttributes.ownUserSddl();
        return this == AUTHENTICATED_USERS ? own + "(A;;" + READ_WRITE + ";;;AU)" : own;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof NamedPipeSecurity && toString().equals(o.toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    @Override
    public String toString() {
        return sddl == null ? name : name + ' ' + sddl;
    }
}
