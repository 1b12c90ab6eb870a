/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.testsuite;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** Servers that accept when they are asked to, and {@code AUTO_READ} that other threads switch on and off. */
public abstract class AbstractSwitchedAutoReadTest extends AbstractLocalTransportTest {
    private static final int CLIENTS = 5;
    private static final int BYTES = 200_000;

    protected AbstractSwitchedAutoReadTest(LocalTestPermutation permutation) {
        super(permutation);
    }

    @Test
    void aServerWithoutAutoReadAcceptsAClientForEachRead(TestInfo testInfo) throws Throwable {
        run(testInfo, this::acceptsAClientForEachRead);
    }

    private void acceptsAClientForEachRead(ServerBootstrap sb, Bootstrap cb) throws Throwable {
        Accepted accepted = new Accepted();
        Channel server = bind(sb.option(ChannelOption.AUTO_READ, false), accepted);
        List<Channel> clients = connect(cb, server);
        try {
            assertNull(accepted.poll(20), "accepted unasked");
            for (int i = 0; i < CLIENTS; i++) {
                server.read();
                assertNotNull(accepted.next());
                assertNull(accepted.poll(20), "accepted two for one read");
            }
        } finally {
            close(clients, server);
        }
    }

    @Test
    void aServerAcceptsAllOnceAutoReadIsSwitchedOn(TestInfo testInfo) throws Throwable {
        run(testInfo, this::acceptsAllOnceAutoReadIsSwitchedOn);
    }

    private void acceptsAllOnceAutoReadIsSwitchedOn(ServerBootstrap sb, Bootstrap cb) throws Throwable {
        Accepted accepted = new Accepted();
        Channel server = bind(sb.option(ChannelOption.AUTO_READ, false), accepted);
        List<Channel> clients = connect(cb, server);
        try {
            server.config().setAutoRead(true);
            for (int i = 0; i < CLIENTS; i++) {
                assertNotNull(accepted.next());
            }
            clients.addAll(connect(cb, server));
            for (int i = 0; i < CLIENTS; i++) {
                assertNotNull(accepted.next());
            }
            assertTrue(server.config().isAutoRead(), "switched off by itself");
        } finally {
            close(clients, server);
        }
    }

    @Test
    void aServerThatSwitchesAutoReadOffAcceptsNoMore(TestInfo testInfo) throws Throwable {
        run(testInfo, this::acceptsNoMore);
    }

    @SuppressWarnings("deprecation") // an allocator for it would be as long as this test
    private void acceptsNoMore(ServerBootstrap sb, Bootstrap cb) throws Throwable {
        Accepted accepted = new Accepted();
        Channel server = bind(sb.option(ChannelOption.AUTO_READ, false), accepted);
        server.pipeline().addFirst(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object child) {
                server.config().setAutoRead(false);
                ctx.fireChannelRead(child);
            }
        });
        if (server instanceof NioServerDomainSocketChannel) {
            // It takes all that wait, up to this number, before it passes the first one on.
            server.config().setOption(ChannelOption.MAX_MESSAGES_PER_READ, 1);
        }
        List<Channel> clients = connect(cb, server);
        try {
            for (int i = 0; i < CLIENTS; i++) {
                // Not from here: a read that another thread asks for still counts when the handler has switched it off.
                server.eventLoop()
                        .submit(() -> server.config().setAutoRead(true))
                        .sync();
                assertNotNull(accepted.next());
                assertNull(accepted.poll(20), "accepted with AUTO_READ off");
                assertFalse(server.config().isAutoRead());
            }
        } finally {
            close(clients, server);
        }
    }

    @Test
    void autoReadThatAnotherThreadSwitchesLosesNobodyAndNothing(TestInfo testInfo) throws Throwable {
        run(testInfo, this::losesNobodyAndNothing);
    }

    private void losesNobodyAndNothing(ServerBootstrap sb, Bootstrap cb) throws Throwable {
        Accepted accepted = new Accepted();
        Channel server = bind(sb, accepted);
        List<Channel> clients = new ArrayList<>();
        try {
            try (Switching switching = new Switching(server)) {
                for (int i = 0; i < CLIENTS; i++) {
                    clients.addAll(connect(cb, server));
                    switching.awaitTurn();
                }
            }
            for (int i = 0; i < CLIENTS * CLIENTS; i++) {
                assertNotNull(accepted.next());
            }
        } finally {
            close(clients, server);
        }
    }

    @Test
    void autoReadOfAConnectionThatAnotherThreadSwitchesLosesNothing(TestInfo testInfo) throws Throwable {
        run(testInfo, this::losesNothing);
    }

    private void losesNothing(ServerBootstrap sb, Bootstrap cb) throws Throwable {
        Counter counter = new Counter();
        Channel server = sb.childHandler(counter).bind().sync().channel();
        Channel client =
                cb.handler(new Idle()).connect(server.localAddress()).sync().channel();
        try {
            try (Switching switching = new Switching(counter.channel())) {
                for (int i = 0; i < BYTES / 100; i++) {
                    client.writeAndFlush(client.alloc().buffer(100).writeZero(100));
                    if (i % 100 == 0) {
                        switching.awaitTurn();
                    }
                }
            }
            assertTrue(counter.all.await(20, TimeUnit.SECONDS), () -> counter.received + " bytes only");
        } finally {
            close(client, server);
        }
    }

    private static Channel bind(ServerBootstrap sb, Accepted accepted) throws InterruptedException {
        return sb.childHandler(accepted).bind().sync().channel();
    }

    /** Doesn't wait: over shared memory a client is connected when the server has accepted it. */
    private static List<Channel> connect(Bootstrap cb, Channel server) {
        cb.handler(new Idle());
        List<Channel> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(cb.connect(server.localAddress()).channel());
        }
        return clients;
    }

    private static void close(List<Channel> clients, Channel server) {
        close(clients.toArray(new Channel[0]));
        close(server);
    }

    /** Children that have been accepted. */
    @ChannelHandler.Sharable
    private static final class Accepted extends ChannelInboundHandlerAdapter {
        private final BlockingQueue<Channel> children = new LinkedBlockingQueue<>();

        @Override
        public void channelRegistered(ChannelHandlerContext ctx) {
            children.add(ctx.channel());
        }

        Channel next() throws InterruptedException {
            return poll(20_000);
        }

        Channel poll(int millis) throws InterruptedException {
            return children.poll(millis, TimeUnit.MILLISECONDS);
        }
    }

    /** Any number of clients'. */
    @ChannelHandler.Sharable
    private static final class Idle extends ChannelInboundHandlerAdapter {}

    private static final class Counter extends SimpleChannelInboundHandler<ByteBuf> {
        private final BlockingQueue<Channel> active = new LinkedBlockingQueue<>();
        private final CountDownLatch all = new CountDownLatch(1);
        private final AtomicInteger received = new AtomicInteger();

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            active.add(ctx.channel());
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf msg) {
            if (received.addAndGet(msg.readableBytes()) == BYTES) {
                all.countDown();
            }
        }

        Channel channel() throws InterruptedException {
            Channel channel = active.poll(20, TimeUnit.SECONDS);
            assertNotNull(channel, "never active");
            return channel;
        }
    }

    /** A thread that switches a channel's AUTO_READ off and on, and leaves it on. */
    private static final class Switching implements AutoCloseable {
        private final Semaphore turns = new Semaphore(0);
        private final Thread thread;

        Switching(Channel channel) {
            thread = new Thread(() -> {
                while (!Thread.currentThread().isInterrupted()) {
                    channel.config().setAutoRead(false);
                    channel.config().setAutoRead(true);
                    // The loop has a task for each of them.
                    channel.eventLoop().submit(() -> {}).awaitUninterruptibly();
                    turns.release();
                }
            });
            thread.start();
        }

        /** Returns when it has been switched again. */
        void awaitTurn() throws InterruptedException {
            turns.drainPermits();
            assertTrue(turns.tryAcquire(20, TimeUnit.SECONDS), "the loop stands still");
        }

        @Override
        public void close() {
            thread.interrupt();
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
