/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.util.concurrent.ThreadAwareExecutor;
import io.netty.util.internal.PlatformDependent;
import io.netty.util.internal.StringUtil;
import io.nettyipc.pipe.unix.UnixTransport;
import io.nettyipc.pipe.windows.WindowsNamedPipe;
import io.nettyipc.shm.control.ControlTransport;

/** Makes event loops' handlers, each over one of another factory's. */
final class ShmIoHandlerFactory implements IoHandlerFactory {

    private final IoHandlerFactory transport;
    private final ShmSpinStrategy strategy;

    ShmIoHandlerFactory(IoHandlerFactory transport, ShmSpinStrategy strategy) {
        this.transport = transport;
        this.strategy = strategy;
    }

    @Override
    public IoHandler newHandler(ThreadAwareExecutor executor) {
        IoHandler handler = transport.newHandler(executor);
        if (PlatformDependent.isWindows()) {
            if (!WindowsNamedPipe.isServedBy(handler)) {
                throw unsuitable(handler, "what NamedPipe.newIoHandlerFactory() makes");
            }
            return new ShmIoHandler(handler, ControlTransport.ofWindows(), strategy, executor);
        }
        UnixTransport unix = UnixTransport.servedBy(handler);
        if (unix == null) {
            throw unsuitable(handler, "epoll, kqueue or NIO");
        }
        return new ShmIoHandler(unix.withSocketFiles(handler, executor), ControlTransport.of(unix), strategy, executor);
    }

    private static IllegalArgumentException unsuitable(IoHandler handler, String expected) {
        handler.destroy();
        return new IllegalArgumentException("shared memory does not work over " + StringUtil.simpleClassName(handler)
                + " (expected: " + expected + ')');
    }

    @Override
    public boolean isChangingThreadSupported() {
        return transport.isChangingThreadSupported();
    }
}
