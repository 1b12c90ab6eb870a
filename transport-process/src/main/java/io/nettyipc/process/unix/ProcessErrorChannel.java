/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process.unix;

import io.nettyipc.base.channel.ConnectAttempt;
import io.nettyipc.base.channel.HalfClosureConfig;
import io.nettyipc.base.os.Descriptor;
import java.net.SocketAddress;

/** Reads a child's standard error. */
final class ProcessErrorChannel extends ProcessOutputChannel {

    private final HalfClosureConfig config = new HalfClosureConfig(this);

    ProcessErrorChannel(UnixProcessChannel parent, Descriptor input) {
        super(parent);
        adopt(input, null);
    }

    @Override
    protected void doConnect(SocketAddress remoteAddress, ConnectAttempt attempt) {
        throw new UnsupportedOperationException("the standard error of a child can't be connected");
    }

    @Override
    public HalfClosureConfig config() {
        return config;
    }

    @Override
    protected SocketAddress localAddress0() {
        return null;
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return parent().remoteAddress();
    }
}
