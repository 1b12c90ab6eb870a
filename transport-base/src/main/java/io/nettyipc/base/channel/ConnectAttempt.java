/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.channel;

import io.netty.channel.ChannelPromise;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;

/**
 * A channel's connect while it is under way, and the owner of its promise and timers. It is over when the channel says
 * so by {@link #succeed} or {@link #fail}, when {@code CONNECT_TIMEOUT_MILLIS} have passed, when the promise is
 * cancelled, or when the channel closes. Whatever ends it but success closes the channel, whose {@code doClose} lets go
 * of what the attempt had. To be used on the channel's event loop.
 */
public final class ConnectAttempt {
    private final AbstractIpcChannel channel;
    private final ChannelPromise promise;
    private String waitingFor;
    private Future<?> timeout;
    private Future<?> retry;
    private boolean over;

    ConnectAttempt(AbstractIpcChannel channel, SocketAddress remoteAddress, ChannelPromise promise) {
        this.channel = channel;
        this.promise = promise;
        waitingFor = String.valueOf(remoteAddress);
    }

    /** The attempt goes on after {@code doConnect}: from now on it can time out and be cancelled. */
    void awaitEnd() {
        if (over) {
            return;
        }
        int millis = channel.config().getConnectTimeoutMillis();
        if (millis > 0) {
            timeout = eventLoop()
                    .schedule(
                            () -> fail(new ConnectTimeoutException(
                                    "connection timed out after " + millis + " ms: " + waitingFor)),
                            millis,
                            TimeUnit.MILLISECONDS);
        }
        promise.addListener(future -> {
            if (future.isCancelled()) {
                channel.close0();
            }
        });
    }

    private EventLoop eventLoop() {
        return channel.eventLoop();
    }

    /**
     * Whether nothing that the attempt still brings about is of use; also true for one that is just being cancelled.
     */
    public boolean isOver() {
        return over || promise.isDone();
    }

    /** Says what the attempt waits for, for the message of a time-out; at first the address. */
    public void waitingFor(String reason) {
        waitingFor = reason;
    }

    /** Goes on later, unless the attempt is over by then. What the step throws fails the attempt. */
    public void retryIn(long delayMillis, Runnable step) {
        retry = eventLoop().schedule(() -> retry(step), delayMillis, TimeUnit.MILLISECONDS);
    }

    private void retry(Runnable step) {
        if (isOver()) {
            return;
        }
        try {
            step.run();
        } catch (Throwable t) {
            // On the loop's timer nobody else would tell.
            fail(t);
        }
    }

    /** The channel is active: completes the promise and tells the pipeline. */
    public void succeed() {
        end();
        boolean notCancelled = promise.trySuccess();
        // Also for a cancelled attempt: what happened is what happened.
        channel.pipeline().fireChannelActive();
        if (!notCancelled) {
            channel.close0();
        }
    }

    /** There is no connection, and the channel is of no more use. Does nothing if the attempt is over. */
    public void fail(Throwable cause) {
        if (!over) {
            end();
            promise.tryFailure(cause);
            channel.close0();
        }
    }

    /** {@code doConnect} threw before it had begun: another attempt may be made. */
    void refuse(Throwable cause) {
        end();
        promise.tryFailure(cause);
    }

    /** The channel closes. */
    void channelCloses() {
        end();
        promise.tryFailure(new ClosedChannelException());
    }

    private void end() {
        over = true;
        channel.connectEnded();
        if (timeout != null) {
            timeout.cancel(false);
        }
        if (retry != null) {
            retry.cancel(false);
        }
    }
}
