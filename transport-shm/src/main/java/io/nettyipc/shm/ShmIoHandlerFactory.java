/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.util.concurrent.ThreadAwareExecutor;

/** Makes event loops' handlers, each over one of another factory's that serves pipes. */
final class ShmIoHandlerFactory implements IoHandlerFactory {

    private final IoHandlerFactory transport;
    private final ShmSpinStrategy strategy;

    ShmIoHandlerFactory(IoHandlerFactory transport, ShmSpinStrategy strategy) {
        this.transport = transport;
        this.strategy = strategy;
    }

    @Override
    public IoHandler newHandler(ThreadAwareExecutor executor) {
        return new ShmIoHandler(transport.newHandler(executor), strategy, executor);
    }

    @Override
    public boolean isChangingThreadSupported() {
        return transport.isChangingThreadSupported();
    }
}
