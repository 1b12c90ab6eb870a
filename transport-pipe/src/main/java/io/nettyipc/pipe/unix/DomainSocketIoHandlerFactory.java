/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.unix;

import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.util.concurrent.ThreadAwareExecutor;

/** Makes Netty's handlers with the rules for socket files added. */
final class DomainSocketIoHandlerFactory implements IoHandlerFactory {
    private final UnixTransport transport;
    private final IoHandlerFactory factory;

    DomainSocketIoHandlerFactory(UnixTransport transport, IoHandlerFactory factory) {
        this.transport = transport;
        this.factory = factory;
    }

    @Override
    public IoHandler newHandler(ThreadAwareExecutor ioExecutor) {
        return new DomainSocketIoHandler(transport, factory.newHandler(ioExecutor), ioExecutor);
    }

    @Override
    public boolean isChangingThreadSupported() {
        return factory.isChangingThreadSupported();
    }
}
