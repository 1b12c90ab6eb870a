/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.socket;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import io.nettyipc.base.os.RuntimeDirectory;
import io.nettyipc.base.os.SocketFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Looks from time to time whether a server's socket file is still there, without which no client finds the server, or a
 * reader's FIFO: what cleans temporary directories removes it, or somebody's {@code rm}. The kernel has no way to put
 * it back. To be used on the channel's event loop.
 */
public final class SocketFileWatch implements Runnable {
    /** How often, in seconds; 0 for never. */
    private static final String PROPERTY = "io.nettyipc.socket.checkSeconds";

    private static final int DEFAULT_SECONDS = 30;

    private final Channel channel;
    private final Path path;
    private final SocketFile file;
    private Future<?> next;

    /**
     * For a channel that others find by a file.
     *
     * @param channel is told by {@code exceptionCaught}, once
     * @param file what is at the path as long as all is well; null if that isn't known
     */
    public SocketFileWatch(Channel channel, Path path, SocketFile file) {
        this.channel = channel;
        this.path = path;
        this.file = file;
    }

    /** Looks again and again. */
    public void start() {
        int seconds = Integer.getInteger(PROPERTY, DEFAULT_SECONDS);
        if (seconds > 0 && file != null) {
            next = channel.eventLoop().schedule(this, seconds, TimeUnit.SECONDS);
        }
    }

    /** Looks no more. */
    public void stop() {
        if (next != null) {
            next.cancel(false);
        }
    }

    @Override
    public void run() {
        if (!channel.isOpen()) {
            return;
        }
        String finding;
        try {
            SocketFile found = SocketFile.readIfExists(path);
            if (file.isSameFile(found)) {
                start();
                return;
            }
            finding = found == null ? "was removed" : "was replaced by " + found.kind();
        } catch (IOException e) {
            finding = "can't be looked at any more (" + RuntimeDirectory.reason(e) + ')';
        }
        channel.pipeline()
                .fireExceptionCaught(new IOException((file.isFifo()
                                ? "the FIFO " + path + " of this reader "
                                : "the socket file " + path + " of this server ")
                        + finding + ": others don't find it any more; close the channel and bind again"));
    }
}
