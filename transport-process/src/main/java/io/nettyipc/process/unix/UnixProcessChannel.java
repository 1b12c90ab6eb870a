/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process.unix;

import io.netty.util.concurrent.Future;
import io.nettyipc.base.channel.ConnectAttempt;
import io.nettyipc.process.ProcessAddress;
import io.nettyipc.process.ProcessChannel;
import io.nettyipc.process.ProcessStderr;
import io.nettyipc.process.start.ProcessChannelConfig;
import io.nettyipc.process.start.ProcessStart;
import io.nettyipc.process.start.ProcessTermination;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.RejectedExecutionException;

/** A channel to a child's standard input and output, over pipes. */
public final class UnixProcessChannel extends ProcessOutputChannel implements ProcessChannel {

    private final ProcessChannelConfig config = new ProcessChannelConfig(this);
    private final ProcessTermination termination = new ProcessTermination(config);
    private volatile ProcessAddress remote;
    /** A child is being started. */
    private boolean starting;

    /** For {@link io.netty.bootstrap.Bootstrap#channel}. */
    public UnixProcessChannel() {
        super(null);
    }

    @Override
    public ProcessChannelConfig config() {
        return config;
    }

    @Override
    public ProcessAddress remoteAddress() {
        return remote;
    }

    @Override
    protected SocketAddress localAddress0() {
        return null;
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return remote;
    }

    @Override
    public ProcessHandle process() {
        return termination.process().toHandle();
    }

    @Override
    public Future<Integer> exitFuture() {
        return termination.exitFuture();
    }

    @Override
    public Future<Integer> terminate() {
        return termination.ask(config.exitTimeoutMillis());
    }

    @Override
    public Future<Integer> kill() {
        return termination.kill();
    }

    @Override
    protected void doConnect(SocketAddress remoteAddress, ConnectAttempt attempt) throws IOException {
        ProcessAddress address = ProcessStart.require(remoteAddress);
        ProcessStderr stderr = config.stderr();
        ProcessPipes pipes = ProcessPipes.open(stderr.handler() != null);
        starting = true;
        remote = address;
        ProcessStart.inBackground(
                address, stderr, pipes::redirect, termination, cause -> startEnded(attempt, stderr, pipes, cause));
    }

    private void startEnded(ConnectAttempt attempt, ProcessStderr stderr, ProcessPipes pipes, Throwable cause) {
        pipes.closeChildEnds();
        try {
            eventLoop().execute(() -> started(attempt, stderr, pipes, cause));
        } catch (RejectedExecutionException e) {
            pipes.close();
            termination.abandon(config.exitTimeoutMillis(), cause);
        }
    }

    private void started(ConnectAttempt attempt, ProcessStderr stderr, ProcessPipes pipes, Throwable failure) {
        starting = false;
        if (failure != null) {
            pipes.close();
            termination.abandon(config.exitTimeoutMillis(), failure);
            attempt.fail(failure);
            return;
        }
        if (!isOpen()) {
            pipes.close();
            termination.abandon(config.exitTimeoutMillis(), null);
            return;
        }
        ProcessErrorChannel error = null;
        try {
            // First, as it can fail.
            activate(pipes.input(), pipes.output());
            if (stderr.handler() != null) {
                error = new ProcessErrorChannel(this, pipes.error());
                error.config().setAllocator(config.getAllocator());
                error.config().setRecvByteBufAllocator(config.getRecvByteBufAllocator());
                error.pipeline().addLast(stderr.handler());
                eventLoop().register(error).addListener(registered -> {
                    if (!registered.isSuccess()) {
                        pipeline().fireExceptionCaught(registered.cause());
                    }
                });
            }
        } catch (Throwable t) {
            if (error != null) {
                error.unsafe().closeForcibly();
            }
            attempt.fail(t);
            pipes.close();
            return;
        }
        attempt.succeed();
        endsAfter(termination.exitFuture(), config);
        if (error != null) {
            error.endsAfter(termination.exitFuture(), config);
        }
    }

    @Override
    protected void doClose() throws Exception {
        super.doClose();
        if (!starting) {
            termination.abandon(config.exitTimeoutMillis(), new ClosedChannelException());
        }
    }
}
