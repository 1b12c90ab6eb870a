/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.testsuite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
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
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.nettyipc.pipe.testsuite.AbstractLocalTransportTest;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

class ShmShutdownOutputBySelfTest extends AbstractLocalTransportTest {
    private static final byte END = -1;

    ShmShutdownOutputBySelfTest() {
        super(ShmTestPermutation.INSTANCE);
    }

    @Test
    void peerReadsTheEndAndItsAnswerStillArrives(TestInfo testInfo) throws Throwable {
        run(testInfo, this::peerReadsTheEndAndItsAnswerStillArrives);
    }

    private void peerReadsTheEndAndItsAnswerStillArrives(ServerBootstrap sb, Bootstrap cb) throws Throwable {
        Received atServer = new Received();
        Received atClient = new Received();
        BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
        atServer.active = accepted;
        Channel server = sb.childHandler(atServer)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .bind()
                .sync()
                .channel();
        DuplexChannel client = null;
        try {
            client = (DuplexChannel)
                    cb.handler(atClient).connect(server.localAddress()).sync().channel();
            Channel peer = accepted.poll(20, TimeUnit.SECONDS);
            client.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {1})).sync();
            assertEquals((byte) 1, atServer.next());
            assertFalse(client.isOutputShutdown());

            client.shutdownOutput().sync();
            assertEquals(END, atServer.next());
            assertTrue(client.isActive());
            assertTrue(client.isOutputShutdown());
            assertFalse(client.isInputShutdown());

            peer.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {2})).sync();
            assertEquals((byte) 2, atClient.next());

            Throwable cause = client.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {3}))
                    .await()
                    .cause();
            assertInstanceOf(IOException.class, cause);
            assertTrue(client.isActive());
        } finally {
            close(client, server);
        }
    }

    @Test
    void shutdownAfterCloseFails(TestInfo testInfo) throws Throwable {
        run(testInfo, this::shutdownAfterCloseFails);
    }

    private void shutdownAfterCloseFails(ServerBootstrap sb, Bootstrap cb) throws Throwable {
        Channel server = sb.childHandler(new ChannelInboundHandlerAdapter())
                .bind()
                .sync()
                .channel();
        try {
            DuplexChannel client = (DuplexChannel) cb.handler(new ChannelInboundHandlerAdapter())
                    .connect(server.localAddress())
                    .sync()
                    .channel();
            client.close().sync();
            assertClosed(client.shutdownInput());
            assertClosed(client.shutdownOutput());
        } finally {
            close(server);
        }
    }

    private static void assertClosed(ChannelFuture future) {
        assertInstanceOf(
                ClosedChannelException.class, future.awaitUninterruptibly().cause());
    }

    private static final class Received extends SimpleChannelInboundHandler<ByteBuf> {
        private final BlockingQueue<Byte> bytes = new LinkedBlockingQueue<>();
        private BlockingQueue<Channel> active = new LinkedBlockingQueue<>();

        @Override
        public boolean isSharable() {
            return true;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            active.add(ctx.channel());
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf msg) {
            while (msg.isReadable()) {
                bytes.add(msg.readByte());
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object evt) {
            if (evt == ChannelInputShutdownEvent.INSTANCE) {
                bytes.add(END);
            }
        }

        Byte next() throws InterruptedException {
            return bytes.poll(20, TimeUnit.SECONDS);
        }
    }
}
