/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.channel;

import io.netty.channel.AbstractServerChannel;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import java.net.SocketAddress;

/**
 * The skeleton of a server: its state, and whether accepted channels are wanted. A class listens in {@code doBind} and
 * {@linkplain #activate activates} the channel, and accepts while {@link #isReadPending}; all on the event loop.
 */
public abstract class AbstractIpcServerChannel extends AbstractServerChannel {
    private boolean readPending;
    private volatile boolean open = true;
    private volatile boolean active;

    @Override
    public final boolean isOpen() {
        return open;
    }

    @Override
    public final boolean isActive() {
        return active;
    }

    @Override
    protected IpcServerUnsafe newUnsafe() {
        return new IpcServerUnsafe();
    }

    /** Not asked here: the registration of a handle fails with a better message than Netty has for a no. */
    @Override
    protected final boolean isCompatible(EventLoop loop) {
        return true;
    }

    /** The server is bound and listens. */
    protected final void activate() {
        active = true;
    }

    /** Accepted channels are wanted. A channel calls this method first and then accepts, now or later. */
    @Override
    protected void doBeginRead() {
        readPending = true;
    }

    /** Whether accepted channels are wanted. */
    protected final boolean isReadPending() {
        return readPending;
    }

    /** Passes an accepted channel on. Whether the next one is wanted, the pipeline says. */
    protected final void accepted(Channel child) {
        readPending = false;
        pipeline().fireChannelRead(child);
    }

    /** {@code AUTO_READ} was switched off, by any thread, or accepting fails for now. */
    protected final void clearReadPending() {
        if (!isRegistered() || eventLoop().inEventLoop()) {
            readPending = false;
        } else {
            eventLoop().execute(() -> {
                if (!config().isAutoRead()) {
                    readPending = false;
                }
            });
        }
    }

    /** A channel calls this method first. */
    @Override
    protected void doClose() throws Exception {
        open = false;
        active = false;
    }

    /** What the event loop tells a server. Not public, for the reason of {@code AbstractIpcUnsafe}. */
    protected class IpcServerUnsafe extends AbstractUnsafe {

        protected IpcServerUnsafe() {}

        @Override
        public final void connect(SocketAddress remoteAddress, SocketAddress localAddress, ChannelPromise promise) {
            safeSetFailure(promise, new UnsupportedOperationException("a server doesn't connect"));
        }

        /** The event loop ends. */
        public final void close() {
            close(voidPromise());
        }

        /** The channel's, for event loops that know no channels. */
        @Override
        public final String toString() {
            return AbstractIpcServerChannel.this.toString();
        }
    }
}
