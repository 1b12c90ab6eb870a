/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.socket;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.nettyipc.base.os.DirectoryHold;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Stays in a server's pipeline, next to the transport, to bind and to close by the rules for socket files (see
 * {@link BindAttempt} and {@link BoundSocket}). Accepted channels do not pass it.
 */
public final class SocketFileHandler extends ChannelOutboundHandlerAdapter {
    private static final InternalLogger logger = InternalLoggerFactory.getInstance(SocketFileHandler.class);

    private static final long LOCK_RETRY_MILLIS = 2;
    private static final long LOCK_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long FORCED_LOCK_TIMEOUT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final SocketFileRules rules;
    private ChannelHandlerContext context;
    private BoundSocket bound;
    private SocketFileWatch watch;
    private DirectoryHold hold;

    public SocketFileHandler(SocketFileRules rules) {
        this.rules = rules;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void bind(ChannelHandlerContext ctx, SocketAddress localAddress, ChannelPromise promise) throws IOException {
        SocketAddresses.check(localAddress);
        if (bound != null) {
            throw BindAttempt.failure(
                    rules, localAddress, "this channel is bound to " + bound.path() + " already", null);
        }
        boolean portable = rules.isPortable(localAddress);
        new BindAttempt(ctx, rules, localAddress, promise, socket -> bound(socket, portable)).run();
    }

    private void bound(BoundSocket socket, boolean portable) {
        bound = socket;
        watch = new SocketFileWatch(context.channel(), socket.path(), socket.file());
        watch.start();
        if (portable) {
            // Of an explicit path the administrator has decided where it is.
            hold = DirectoryHold.of(socket.path().getParent());
        }
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        if (!promise.setUncancellable()) {
            return;
        }
        close(ctx, promise, System.nanoTime() + LOCK_TIMEOUT_NANOS);
        if (!promise.isDone()) {
            // The loop may end, which closes the channel and cancels what waits.
            ctx.channel().closeFuture().addListener(future -> promise.trySuccess());
        }
    }

    private void close(ChannelHandlerContext ctx, ChannelPromise promise, long deadline) {
        if (bound == null) {
            ctx.close(promise);
            return;
        }
        BindLock lock = tryAcquire();
        if (lock != null || System.nanoTime() - deadline >= 0 || !tryAgainLater(ctx, promise, deadline)) {
            // Without the lock another server could bind at this moment and lose its file; not closing is worse.
            closeTransport(ctx, promise, lock);
        }
    }

    private boolean tryAgainLater(ChannelHandlerContext ctx, ChannelPromise promise, long deadline) {
        try {
            ctx.executor().schedule(() -> close(ctx, promise, deadline), LOCK_RETRY_MILLIS, TimeUnit.MILLISECONDS);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    private BindLock tryAcquire() {
        try {
            return BindLock.tryAcquire(bound.lock());
        } catch (RuntimeException e) {
            logger.debug("A server's socket can't be locked", e);
            return null;
        }
    }

    /** Closes the transport before this method returns, as the event loop does when it ends. */
    public void closeNow() {
        if (bound == null || !context.channel().isOpen()) {
            return;
        }
        long deadline = System.nanoTime() + FORCED_LOCK_TIMEOUT_NANOS;
        while (bound != null) {
            BindLock lock = tryAcquire();
            if (lock != null || System.nanoTime() - deadline >= 0) {
                closeTransport(context, context.newPromise(), lock);
                return;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOCK_RETRY_MILLIS));
        }
    }

    /**
     * Closes the transport, and ends the lock when that is done: a channel that has to cancel operations first closes,
     * and deletes the socket's file, some turns of its loop later.
     */
    private void closeTransport(ChannelHandlerContext ctx, ChannelPromise promise, BindLock lock) {
        BoundSocket socket = bound;
        if (socket == null) {
            release(lock);
            ctx.close(promise);
            return;
        }
        bound = null;
        watch.stop();
        if (hold != null) {
            hold.close();
        }
        Path kept = socket.keepReplacement();
        ctx.channel().closeFuture().addListener(future -> {
            socket.restore(kept);
            release(lock);
        });
        ChannelPromise closed = ctx.newPromise();
        ctx.close(closed);
        closed.addListener(future -> {
            if (future.isSuccess()) {
                promise.trySuccess();
            } else {
                promise.tryFailure(future.cause());
            }
        });
    }

    private static void release(BindLock lock) {
        if (lock != null) {
            lock.close();
        }
    }
}
