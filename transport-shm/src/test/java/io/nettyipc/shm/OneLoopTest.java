/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipeAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** TCP, UDP, pipes, shared memory and timers on one event loop, written once for all systems. */
@Timeout(60)
class OneLoopTest {

    private static final AtomicInteger NAMES = new AtomicInteger();
    private static final int ROUND_TRIPS = 200;

    private final List<Channel> channels = new ArrayList<>();
    private IoEventLoopGroup group;

    @AfterEach
    void endLoop() {
        group.shutdownGracefully(0, 20, TimeUnit.SECONDS);
        assertTrue(group.terminationFuture().awaitUninterruptibly(30, TimeUnit.SECONDS), "the loop didn't end");
    }

    private static String newName() {
        return "one-loop-" + ProcessHandle.current().pid() + '-' + NAMES.incrementAndGet();
    }

    private void pingPong(
            Class<? extends ServerChannel> serverType,
            Class<? extends Channel> type,
            SocketAddress address,
            ChannelHandler client) {
        Channel server = new ServerBootstrap()
                .group(group)
                .channel(serverType)
                .childHandler(new Echo())
                .bind(address)
                .syncUninterruptibly()
                .channel();
        channels.add(server);
        channels.add(new Bootstrap()
                .group(group)
                .channel(type)
                .handler(client)
                .connect(server.localAddress())
                .syncUninterruptibly()
                .channel());
    }

    private void pingPongOfDatagrams(CountDownLatch pings) {
        Channel echo = bindDatagrams(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object msg) {
                DatagramPacket packet = (DatagramPacket) msg;
                ctx.writeAndFlush(new DatagramPacket(packet.content(), packet.sender()));
            }
        });
        Channel client = bindDatagrams(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object msg) {
                pings.countDown();
                DatagramPacket packet = (DatagramPacket) msg;
                ctx.writeAndFlush(new DatagramPacket(packet.content(), packet.sender()));
            }
        });
        client.writeAndFlush(new DatagramPacket(
                        Unpooled.wrappedBuffer(new byte[16]), (InetSocketAddress) echo.localAddress()))
                .syncUninterruptibly();
    }

    private Channel bindDatagrams(ChannelHandler handler) {
        Channel channel = new Bootstrap()
                .group(group)
                .channel(NioDatagramChannel.class)
                .handler(handler)
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
        channels.add(channel);
        return channel;
    }

    @ParameterizedTest
    @EnumSource
    void oneLoopServesEverythingAtOnceAndEndsWithAllOfIt(ShmSpinStrategy strategy) throws Exception {
        group = new MultiThreadIoEventLoopGroup(1, Shm.newIoHandlerFactory(NioIoHandler.newFactory(), strategy));
        CountDownLatch pipe = new CountDownLatch(ROUND_TRIPS);
        CountDownLatch memory = new CountDownLatch(ROUND_TRIPS);
        CountDownLatch tcp = new CountDownLatch(ROUND_TRIPS);
        CountDownLatch udp = new CountDownLatch(ROUND_TRIPS);
        CountDownLatch timer = new CountDownLatch(20);

        group.scheduleAtFixedRate(timer::countDown, 5, 5, TimeUnit.MILLISECONDS);
        pingPong(
                NamedPipe.serverChannelType(group),
                NamedPipe.channelType(group),
                NamedPipeAddress.of(newName()),
                new Pinger(pipe));
        pingPong(ShmServerChannel.class, ShmChannel.class, ShmAddress.of(newName()), new Pinger(memory));
        pingPong(
                NioServerSocketChannel.class,
                NioSocketChannel.class,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new Pinger(tcp));
        pingPongOfDatagrams(udp);

        assertTrue(pipe.await(30, TimeUnit.SECONDS), () -> "pipe: " + pipe.getCount() + " are missing");
        assertTrue(memory.await(30, TimeUnit.SECONDS), () -> "shared memory: " + memory.getCount() + " are missing");
        assertTrue(tcp.await(30, TimeUnit.SECONDS), () -> "TCP: " + tcp.getCount() + " are missing");
        assertTrue(udp.await(30, TimeUnit.SECONDS), () -> "UDP: " + udp.getCount() + " are missing");
        assertTrue(timer.await(30, TimeUnit.SECONDS), () -> "timer: " + timer.getCount() + " are missing");
        endLoop();
        for (Channel channel : channels) {
            assertTrue(channel.closeFuture().isDone(), channel::toString);
        }
        assertEquals(
                0,
                Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().startsWith("nettyipc-port-"))
                        .count());
    }

    @ChannelHandler.Sharable
    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ctx.writeAndFlush(msg, ctx.voidPromise());
        }
    }

    /** Sends what came back again, for ever. */
    private static final class Pinger extends ChannelInboundHandlerAdapter {
        private final CountDownLatch pings;

        Pinger(CountDownLatch pings) {
            this.pings = pings;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.writeAndFlush(Unpooled.wrappedBuffer(new byte[16]), ctx.voidPromise());
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            if (((ByteBuf) msg).isReadable()) {
                pings.countDown();
            }
            ctx.writeAndFlush(msg, ctx.voidPromise());
        }
    }
}
