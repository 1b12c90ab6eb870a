/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Threads that write, cancel, abort, stop reading, half-close and close whenever they like, and listeners and services
 * that throw, over connections that end while calls run. More of them with {@code -Dnettyipc.full=true};
 * {@code -Dnettyipc.fuzz.seed} chooses others.
 */
class CallStressTest {

    private static final int CONNECTIONS = Boolean.getBoolean("nettyipc.full") ? 600 : 24;
    private static final int THREADS = 6;
    private static final int CALLS = 60;

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final Queue<Side> sides = new ConcurrentLinkedQueue<>();
    private final Queue<Future<ByteBuf>> responses = new ConcurrentLinkedQueue<>();
    private final Queue<Throwable> errors = new ConcurrentLinkedQueue<>();

    @AfterEach
    void stop() throws InterruptedException {
        threads.shutdownNow();
        assertTrue(group.shutdownGracefully(0, 10, TimeUnit.SECONDS).await(20, TimeUnit.SECONDS));
    }

    /** One side of a stream, which does something by chance each time it is told something. */
    private final class Side implements CallListener {
        private final AtomicInteger ends = new AtomicInteger();
        private final Random random;
        private volatile Call call;

        Side(Random random) {
            this.random = random;
            sides.add(this);
        }

        @Override
        public void onMessage(Call from, ByteBuf message) {
            message.release();
            told("a message");
            act(from, random);
        }

        @Override
        public void onHalfClose(Call from) {
            told("the half-close");
            act(from, random);
        }

        @Override
        public void onWritable(Call from) {
            told("writable");
            act(from, random);
        }

        private void told(String what) {
            if (ends.get() != 0) {
                errors.add(new AssertionError(what + " after the end"));
            }
            if (random.nextInt(300) == 0) {
                throw new IllegalStateException("expected in this test");
            }
        }

        @Override
        public void onEnd(Call from, CallStatus status) {
            ends.incrementAndGet();
            from.write(message(random));
            if (random.nextInt(8) == 0) {
                throw new IllegalStateException("expected in this test");
            }
        }
    }

    private ByteBuf message(Random random) {
        int length = random.nextInt(20) == 0 ? 6_000 : random.nextInt(300);
        return allocator.buffer(Math.max(1, length)).writeZero(length);
    }

    private void act(Call call, Random random) {
        switch (random.nextInt(14)) {
            case 0, 1, 2, 3 -> {
                for (int i = random.nextInt(20); i > 0 && call.isWritable(); i--) {
                    call.write(message(random));
                }
            }
            case 4 -> call.setAutoRead(false);
            case 5 -> call.setAutoRead(true);
            case 6, 7 -> call.read();
            case 8 -> call.end();
            case 9 -> call.end(message(random));
            case 10 -> {
                if (random.nextInt(16) == 0) {
                    call.cancel();
                }
            }
            case 11 -> {
                if (random.nextInt(16) == 0) {
                    call.abort(CallStatus.of(CallStatus.Code.ABORTED, "\u00fc".repeat(random.nextInt(600))));
                }
            }
            default -> call.write(message(random));
        }
    }

    private CallService service(int method, long seed) {
        Random random = new Random(seed);
        return switch (method) {
            case 1 ->
                CallService.unary((call, request) -> {
                    if (random.nextInt(30) == 0) {
                        request.release();
                        throw new IllegalStateException("expected in this test");
                    }
                    call.end(request);
                });
            case 2 ->
                call -> {
                    if (random.nextInt(30) == 0) {
                        throw new IllegalStateException("expected in this test");
                    }
                    Side side = new Side(random);
                    side.call = call;
                    call.setAutoRead(random.nextBoolean());
                    return side;
                };
            default -> null;
        };
    }

    private <T extends CallConnection> ChannelInitializer<Channel> pipeline(T handler) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(handler, new ChannelInboundHandlerAdapter() {
                    @Override
                    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                        // Of a connection that was closed while it was read.
                        if (!(cause instanceof java.io.IOException)) {
                            errors.add(cause);
                        }
                    }
                });
            }
        };
    }

    @Test
    void everyCallEndsOnceAndLeavesNothing() throws Exception {
        long seed = Long.getLong("nettyipc.fuzz.seed", 0) << 32;
        for (int connection = 0; connection < CONNECTIONS; connection++) {
            // Seeds that follow each other give a Random's first numbers that hardly differ.
            connection(new Random((seed + connection) * 0x9E37_79B9_7F4A_7C15L), seed + connection);
        }
    }

    private void connection(Random random, long seed) throws Exception {
        sides.clear();
        responses.clear();
        CallLimits limits = new CallLimits(10_000, 1 + random.nextInt(20_000), 300, 1 + random.nextInt(100_000));
        Queue<Channel> accepted = new ConcurrentLinkedQueue<>();
        CallServerHandler server = new CallServerHandler(method -> service(method, seed + method), limits);
        Channel listener = new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childOption(ChannelOption.ALLOCATOR, allocator)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, random.nextBoolean())
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accepted.add(channel);
                        channel.pipeline().addLast(pipeline(server));
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
        CallClientHandler client = new CallClientHandler(limits);
        Channel channel = new Bootstrap()
                .group(group)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.ALLOCATOR, allocator)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, random.nextBoolean())
                .handler(pipeline(client))
                .connect(listener.localAddress())
                .sync()
                .channel();
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            long threadSeed = random.nextLong();
            tasks.add(() -> {
                calls(client, new Random(threadSeed));
                return null;
            });
        }
        int end = random.nextInt(6);
        tasks.add(() -> {
            TimeUnit.MICROSECONDS.sleep(random.nextInt(100_000));
            end(end, client, server, channel, accepted);
            return null;
        });
        for (java.util.concurrent.Future<Void> done : threads.invokeAll(tasks)) {
            done.get();
        }
        // A shutdown waits for calls that nobody ends.
        channel.close().sync();
        listener.close().sync();
        for (Channel child : accepted) {
            child.close().sync();
        }
        String name = "seed " + seed + ", ended by " + end;
        settle();
        assertEquals(List.of(), List.copyOf(errors), name);
        for (Side side : sides) {
            assertEquals(1, side.ends.get(), () -> name + ": ends of " + side.call);
        }
        for (Future<ByteBuf> response : responses) {
            assertTrue(response.isDone(), name);
            if (response.isSuccess()) {
                response.getNow().release();
            }
        }
        assertEquals(0, allocator.metric().usedHeapMemory() + allocator.metric().usedDirectMemory(), name);
    }

    /** Waits until the event loops have run all that they were given. */
    private void settle() {
        for (int round = 0; round < 3; round++) {
            group.forEach(loop -> loop.submit(() -> {}).syncUninterruptibly());
        }
    }

    private static void end(
            int how, CallClientHandler client, CallServerHandler server, Channel channel, Queue<Channel> accepted) {
        switch (how) {
            case 0 -> channel.close();
            case 1 -> accepted.forEach(Channel::close);
            case 2 -> client.shutdown();
            case 3 -> accepted.forEach(child -> server.shutdown());
            case 4 -> ((DuplexChannel) channel).shutdownOutput();
            default -> accepted.forEach(child -> ((DuplexChannel) child).shutdownOutput());
        }
    }

    private void calls(CallClientHandler client, Random random) throws InterruptedException {
        List<Side> open = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            long timeout = 1L + random.nextInt(random.nextBoolean() ? 100 : 100_000);
            if (random.nextInt(3) == 0) {
                Future<ByteBuf> response =
                        client.call(1 + random.nextInt(2), message(random), timeout, TimeUnit.MILLISECONDS);
                responses.add(response);
                if (random.nextInt(5) == 0) {
                    response.cancel(false);
                }
            } else {
                Side side = new Side(new Random(random.nextLong()));
                side.call = random.nextBoolean()
                        ? client.open(2, side)
                        : client.open(random.nextInt(10) == 0 ? 3 : 2, side, timeout, TimeUnit.MILLISECONDS);
                open.add(side);
            }
            for (int j = random.nextInt(6); j > 0 && !open.isEmpty(); j--) {
                act(open.get(random.nextInt(open.size())).call, random);
            }
            TimeUnit.MICROSECONDS.sleep(random.nextInt(1_000));
        }
    }
}
