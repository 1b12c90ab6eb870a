/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe;

/**
 * The direction in which one end of a Windows pipe uses it, seen from that end: an {@link #INBOUND} end only reads, an
 * {@link #OUTBOUND} end only writes.
 *
 * <p>An end that only writes notices that its peer has gone when it writes next, and not before: Windows tells a closed
 * peer to readers only.
 *
 * @see NamedPipeChannelOption#PIPE_ACCESS
 * @see <a href="https://learn.microsoft.com/windows/win32/ipc/named-pipe-open-modes">Named Pipe Open Modes</a>
 */
public enum NamedPipeAccess {
    /** Reads and writes; the default. */
    DUPLEX(true, true),
    /** Reads only. */
    INBOUND(true, false),
    /** Writes only. */
    OUTBOUND(false, true);

    private final boolean readable;
    private final boolean writable;

    NamedPipeAccess(boolean readable, boolean writable) {
        this.readable = readable;
        this.writable = writable;
    }

    /** Whether this end reads. */
    public boolean isReadable() {
        return readable;
    }

    /** Whether this end writes. */
    public boolean isWritable() {
        return writable;
    }
}
