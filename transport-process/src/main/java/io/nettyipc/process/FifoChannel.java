/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process;

import io.netty.channel.socket.DuplexChannel;

/**
 * One end of a FIFO: a reader, which is bound to a {@link FifoAddress}, or a writer, which is connected to one.
 *
 * <p>A FIFO is one stream of bytes without connections: what all writers write arrives in one channel. A write of at
 * most 4096 bytes on Linux ({@code PIPE_BUF}) stays in one piece between those of other writers;
 * {@link io.netty.buffer.ByteBuf}s that are flushed together are written together. Several readers would each get a
 * part of the bytes, and no system tells them of each other.
 *
 * <p><b>Reader.</b> {@code bind} creates the FIFO if the path is free, for its user only unless
 * {@link FifoChannelOption#FIFO_PERMISSIONS} says otherwise, fails if something else is there, and succeeds without a
 * writer. Closing the channel leaves the FIFO where it is, with the bytes lost that nobody has
 * read.
 *
 * <p><b>Writer.</b> {@code connect} waits for a reader until {@code CONNECT_TIMEOUT_MILLIS}; a missing FIFO fails it at
 * once. When the last reader goes, the channel closes.
 *
 * @see Fifo
 * @see <a href="https://man7.org/linux/man-pages/man7/fifo.7.html">fifo(7)</a>
 */
public interface FifoChannel extends DuplexChannel {

    /** Returns the FIFO that this end reads, or {@code null} for a writer. */
    @Override
    FifoAddress localAddress();

    /** Returns the FIFO that this end writes to, or {@code null} for a reader. */
    @Override
    FifoAddress remoteAddress();
}
