/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultChannelConfig;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.SocketAddress;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** What {@link NamedPipe#connect} does: tries with one channel after the other while the server's backlog is full. */
final class NamedPipeConnect {
    private static final int MAX_RETRY_MILLIS = 20;
    /** {@link DefaultChannelConfig}'s. */
    private static final int DEFAULT_TIMEOUT_MILLIS = 30_000;

    private final Bootstrap bootstrap;
    private final SocketAddress address;
    private final EventExecutor executor;
    private final Promise<Channel> result;
    private final long deadline;
    private int retryMillis = 1;

    private NamedPipeConnect(Bootstrap bootstrap, SocketAddress address, EventExecutor executor, long timeoutMillis) {
        this.bootstrap = bootstrap;
        this.address = address;
        this.executor = executor;
        result = executor.newPromise();
        deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    }

    static Future<Channel> connect(Bootstrap bootstrap, SocketAddress address) {
        Object timeout =
                bootstrap.config().options().getOrDefault(ChannelOption.CONNECT_TIMEOUT_MILLIS, DEFAULT_TIMEOUT_MILLIS);
        int millis = (Integer) timeout;
        NamedPipeConnect connect = new NamedPipeConnect(
                bootstrap,
                address,
                bootstrap.config().group().next(),
                millis == 0 ? TimeUnit.DAYS.toMillis(36_500) : millis);
        connect.attempt();
        return connect.result;
    }

    private void attempt() {
        if (result.isDone()) {
            return;
        }
        try {
            ChannelFuture attempt = bootstrap.connect(address);
            if (attempt.isDone()) {
                // Here, since an event loop that has ended calls no listeners.
                ended(attempt);
                return;
            }
            result.addListener(done -> {
                if (done.isCancelled()) {
                    attempt.cancel(false);
                }
            });
            attempt.addListener(done -> ended(attempt));
        } catch (RuntimeException e) {
            // On the timer nobody else would tell.
            result.tryFailure(e);
        }
    }

    private void ended(ChannelFuture attempt) {
        if (attempt.isSuccess()) {
            if (!result.trySuccess(attempt.channel())) {
                attempt.channel().close();
            }
        } else if (attempt.isCancelled()) {
            result.cancel(false);
        } else if (attempt.cause() instanceof NamedPipeBusyException && System.nanoTime() - deadline < 0) {
            int delay = retryMillis + ThreadLocalRandom.current().nextInt(retryMillis);
            retryMillis = Math.min(MAX_RETRY_MILLIS, 2 * retryMillis);
            try {
                executor.schedule(this::attempt, delay, TimeUnit.MILLISECONDS).addListener(waited -> {
                    // An event loop that ends cancels what waits.
                    if (waited.isCancelled()) {
                        result.tryFailure(attempt.cause());
                    }
                });
            } catch (RejectedExecutionException e) {
                result.tryFailure(e);
            }
        } else {
            result.tryFailure(attempt.cause());
        }
    }
}
