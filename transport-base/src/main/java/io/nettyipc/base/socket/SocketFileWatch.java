/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.socket;

import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
import io.nettyipc.base.os.RuntimeDirectory;
import io.nettyipc.base.os.SocketFile;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * Looks from time to time whether a server's socket file is still there, without which no client finds the server: what
 * cleans temporary directories removes it, or somebody's {@code rm}. The kernel has no way to put it back.
 */
final class SocketFileWatch implements Runnable {
    /** How often, in seconds; 0 for never. */
    private static final String PROPERTY = "io.nettyipc.socket.checkSeconds";

    private static final int DEFAULT_SECONDS = 30;

    private final ChannelHandlerContext ctx;
    private final BoundSocket socket;
    private Future<?> next;

    SocketFileWatch(ChannelHandlerContext ctx, BoundSocket socket) {
        this.ctx = ctx;
        this.socket = socket;
    }

    void start() {
        int seconds = Integer.getInteger(PROPERTY, DEFAULT_SECONDS);
        if (seconds > 0 && socket.file() != null) {
            next = ctx.executor().schedule(this, seconds, TimeUnit.SECONDS);
        }
    }

    void stop() {
        if (next != null) {
            next.cancel(false);
        }
    }

    @Override
    public void run() {
        if (!ctx.channel().isOpen()) {
            return;
        }
        String finding;
        try {
            SocketFile found = SocketFile.readIfExists(socket.path());
            if (socket.file().isSameFile(found)) {
                start();
                return;
            }
            finding = found == null ? "was removed" : "was replaced by " + found.kind();
        } catch (IOException e) {
            finding = "can't be looked at any more (" + RuntimeDirectory.reason(e) + ')';
        }
        ctx.fireExceptionCaught(new IOException("the socket file " + socket.path() + " of this server " + finding
                + ": clients don't find the server any more; close it and bind again"));
    }
}
