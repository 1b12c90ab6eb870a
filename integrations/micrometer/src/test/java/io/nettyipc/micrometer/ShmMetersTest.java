/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.micrometer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.nettyipc.shm.Shm;
import io.nettyipc.shm.ShmAddress;
import io.nettyipc.shm.ShmChannel;
import io.nettyipc.shm.ShmServerChannel;
import io.nettyipc.shm.ShmSpinStrategy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server and a client on loops that sleep, and what a registry says of them. */
@Timeout(60)
class ShmMetersTest {

    private static final int LENGTH = 1000;

    private final EventLoopGroup servers =
            new MultiThreadIoEventLoopGroup(1, Shm.newIoHandlerFactory(ShmSpinStrategy.NONE));
    private final EventLoopGroup clients =
            new MultiThreadIoEventLoopGroup(2, Shm.newIoHandlerFactory(ShmSpinStrategy.NONE));
    private final ShmAddress address =
            ShmAddress.of("meters-" + ProcessHandle.current().pid());
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @AfterEach
    void shutDown() throws InterruptedException {
        clients.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
        servers.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
    }

    private ShmServerChannel startEchoServer() throws InterruptedException {
        return (ShmServerChannel) new ServerBootstrap()
                .group(servers)
                .channel(ShmServerChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                            @Override
                            public void channelRead(ChannelHandlerContext ctx, Object msg) {
                                ctx.writeAndFlush(msg);
                            }
                        });
                    }
                })
                .bind(address)
                .sync()
                .channel();
    }

    /** Connects, and sends a message and waits until it is back. */
    private ShmChannel echo() throws Exception {
        CompletableFuture<Void> back = new CompletableFuture<>();
        ShmChannel channel = (ShmChannel) new Bootstrap()
                .group(clients)
                .channel(ShmChannel.class)
                .handler(new SimpleChannelInboundHandler<ByteBuf>() {
                    private int received;

                    @Override
                    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf msg) {
                        received += msg.readableBytes();
                        if (received == LENGTH) {
                            back.complete(null);
                        }
                    }
                })
                .connect(address)
                .sync()
                .channel();
        channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[LENGTH])).sync();
        back.get(20, TimeUnit.SECONDS);
        return channel;
    }

    private long gauge(String name, String... tags) {
        Gauge gauge = registry.find(name).tags(tags).gauge();
        assertNotNull(gauge, () -> name + " is not among " + registry.getMetersAsString());
        return (long) gauge.value();
    }

    private long count(String name, String... tags) {
        FunctionCounter counter = registry.find(name).tags(tags).functionCounter();
        assertNotNull(counter, () -> name + " is not among " + registry.getMetersAsString());
        return (long) counter.count();
    }

    private FunctionTimer timer(String name, String... tags) {
        FunctionTimer timer = registry.find(name).tags(tags).functionTimer();
        assertNotNull(timer, () -> name + " is not among " + registry.getMetersAsString());
        return timer;
    }

    @Test
    void eachLoopOfAGroupHasItsMeters() throws Exception {
        startEchoServer();
        new ShmLoopMeters(clients, Tags.of("group", "clients")).bindTo(registry);
        ShmChannel first = echo();
        ShmChannel second = echo();
        String[] loop = {"group", "clients", "loop", "0"};

        assertEquals(1, gauge("nettyipc.shm.channels", loop));
        assertEquals(1, gauge("nettyipc.shm.channels", "group", "clients", "loop", "1"));
        assertEquals(first.metrics().memory(), gauge("nettyipc.shm.memory", loop));
        long read = 0;
        long written = 0;
        for (String number : new String[] {"0", "1"}) {
            read += count("nettyipc.shm.bytes", "loop", number, "direction", "read");
            written += count("nettyipc.shm.bytes", "loop", number, "direction", "written");
            assertEquals(1, count("nettyipc.shm.messages", "loop", number, "direction", "written"));
            assertTrue(count("nettyipc.shm.messages", "loop", number, "direction", "read") > 0);
            assertTrue(timer("nettyipc.shm.loop.sleep", "loop", number).count() > 0);
            assertTrue(timer("nettyipc.shm.loop.sleep", "loop", number).totalTime(TimeUnit.NANOSECONDS) > 0);
        }
        assertEquals(2 * LENGTH, read);
        assertEquals(2 * LENGTH, written);
        assertEquals(
                first.metrics().doorbellsRung() + second.metrics().doorbellsRung(),
                count("nettyipc.shm.doorbells", "loop", "0", "direction", "rung")
                        + count("nettyipc.shm.doorbells", "loop", "1", "direction", "rung"));
        assertTrue(count("nettyipc.shm.doorbells", "loop", "0", "direction", "heard") >= 0);
        assertEquals(0, timer("nettyipc.shm.ring.full", loop).count());
        assertEquals(0, count("nettyipc.shm.loop.spin", "loop", "0", "outcome", "paid"));
        assertEquals(0, count("nettyipc.shm.loop.spin", "loop", "0", "outcome", "vain"));
    }

    @Test
    void aServerHasItsMeters() throws Exception {
        ShmServerChannel server = startEchoServer();
        new ShmServerMeters(server, Tags.of("server", "orders")).bindTo(registry);
        ShmChannel client = echo();

        assertEquals(1, count("nettyipc.shm.server.connections", "server", "orders", "outcome", "accepted"));
        assertEquals(0, count("nettyipc.shm.server.connections", "server", "orders", "outcome", "refused"));
        assertEquals(0, gauge("nettyipc.shm.server.handshakes", "server", "orders"));
        assertEquals(client.metrics().memory(), gauge("nettyipc.shm.server.memory", "server", "orders"));
    }

    @Test
    void loopsWithoutSharedMemoryAreRefused() throws InterruptedException {
        EventLoopGroup others = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            ShmLoopMeters meters = new ShmLoopMeters(others, Tags.empty());
            assertThrows(IllegalArgumentException.class, () -> meters.bindTo(registry));
            assertTrue(registry.getMeters().isEmpty());
            assertFalse(others.isShuttingDown());
        } finally {
            others.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
        }
    }
}
