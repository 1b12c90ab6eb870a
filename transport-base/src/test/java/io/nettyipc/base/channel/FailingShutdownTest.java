/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.channel;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FailingShutdownTest {
    private final EventLoop loop = new DefaultEventLoop();
    private final Broken channel = new Broken();

    @BeforeEach
    void register() throws Exception {
        loop.register(channel).sync();
    }

    @AfterEach
    void stop() throws Exception {
        channel.close().sync();
        loop.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
    }

    @Test
    void anInputThatCannotBeShutDownFailsTheFuture() throws Exception {
        assertFails(channel.shutdownInput());
        assertFails(loop.submit(() -> channel.shutdownInput()).get());
    }

    @Test
    void anInputThatCannotBeShutDownFailsTheShutdownOfBoth() {
        assertFails(channel.shutdown());
    }

    private static void assertFails(ChannelFuture shutdown) {
        assertTrue(shutdown.awaitUninterruptibly(20, TimeUnit.SECONDS), "still pending");
        assertInstanceOf(IllegalStateException.class, shutdown.cause());
    }

    /** Whose input can't be shut down. */
    private static final class Broken extends AbstractIpcChannel {
        private final ChannelConfig config = new DefaultChannelConfig(this);

        Broken() {
            super(null);
            activate();
        }

        @Override
        protected void doClearReadPending() {
            throw new IllegalStateException("as if");
        }

        @Override
        protected void doShutdownInput() {
            throw new IllegalStateException("as if");
        }

        @Override
        protected void doConnect(SocketAddress remoteAddress, ConnectAttempt attempt) {
            throw new UnsupportedOperationException();
        }

        @Override
        protected boolean isFlushPending() {
            return false;
        }

        @Override
        protected void doBeginRead() {
            // It has nothing to read.
        }

        @Override
        protected void doWrite(ChannelOutboundBuffer in) {
            throw new UnsupportedOperationException();
        }

        @Override
        protected SocketAddress localAddress0() {
            return null;
        }

        @Override
        protected SocketAddress remoteAddress0() {
            return null;
        }

        @Override
        public ChannelConfig config() {
            return config;
        }
    }
}
