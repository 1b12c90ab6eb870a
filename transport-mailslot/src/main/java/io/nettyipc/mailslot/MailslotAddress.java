/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.mailslot;

import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.internal.ObjectUtil;
import io.nettyipc.base.os.Platform;
import io.nettyipc.base.os.RuntimeDirectory;
import io.nettyipc.base.socket.FileNames;
import io.nettyipc.base.socket.TcpNames;
import io.nettyipc.pipe.NamedPipeAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The address of a mailslot: {@code \\.\mailslot\orders} on Windows; on Unix a datagram domain socket,
 * {@code orders.mailslot} in the directory of {@link NamedPipeAddress}'s portable names.
 *
 * <p>Two addresses are equal if they name the same mailslot; on Windows upper and lower case are equal, as they are to
 * Windows. Immutable and safe for use by any thread.
 *
 * @see <a href="https://learn.microsoft.com/windows/win32/ipc/mailslot-names">Mailslot Names</a>
 */
public final class MailslotAddress extends DomainSocketAddress {
    private static final long serialVersionUID = 2703962418120087146L;

    private static final String LOCAL = "\\\\.\\mailslot\\";
    private static final String EVERYWHERE = "\\\\*\\mailslot\\";
    private static final int MAX_WINDOWS_PATH = 256;

    /** The path as the user spelled it; the superclass holds the form that is compared. */
    private final String path;

    private final String name;
    private final boolean broadcast;

    private MailslotAddress(String path, String comparedPath, String name, boolean broadcast) {
        super(comparedPath);
        this.path = path;
        this.name = name;
        this.broadcast = broadcast;
    }

    /**
     * Returns the address of a mailslot on this machine.
     *
     * @param text a name such as {@code orders}, or {@code \\.\mailslot\orders}; also
     *             {@code \\*\mailslot\orders}, which is {@link #broadcast(String)}
     * @throws IllegalArgumentException if it is neither, or is too long; the message says what was found and what to
     *                                  write instead
     */
    public static MailslotAddress of(String text) {
        ObjectUtil.checkNotNull(text, "text");
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.startsWith(EVERYWHERE)) {
            return of(text.substring(EVERYWHERE.length()), true, Platform.current());
        }
        if (lower.startsWith(LOCAL)) {
            return of(text.substring(LOCAL.length()), false, Platform.current());
        }
        if (TcpNames.isHostAndPort(text)) {
            throw bad(
                    text,
                    TcpNames.FINDING + ": give a name such as orders; a mailslot of this name is \\\\.\\mailslot\\"
                            + text);
        }
        return of(text, false, Platform.current());
    }

    /**
     * Returns the address of the mailslots of that name on all machines of this one's primary domain,
     * {@code \\*\mailslot\orders}, for {@code connect}. Such a message has at most 424 bytes, and whether any other
     * machine gets it depends on the network; newer versions of Windows have this switched off. On Unix, which has no
     * such thing, it is this machine's.
     *
     * @throws IllegalArgumentException as {@link #of}
     */
    public static MailslotAddress broadcast(String name) {
        return of(ObjectUtil.checkNotNull(name, "name"), true, Platform.current());
    }

    private static MailslotAddress of(String name, boolean broadcast, Platform platform) {
        check(name);
        String windowsPath = (broadcast ? EVERYWHERE : LOCAL) + name;
        if (windowsPath.length() > MAX_WINDOWS_PATH) {
            throw bad(name, "is too long for Windows by " + (windowsPath.length() - MAX_WINDOWS_PATH) + " characters");
        }
        if (platform == Platform.WINDOWS) {
            return new MailslotAddress(windowsPath, FileNames.foldAsWindows(windowsPath), name, broadcast);
        }
        String path = RuntimeDirectory.current().mailslotPath(name).toString();
        String problem = FileNames.problem(path);
        if (problem != null) {
            throw bad(name, problem);
        }
        int excess = path.getBytes(StandardCharsets.UTF_8).length - platform.maxSocketPathBytes();
        if (excess > 0) {
            throw bad(
                    name, "is too long: its socket " + path + " has " + excess + " bytes more than the kernel allows");
        }
        return new MailslotAddress(path, path, name, broadcast);
    }

    private static void check(String name) {
        if (name.isEmpty() || name.equals(".") || name.equals("..")) {
            throw bad(name, "is not a name: give one such as orders");
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '/' || c == '\\') {
                throw bad(name, "has a slash or backslash: give a name such as orders, or \\\\.\\mailslot\\orders");
            }
            if (Character.isISOControl(c)) {
                throw bad(name, "has the control character U+%04X: remove it".formatted((int) c));
            }
        }
    }

    private static IllegalArgumentException bad(String name, String finding) {
        String shown = name.length() <= 300 ? name : name.substring(0, 300) + "…";
        return new IllegalArgumentException("mailslot name '" + shown.replace('\0', '�') + "' " + finding);
    }

    /** Returns the name, spelled as it was given. */
    public String name() {
        return name;
    }

    /** Returns whether messages go to all machines of the domain, as far as the system does that. */
    public boolean isBroadcast() {
        return broadcast;
    }

    /**
     * Returns what the operating system is asked for: {@code \\.\mailslot\orders} on Windows, a socket's path on Unix.
     */
    @Override
    public String path() {
        return path;
    }
}
