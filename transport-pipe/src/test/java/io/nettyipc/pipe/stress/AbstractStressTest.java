/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import io.nettyipc.base.testing.LoggedWarnings;
import io.nettyipc.base.testing.OpenHandles;
import io.nettyipc.base.testing.TestedTransport;
import io.nettyipc.base.testing.Variation;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/**
 * A test that must leave nothing behind. After it, with its loops shut down: no thread is left, no byte of its
 * allocator is in use, the process has as many handles as before, and nobody logged a warning.
 */
@Timeout(300)
public abstract class AbstractStressTest {
    private static final AtomicInteger NEXT_NAME = new AtomicInteger();
    /** More events than the JVM needs for the threads of one test. */
    private static final int JVM_EVENTS = 200;

    /** Frees at once and counts exactly, so a buffer used after its release shows, and so does one never released. */
    final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);

    private final TestedTransport transport;
    private final List<EventLoopGroup> groups = new ArrayList<>();
    private Runnable resources;
    private LoggedWarnings warnings;
    private Set<Thread> threadsBefore;
    private int handlesBefore;
    private int eventsBefore;

    protected AbstractStressTest(TestedTransport transport) {
        this.transport = transport;
    }

    @BeforeEach
    void countBefore() throws Exception {
        // Once through everything, so that what is created once per process exists already.
        Channel server = server(newGroup(1), newGroup(1), channel -> {})
                .bind(newAddress())
                .sync()
                .channel();
        client(newGroup(1), channel -> {})
                .connect(server.localAddress())
                .sync()
                .channel()
                .close()
                .sync();
        server.close().sync();
        shutDown();
        awaitStableHandles();
        threadsBefore = Set.copyOf(Thread.getAllStackTraces().keySet());
        handlesBefore = OpenHandles.count();
        eventsBefore = OpenHandles.events();
        resources = transport.watchResources();
        warnings = new LoggedWarnings();
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        try (LoggedWarnings logged = warnings) {
            shutDown();
            await(() -> newThreads().isEmpty(), () -> "threads left: " + newThreads());
            assertEquals(0, allocator.metric().usedDirectMemory(), "direct memory in use");
            assertEquals(0, allocator.metric().usedHeapMemory(), "heap memory in use");
            await(() -> handles() <= handlesBefore, () -> handles() + " handles are open, " + handlesBefore + " were");
            int events = OpenHandles.events();
            assertTrue(events <= eventsBefore + JVM_EVENTS, () -> events + " events, " + eventsBefore + " before");
            resources.run();
            assertEquals(List.of(), logged.messages());
            System.out.printf(
                    "%s: handles %d before, %d after; events %d, %d%n",
                    getClass().getSimpleName(), handlesBefore, handles(), eventsBefore, events);
        }
    }

    private void shutDown() {
        List<Future<?>> terminated = new ArrayList<>();
        for (EventLoopGroup group : groups) {
            // With no quiet period at all, a loop of Netty's may end before it has closed its channels.
            terminated.add(group.shutdownGracefully(20, 20_000, TimeUnit.MILLISECONDS));
        }
        groups.clear();
        for (Future<?> future : terminated) {
            assertTrue(future.awaitUninterruptibly(30, TimeUnit.SECONDS), "an event loop does not end");
        }
        transport.giveBackKept();
    }

    private static void awaitStableHandles() throws InterruptedException {
        for (int last = -1, now = handles(), i = 0; now != last && i < 50; last = now, now = handles(), i++) {
            Thread.sleep(20);
        }
    }

    private static int handles() {
        try {
            return OpenHandles.count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private List<String> newThreads() {
        List<String> names = new ArrayList<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            String name = thread.getName();
            // JUnit interrupts a test that takes too long from a thread of its own. Netty's global one, which tells of
            // a group's end, ends when it has had nothing to do for a second.
            if (!threadsBefore.contains(thread)
                    && !name.startsWith("junit-")
                    && !name.startsWith("globalEventExecutor")) {
                names.add(name);
            }
        }
        return names;
    }

    final SocketAddress newAddress() {
        return transport.address("stress-" + ProcessHandle.current().pid() + '-' + NEXT_NAME.incrementAndGet());
    }

    /** A group that the test's end shuts down. */
    EventLoopGroup newGroup(int threads) {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(
                threads, new DefaultThreadFactory("stress"), transport.newIoHandlerFactory());
        groups.add(group);
        return group;
    }

    ServerBootstrap server(EventLoopGroup boss, EventLoopGroup worker, Consumer<Channel> childInitializer) {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(boss, worker)
                .channel(transport.serverChannelType())
                .option(ChannelOption.ALLOCATOR, allocator)
                .childOption(ChannelOption.ALLOCATOR, allocator)
                .childHandler(Variation.CURRENT.between(transport.between(initializer(childInitializer))));
        transport.configure(bootstrap);
        Variation.CURRENT.apply(bootstrap);
        return bootstrap;
    }

    Bootstrap client(EventLoopGroup group, Consumer<Channel> initializer) {
        Bootstrap bootstrap = new Bootstrap()
                .group(group)
                .channel(transport.channelType())
                .option(ChannelOption.ALLOCATOR, allocator)
                .handler(Variation.CURRENT.between(transport.between(initializer(initializer))));
        transport.configure(bootstrap);
        Variation.CURRENT.apply(bootstrap);
        return bootstrap;
    }

    private static ChannelInitializer<Channel> initializer(Consumer<Channel> initializer) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel ch) {
                initializer.accept(ch);
                ch.pipeline().addLast(new QuietEnd());
            }
        };
    }

    /** Closing at any moment makes the other side's operations fail. That is no news, but anything else is. */
    private static final class QuietEnd extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (cause instanceof IOException) {
                ctx.close();
            } else {
                ctx.fireExceptionCaught(cause);
            }
        }
    }

    /** The outcome of an operation that must end, one way or the other. */
    static boolean ends(ChannelFuture future, String what) {
        assertTrue(future.awaitUninterruptibly(30, TimeUnit.SECONDS), () -> what + " never ends: " + future.channel());
        return future.isSuccess();
    }

    static void await(BooleanSupplier condition, Supplier<String> otherwise) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, otherwise);
            Thread.sleep(10);
        }
    }

    /** Nothing, a moment, or long enough for other threads to get far. */
    static void randomPause() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        switch (random.nextInt(4)) {
            case 0 -> {}
            case 1 -> Thread.onSpinWait();
            case 2 -> {
                long until = System.nanoTime() + random.nextInt(100_000);
                while (System.nanoTime() < until) {
                    Thread.onSpinWait();
                }
            }
            default -> LockSupport.parkNanos(random.nextInt(500_000));
        }
    }
}
