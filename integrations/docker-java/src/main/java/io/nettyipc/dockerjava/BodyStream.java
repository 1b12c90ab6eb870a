/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.dockerjava;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;

/**
 * What arrives on a channel, for a thread that waits for it. The channel is read when there is nothing left: a slow
 * reader holds the sender back. Its monitor guards all of it.
 */
final class BodyStream extends InputStream {

    private final Channel channel;
    private final Queue<ByteBuf> arrived = new ArrayDeque<>();
    private boolean ended;
    private Throwable failure;

    BodyStream(Channel channel) {
        this.channel = channel;
    }

    /** Takes the buffer over. */
    synchronized void add(ByteBuf bytes) {
        if (ended) {
            bytes.release();
        } else {
            arrived.add(bytes);
            notifyAll();
        }
    }

    /** The first end counts. What arrived before can be read. */
    synchronized void end(Throwable cause) {
        if (!ended) {
            ended = true;
            failure = cause;
            notifyAll();
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public synchronized int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        awaitBytes();
        ByteBuf bytes = arrived.peek();
        if (bytes == null) {
            if (failure != null) {
                throw new IOException(failure.getMessage(), failure);
            }
            return -1;
        }
        int count = Math.min(length, bytes.readableBytes());
        bytes.readBytes(target, offset, count);
        if (!bytes.isReadable()) {
            arrived.remove().release();
        }
        return count;
    }

    private void awaitBytes() throws IOException {
        while (arrived.isEmpty() && !ended) {
            channel.read();
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw (IOException) new InterruptedIOException("interrupted while reading from Docker").initCause(e);
            }
        }
    }

    @Override
    public synchronized int available() {
        return arrived.isEmpty() ? 0 : arrived.peek().readableBytes();
    }

    /** Wakes a reader up, and drops what nobody has read. The response's connection is closed by the response. */
    @Override
    public synchronized void close() {
        end(new IOException("the response was closed"));
        for (ByteBuf bytes; (bytes = arrived.poll()) != null; ) {
            bytes.release();
        }
    }
}
