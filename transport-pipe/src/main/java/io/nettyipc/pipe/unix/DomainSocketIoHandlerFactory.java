/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.unix;

import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.util.concurrent.ThreadAwareExecutor;
import io.netty.util.internal.StringUtil;

/** Makes another factory's handlers with the rules for socket files added. */
final class DomainSocketIoHandlerFactory implements IoHandlerFactory {
    private final IoHandlerFactory factory;

    DomainSocketIoHandlerFactory(IoHandlerFactory factory) {
        this.factory = factory;
    }

    @Override
    public IoHandler newHandler(ThreadAwareExecutor ioExecutor) {
        IoHandler handler = factory.newHandler(ioExecutor);
        if (handler instanceof DomainSocketIoHandler) {
            return handler;
        }
        UnixTransport transport = UnixTransport.servedBy(handler::isCompatible);
        if (transport == null) {
            handler.destroy();
            throw new IllegalArgumentException(StringUtil.simpleClassName(handler)
                    + " serves no pipes (expected: epoll, io_uring, kqueue or NIO)");
        }
        return new DomainSocketIoHandler(transport, handler, ioExecutor);
    }

    @Override
    public boolean isChangingThreadSupported() {
        return factory.isChangingThreadSupported();
    }
}
