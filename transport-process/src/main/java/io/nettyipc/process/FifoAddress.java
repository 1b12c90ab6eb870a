/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process;

import io.netty.util.internal.ObjectUtil;
import io.nettyipc.base.os.RuntimeDirectory;
import io.nettyipc.base.socket.FileNames;
import io.nettyipc.base.socket.TcpNames;
import java.net.SocketAddress;

/**
 * The address of a FIFO: a path, or a name for {@code name.fifo} in the directory where the sockets of named pipes with
 * portable names are. Two addresses are equal if their paths are, as they are written. Immutable and safe for use by
 * any thread.
 */
public final class FifoAddress extends SocketAddress {
    private static final long serialVersionUID = 5903217862170542309L;

    private final String path;
    private final String name;

    private FifoAddress(String path, String name) {
        this.path = path;
        this.name = name;
    }

    /**
     * Returns the address of a FIFO.
     *
     * @param text an absolute path, or a name such as {@code log}
     * @throws IllegalArgumentException if it is neither; the message says what was found and what to write instead
     */
    public static FifoAddress of(String text) {
        ObjectUtil.checkNotNull(text, "text");
        boolean path = text.startsWith("/");
        if (text.isEmpty() || text.endsWith("/") || text.equals(".") || text.equals("..")) {
            throw bad(text, "is not the name or path of a file");
        }
        if (!path && text.indexOf('/') >= 0) {
            throw bad(text, "is a relative path");
        }
        if (text.startsWith("\\\\")) {
            throw bad(text, "is a path of Windows");
        }
        if (TcpNames.isHostAndPort(text)) {
            throw bad(text, TcpNames.FINDING);
        }
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw bad(text, "has a control character");
        }
        String problem = FileNames.problem(text);
        if (problem != null) {
            throw new IllegalArgumentException("FIFO address '" + text + "' " + problem);
        }
        if (path) {
            return new FifoAddress(text, null);
        }
        Fifo.ensureAvailability();
        return new FifoAddress(RuntimeDirectory.current().fifoPath(text).toString(), text);
    }

    private static IllegalArgumentException bad(String text, String finding) {
        return new IllegalArgumentException("FIFO address '" + text.replace('\0', '�') + "' " + finding
                + ": give an absolute path, or a name such as log");
    }

    /** Returns the portable name, or {@code null} if this is the address of a path. */
    public String name() {
        return name;
    }

    /** Returns the path of the FIFO. */
    public String path() {
        return path;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof FifoAddress other && path.equals(other.path);
    }

    @Override
    public int hashCode() {
        return path.hashCode();
    }

    @Override
    public String toString() {
        return path;
    }
}
