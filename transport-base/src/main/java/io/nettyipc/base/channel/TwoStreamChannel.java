/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.channel;

import io.netty.channel.ChannelPromise;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.nettyipc.base.loop.CompletionPortIoHandle;
import io.nettyipc.base.loop.EventLoops;
import java.net.SocketAddress;

/** A channel of an event loop with a completion port that reads one stream of bytes and writes another. */
public abstract class TwoStreamChannel extends AbstractIpcChannel {
    private IoRegistration registration;

    protected TwoStreamChannel() {
        super(null);
    }

    /** The expression by which users make handlers of loops that serve the channel. */
    protected abstract String ioHandlerFactory();

    @Override
    protected final SocketAddress localAddress0() {
        return null;
    }

    @Override
    public final IpcUnsafe unsafe() {
        return (IpcUnsafe) super.unsafe();
    }

    @Override
    protected final AbstractIpcUnsafe newUnsafe() {
        return new TwoStreamUnsafe();
    }

    /** The end of the event loop closes what is registered with it, also a channel that isn't connected yet. */
    @Override
    protected final void doRegister(ChannelPromise promise) {
        EventLoops.register(this, (TwoStreamUnsafe) unsafe(), ioHandlerFactory())
                .addListener(f -> {
                    if (f.isSuccess()) {
                        registration = (IoRegistration) f.getNow();
                        promise.setSuccess();
                    } else {
                        promise.setFailure(f.cause());
                    }
                });
    }

    @Override
    protected final void doDeregister() {
        if (registration != null) {
            registration.cancel();
            registration = null;
        }
    }

    /**
     * Asked, on the event loop, whenever the channel is to close.
     *
     * @return whether the channel sees to that later by itself
     */
    protected boolean closesLater() {
        return false;
    }

    private final class TwoStreamUnsafe extends AbstractIpcUnsafe implements CompletionPortIoHandle {

        /** There are none: operations are those of others. */
        @Override
        public void handle(IoRegistration registration, IoEvent event) {}

        @Override
        public void close(ChannelPromise promise) {
            if (!isOpen() || !closesLater()) {
                super.close(promise);
            } else if (!promise.isVoid()) {
                closeFuture().addListener(closed -> promise.trySuccess());
            }
        }
    }
}
