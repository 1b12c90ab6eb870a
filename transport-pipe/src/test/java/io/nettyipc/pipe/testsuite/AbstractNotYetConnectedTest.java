/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.testsuite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DuplexChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

public abstract class AbstractNotYetConnectedTest extends AbstractLocalTransportTest {
    protected AbstractNotYetConnectedTest(LocalTestPermutation permutation) {
        super(permutation);
    }

    @Test
    void shutdownBeforeConnectIsAnsweredAndDoesNotConnect(TestInfo testInfo) throws Throwable {
        run(testInfo, this::shutdownBeforeConnectIsAnsweredAndDoesNotConnect);
    }

    private void shutdownBeforeConnectIsAnsweredAndDoesNotConnect(ServerBootstrap sb, Bootstrap cb) {
        cb.handler(new ChannelInboundHandlerAdapter());
        DuplexChannel channel =
                (DuplexChannel) cb.register().syncUninterruptibly().channel();
        try {
            assertAnswered(channel.shutdownInput());
            assertAnswered(channel.shutdownOutput());
            assertFalse(channel.isActive());
        } finally {
            close(channel);
        }
    }

    private void assertAnswered(ChannelFuture future) {
        assertTrue(future.awaitUninterruptibly(20, TimeUnit.SECONDS), "no answer");
        assertUnconnectedAnswer(future.cause());
    }

    /**
     * Checks how the shutdown of an unconnected channel ended.
     *
     * @param cause {@code null} if it succeeded
     */
    protected abstract void assertUnconnectedAnswer(Throwable cause);

    @Test
    void readRequestedBeforeConnectIsServedOnceActive(TestInfo testInfo) throws Throwable {
        run(testInfo, this::readRequestedBeforeConnectIsServedOnceActive);
    }

    private void readRequestedBeforeConnectIsServedOnceActive(ServerBootstrap sb, Bootstrap cb) throws Throwable {
        CountDownLatch received = new CountDownLatch(1);
        AtomicInteger value = new AtomicInteger();
        sb.childHandler(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelActive(ChannelHandlerContext ctx) {
                // One read may be of a byte.
                ctx.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {42}));
            }
        });
        cb.option(ChannelOption.AUTO_READ, permutation().forgetsEarlyReads())
                .handler(new SimpleChannelInboundHandler<ByteBuf>() {
                    @Override
                    public void handlerAdded(ChannelHandlerContext ctx) {
                        assertFalse(ctx.channel().isActive());
                        ctx.read();
                    }

                    @Override
                    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf msg) {
                        value.set(msg.readByte());
                        received.countDown();
                    }
                });
        Channel server = sb.bind().sync().channel();
        Channel client = null;
        try {
            client = cb.connect(server.localAddress()).sync().channel();
            assertTrue(received.await(20, TimeUnit.SECONDS), "nothing was read");
            assertEquals(42, value.get());
        } finally {
            close(client, server);
        }
    }
}
