/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process.unix;

import io.nettyipc.base.channel.ConnectAttempt;
import io.nettyipc.process.ProcessAddress;
import io.nettyipc.process.ProcessStderr;
import io.nettyipc.process.start.Child;
import io.nettyipc.process.start.ChildChannel;
import io.nettyipc.process.start.ProcessChannelConfig;
import java.io.IOException;
import java.net.SocketAddress;

/** A channel to a child's standard input and output, over pipes. */
public final class UnixProcessChannel extends ProcessOutputChannel implements ChildChannel {

    private final ProcessChannelConfig config = new ProcessChannelConfig(this);
    private final Child child = new Child(this, config);

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
        return child.address();
    }

    @Override
    protected SocketAddress localAddress0() {
        return null;
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return child.address();
    }

    @Override
    public Child child() {
        return child;
    }

    @Override
    protected void doConnect(SocketAddress remoteAddress, ConnectAttempt attempt) throws IOException {
        child.start(remoteAddress, attempt, ProcessPipes::open, this::talk);
    }

    private void talk(ProcessPipes pipes, ProcessStderr stderr) throws IOException {
        // First, as it can fail.
        activate(pipes.input(), pipes.output());
        endsAfter(exitFuture(), config);
        if (stderr.handler() == null) {
            return;
        }
        ProcessErrorChannel error = new ProcessErrorChannel(this, pipes.error());
        try {
            error.config().setAllocator(config.getAllocator());
            error.config().setRecvByteBufAllocator(config.getRecvByteBufAllocator());
            error.pipeline().addLast(stderr.handler());
            eventLoop().register(error).addListener(registered -> {
                if (!registered.isSuccess()) {
                    pipeline().fireExceptionCaught(registered.cause());
                }
            });
        } catch (Throwable t) {
            error.unsafe().closeForcibly();
            throw t;
        }
        error.endsAfter(exitFuture(), config);
    }

    @Override
    protected void doClose() throws Exception {
        super.doClose();
        child.channelClosed();
    }
}
