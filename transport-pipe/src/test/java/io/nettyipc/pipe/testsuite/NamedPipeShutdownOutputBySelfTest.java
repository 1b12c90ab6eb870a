/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.testsuite;

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
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class NamedPipeShutdownOutputBySelfTest extends AbstractLocalTransportTest {
    NamedPipeShutdownOutputBySelfTest() {
        super(NamedPipeTestPermutation.INSTANCE);
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "a byte pipe has no half-close")
    void peerReadsTheEndAndItsAnswerStillArrives(TestInfo testInfo) throws Throwable {
        run(testInfo, this::peerReadsTheEndAndItsAnswerStillArrives);
    }

    private void peerReadsTheEndAndItsAnswerStillArrives(ServerBootstrap sb, Bootstrap cb) throws Throwable {
        Received received = new Received();
        SocketAddress pipe = newSocketAddress();
        UnixDomainSocketAddress address = UnixSockets.address(pipe);
        Files.createDirectories(address.getPath().getParent());
        DuplexChannel channel = null;
        try (ServerSocketChannel listener =
                ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address)) {
            channel = (DuplexChannel) cb.handler(received).connect(pipe).sync().channel();
            try (SocketChannel peer = listener.accept()) {
                channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {1})).sync();
                assertEquals(1, UnixSockets.read(peer));
                assertFalse(channel.isOutputShutdown());

                channel.shutdownOutput().sync();
                assertEquals(-1, UnixSockets.read(peer));
                assertTrue(channel.isActive());
                assertTrue(channel.isOutputShutdown());
                assertFalse(channel.isInputShutdown());

                UnixSockets.write(peer, 2);
                assertEquals((byte) 2, received.next());

                Throwable cause = channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {3}))
                        .await()
                        .cause();
                assertInstanceOf(IOException.class, cause);
                assertTrue(channel.isActive());
            }
        } finally {
            close(channel);
            Files.deleteIfExists(address.getPath());
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
        Throwable cause = future.awaitUninterruptibly().cause();
        if (!(cause instanceof ClosedChannelException)) {
            assertTrue(NamedPipeTestPermutation.isWindows(), () -> "unexpected: " + cause);
            assertInstanceOf(UnsupportedOperationException.class, cause);
        }
    }

    @Test
    @EnabledOnOs(value = OS.WINDOWS, disabledReason = "Unix sockets have a half-close")
    void refusedShutdownLeavesBothDirectionsWorking(TestInfo testInfo) throws Throwable {
        run(testInfo, this::refusedShutdownLeavesBothDirectionsWorking);
    }

    private void refusedShutdownLeavesBothDirectionsWorking(ServerBootstrap sb, Bootstrap cb) throws Throwable {
        Received received = new Received();
        sb.childHandler(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object msg) {
                ctx.writeAndFlush(msg);
            }
        });
        Channel server = sb.bind().sync().channel();
        DuplexChannel client = null;
        try {
            client = (DuplexChannel)
                    cb.handler(received).connect(server.localAddress()).sync().channel();
            assertInstanceOf(
                    UnsupportedOperationException.class,
                    client.shutdownOutput().await().cause());
            assertTrue(client.isActive());
            assertFalse(client.isOutputShutdown());

            client.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {7})).sync();
            assertEquals((byte) 7, received.next());
        } finally {
            close(client, server);
        }
    }

    private static final class Received extends SimpleChannelInboundHandler<ByteBuf> {
        private final BlockingQueue<Byte> bytes = new LinkedBlockingQueue<>();

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf msg) {
            while (msg.isReadable()) {
                bytes.add(msg.readByte());
            }
        }

        Byte next() throws InterruptedException {
            return bytes.poll(20, TimeUnit.SECONDS);
        }
    }
}
