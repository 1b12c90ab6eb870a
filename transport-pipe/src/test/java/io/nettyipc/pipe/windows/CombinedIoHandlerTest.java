/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.nettyipc.base.testing.CountingIoHandlerFactory;
import io.nettyipc.base.testing.OpenHandles;
import io.nettyipc.base.testing.TestSize;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipeAddress;
import io.nettyipc.pipe.windows.PipeFixture.Echo;
import io.nettyipc.pipe.windows.PipeFixture.Recorder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Event loops that wait for a completion port and a selector. */
@EnabledOnOs(OS.WINDOWS)
@Timeout(120)
class CombinedIoHandlerTest {

    private static final AtomicInteger NAMES = new AtomicInteger();

    private final AtomicInteger turns = new AtomicInteger();
    private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(
            1, new CountingIoHandlerFactory(NamedPipe.newIoHandlerFactory(NioIoHandler.newFactory()), turns));
    private final EventLoopGroup pipePeers = new MultiThreadIoEventLoopGroup(1, NamedPipe.newIoHandlerFactory());
    private final EventLoopGroup tcpPeers = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    @AfterEach
    void endLoops() {
        for (EventLoopGroup group : new EventLoopGroup[] {loop, pipePeers, tcpPeers}) {
            end(group);
        }
    }

    private static void end(EventLoopGroup group) {
        group.shutdownGracefully(0, 20, TimeUnit.SECONDS);
        assertTrue(group.terminationFuture().awaitUninterruptibly(30, TimeUnit.SECONDS), "an event loop didn't end");
    }

    private static NamedPipeAddress newAddress() {
        return NamedPipeAddress.of("combined-" + ProcessHandle.current().pid() + '-' + NAMES.incrementAndGet());
    }

    private static Channel servePipe(EventLoopGroup group, ChannelHandler handler) {
        return new ServerBootstrap()
                .group(group)
                .channel(NamedPipe.serverChannelType())
                .childHandler(handler)
                .bind(newAddress())
                .syncUninterruptibly()
                .channel();
    }

    private static Channel serveTcp(EventLoopGroup group, ChannelHandler handler) {
        return new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(handler)
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
    }

    private static Channel connect(
            EventLoopGroup group, Class<? extends Channel> type, SocketAddress address, ChannelHandler handler) {
        return new Bootstrap()
                .group(group)
                .channel(type)
                .handler(handler)
                .connect(address)
                .syncUninterruptibly()
                .channel();
    }

    /** Has a server send back a byte, many times, each after the one before has come. */
    private static void ping(EventLoopGroup group, Class<? extends Channel> type, SocketAddress address, int times)
            throws InterruptedException {
        Recorder recorder = new Recorder();
        Channel channel = connect(group, type, address, recorder);
        for (int i = 1; i <= times; i++) {
            channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {1}), channel.voidPromise());
            recorder.awaitBytes(i);
        }
        channel.close().syncUninterruptibly();
    }

    private void pingPipe(Channel server, int times) throws InterruptedException {
        ping(pipePeers, NamedPipe.channelType(), server.localAddress(), times);
    }

    private void pingTcp(Channel server, int times) throws InterruptedException {
        ping(tcpPeers, NioSocketChannel.class, server.localAddress(), times);
    }

    private void assertRunsTasksAndTimers() throws InterruptedException {
        for (int i = 0; i < 50; i++) {
            assertTrue(loop.submit(() -> {}).await(20, TimeUnit.SECONDS), "the task didn't run");
        }
        assertTrue(loop.schedule(() -> {}, 20, TimeUnit.MILLISECONDS).await(20, TimeUnit.SECONDS), "no timer");
    }

    /** What is registered decides where the loop waits; on the way from one place to the other nothing is lost. */
    @Test
    void loopServesWhateverIsRegisteredAndItsTasksAndTimers() throws Exception {
        for (int i = 0; i < 3; i++) {
            assertRunsTasksAndTimers();
            Channel pipe = servePipe(loop, new Echo());
            assertRunsTasksAndTimers();
            pingPipe(pipe, 20);
            Channel tcp = serveTcp(loop, new Echo());
            assertRunsTasksAndTimers();
            pingPipe(pipe, 20);
            pingTcp(tcp, 20);
            pipe.close().sync();
            assertRunsTasksAndTimers();
            pingTcp(tcp, 20);
            Channel second = servePipe(loop, new Echo());
            pingPipe(second, 20);
            tcp.close().sync();
            pingPipe(second, 20);
            assertRunsTasksAndTimers();
            second.close().sync();
        }
    }

    @Test
    void eachPipeMessageWakesALoopThatSleepsInItsSelector() throws Exception {
        serveTcp(loop, new Echo());
        pingPipe(servePipe(loop, new Echo()), TestSize.of(500, 50_000));
    }

    /** One that would have to wait for the other would never have its turn: the other always has something to do. */
    @ParameterizedTest
    @EnumSource
    void busyChannelsOfOneKindLeaveTurnsToTheOther(Kind busy) throws Exception {
        Channel pipe = servePipe(loop, new Echo());
        Channel tcp = serveTcp(loop, new Echo());
        EventLoopGroup busyPeers = busy == Kind.PIPES ? pipePeers : tcpPeers;
        Channel flood = connect(
                busyPeers,
                busy == Kind.PIPES ? NamedPipe.channelType() : NioSocketChannel.class,
                (busy == Kind.PIPES ? pipe : tcp).localAddress(),
                new Flood());

        if (busy == Kind.PIPES) {
            pingTcp(tcp, 100);
        } else {
            pingPipe(pipe, 100);
        }
        assertRunsTasksAndTimers();
        flood.close().sync();
    }

    enum Kind {
        PIPES,
        TCP
    }

    /** Keeps a server that echoes busy with eight messages at a time. */
    private static final class Flood extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            for (int i = 0; i < 8; i++) {
                ctx.write(Unpooled.wrappedBuffer(new byte[16 * 1024]), ctx.voidPromise());
            }
            ctx.flush();
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ctx.writeAndFlush(msg, ctx.voidPromise());
        }
    }

    /** The selector's last key has to be seen to, though there is nothing left to wait for in it. */
    @Test
    void peerOfTheLastTcpChannelSeesItsEnd() throws Exception {
        Channel pipe = servePipe(loop, new Echo());
        Recorder recorder = new Recorder();
        Channel tcp = serveTcp(loop, recorder);
        try (Socket peer =
                new Socket(InetAddress.getLoopbackAddress(), ((InetSocketAddress) tcp.localAddress()).getPort())) {
            Channel child = recorder.awaitActive();
            tcp.close().sync();
            child.close().sync();
            peer.setSoTimeout(20_000);
            assertEquals(-1, peer.getInputStream().read());
        }
        pingPipe(pipe, 20);
    }

    @Test
    void loopWithNothingToDoSleeps() throws Exception {
        Channel pipe = servePipe(loop, new Echo());
        Channel tcp = serveTcp(loop, new Echo());
        pingPipe(pipe, 5);
        pingTcp(tcp, 5);
        loop.submit(() -> {}).sync();
        int before = turns.get();
        Thread.sleep(300);
        int turned = turns.get() - before;
        assertTrue(turned <= 10, turned + " turns in 300 ms");
    }

    /** Ends in the middle of traffic, when packets are on their way from one thread to the other. */
    @Test
    void threadAndHandlesEndWithTheLoop() throws Exception {
        IoHandlerFactory factory = NamedPipe.newIoHandlerFactory(NioIoHandler.newFactory());
        end(startTraffic(factory));
        int handles = OpenHandles.count();
        for (int i = 0; i < TestSize.of(20, 1_000); i++) {
            end(startTraffic(factory));
        }
        int left = OpenHandles.count();
        assertTrue(left <= handles, left + " handles, " + handles + " before");
        long threads = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("nettyipc-port-"))
                .count();
        assertEquals(0, threads);
    }

    private static EventLoopGroup startTraffic(IoHandlerFactory factory) throws InterruptedException {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, factory);
        CountDownLatch traffic = new CountDownLatch(20);
        ChannelHandler counting = new ChannelInboundHandlerAdapter() {
            @Override
            public boolean isSharable() {
                return true;
            }

            @Override
            public void channelRead(ChannelHandlerContext ctx, Object msg) {
                traffic.countDown();
                ctx.writeAndFlush(msg, ctx.voidPromise());
            }
        };
        Channel pipe = servePipe(group, counting);
        Channel tcp = serveTcp(group, counting);
        connect(group, NamedPipe.channelType(), pipe.localAddress(), new Flood());
        connect(group, NioSocketChannel.class, tcp.localAddress(), new Flood());
        assertTrue(traffic.await(20, TimeUnit.SECONDS), "no traffic");
        return group;
    }
}
