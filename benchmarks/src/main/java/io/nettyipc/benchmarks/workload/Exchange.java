/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.workload;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The client's handler of a workload with one connection: sends for a while, and is done when the server's last answer
 * has arrived.
 */
abstract class Exchange extends ChannelInboundHandlerAdapter implements Session {
    static final int PATIENCE_SECONDS = 60;

    private CompletableFuture<Void> done;
    private ChannelHandlerContext ctx;

    /** Starts sending. Called on the event loop. */
    protected abstract void begin(ChannelHandlerContext ctx, long durationNanos);

    /** Returns how many operations there were since {@link #begin}. */
    protected abstract long operations();

    /** Runs one exchange and waits for its end. May be called again on the same connection. */
    @Override
    public final long run(long nanos) throws IOException, InterruptedException {
        CompletableFuture<Void> end = new CompletableFuture<>();
        Channel channel = ctx.channel();
        channel.eventLoop().execute(() -> {
            done = end;
            if (channel.isActive()) {
                begin(ctx, nanos);
            } else {
                end.completeExceptionally(new IOException("the connection is closed"));
            }
        });
        await(end);
        return operations();
    }

    /** Waits for what happens on an event loop. */
    static void await(CompletableFuture<Void> end) throws IOException, InterruptedException {
        try {
            end.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IOException("no answer within " + PATIENCE_SECONDS + " s", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw new IOException(cause instanceof IOException ? cause.getMessage() : cause.toString(), cause);
        }
    }

    protected final void succeed() {
        done.complete(null);
    }

    protected final void fail(Throwable cause) {
        if (done != null) {
            done.completeExceptionally(cause);
        }
    }

    @Override
    public final void handlerAdded(ChannelHandlerContext ctx) {
        this.ctx = ctx;
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(new IOException("the connection was closed by the server"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(cause);
        ctx.close();
    }

    @Override
    public final void close() throws InterruptedException {
        ctx.channel().close().sync();
    }
}
