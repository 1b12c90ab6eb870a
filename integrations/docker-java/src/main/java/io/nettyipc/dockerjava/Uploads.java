/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.dockerjava;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Function;

/** Copies a stream to a channel, no faster than the channel takes it. */
final class Uploads {

    private static final int CHUNK = 64 * 1024;

    private Uploads() {}

    /**
     * Returns at the stream's end, when all of it is written: a channel that is half-closed drops what waits to be.
     *
     * @param wrap what is written for some bytes
     * @return {@code false} if the channel has failed before: nobody wants the rest
     * @throws IOException if the stream can't be read
     */
    static boolean copy(InputStream from, Channel to, Function<ByteBuf, Object> wrap)
            throws IOException, InterruptedException {
        ChannelFuture written = to.newSucceededFuture();
        while (true) {
            ByteBuf chunk = to.alloc().buffer(CHUNK);
            boolean more = false;
            try {
                more = chunk.writeBytes(from, CHUNK) > 0;
            } finally {
                if (!more) {
                    chunk.release();
                }
            }
            if (!more) {
                return written.await().isSuccess();
            }
            written = to.writeAndFlush(wrap.apply(chunk));
            if (!to.isWritable()) {
                written.await();
            }
            if (written.isDone() && !written.isSuccess()) {
                return false;
            }
        }
    }
}
