/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultMaxBytesRecvByteBufAllocator;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.RecvByteBufAllocator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a channel's {@link RecvByteBufAllocator} is asked for, and what comes through its buffers. */
@Timeout(60)
class ShmReceiveBufferTest {

    private static final AtomicInteger NEXT_NAME = new AtomicInteger();

    private final EventLoopGroup servers = new MultiThreadIoEventLoopGroup(1, Shm.newIoHandlerFactory());
    private final ShmAddress address =
            ShmAddress.of("receive-" + ProcessHandle.current().pid() + '-' + NEXT_NAME.incrementAndGet());

    static Stream<Arguments> allocatorsAndStrategies() {
        return Stream.of(ShmSpinStrategy.values())
                .flatMap(strategy -> Stream.of(
                        Arguments.of(new DefaultMaxBytesRecvByteBufAllocator(1024, 1024), strategy),
                        Arguments.of(new DefaultMaxBytesRecvByteBufAllocator(64 << 10, 8 << 10), strategy),
                        Arguments.of(new FixedRecvByteBufAllocator(10), strategy),
                        Arguments.of(new AdaptiveRecvByteBufAllocator(), strategy)));
    }

    @AfterEach
    void shutDown() {
        servers.shutdownGracefully(0, 10, TimeUnit.SECONDS);
        assertTrue(servers.terminationFuture().awaitUninterruptibly(20, TimeUnit.SECONDS));
    }

    /** Sends small messages, and then one with which it closes. */
    private void serve(int messages, int size) throws Exception {
        new ServerBootstrap()
                .group(servers)
                .channel(ShmServerChannel.class)
                .childHandler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public boolean isSharable() {
                        return true;
                    }

                    @Override
                    public void channelActive(ChannelHandlerContext ctx) {
                        send(ctx, messages);
                    }

                    private void send(ChannelHandlerContext ctx, int left) {
                        if (left == 0) {
                            ctx.writeAndFlush(Unpooled.wrappedBuffer(new byte[size]))
                                    .addListener(ChannelFutureListener.CLOSE);
                        } else {
                            ctx.writeAndFlush(Unpooled.wrappedBuffer(new byte[1]));
                            // The reader has time to prepare for the next.
                            ctx.executor().schedule(() -> send(ctx, left - 1), 1, TimeUnit.MILLISECONDS);
                        }
                    }
                })
                .bind(address)
                .sync();
    }

    private int receive(RecvByteBufAllocator allocator, ShmSpinStrategy strategy) throws Exception {
        EventLoopGroup client = new MultiThreadIoEventLoopGroup(1, Shm.newIoHandlerFactory(strategy));
        CompletableFuture<Integer> received = new CompletableFuture<>();
        try {
            new Bootstrap()
                    .group(client)
                    .channel(ShmChannel.class)
                    .option(ChannelOption.RECVBUF_ALLOCATOR, allocator)
                    .handler(new ChannelInboundHandlerAdapter() {
                        private int bytes;

                        @Override
                        public void channelRead(ChannelHandlerContext ctx, Object msg) {
                            bytes += ((ByteBuf) msg).readableBytes();
                            ((ByteBuf) msg).release();
                        }

                        @Override
                        public void channelInactive(ChannelHandlerContext ctx) {
                            received.complete(bytes);
                        }
                    })
                    .connect(address)
                    .sync();
            return received.get(20, TimeUnit.SECONDS);
        } finally {
            client.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
        }
    }

    @ParameterizedTest
    @MethodSource("allocatorsAndStrategies")
    void everythingThatWasSentBeforeTheCloseArrives(RecvByteBufAllocator allocator, ShmSpinStrategy strategy)
            throws Exception {
        serve(20, 200 << 10);
        assertEquals(20 + (200 << 10), receive(allocator, strategy));
    }

    @ParameterizedTest
    @EnumSource(ShmSpinStrategy.class)
    void aBufferIsAllocatedAfterItsHandleWasReset(ShmSpinStrategy strategy) throws Exception {
        BlockingQueue<String> wrong = new LinkedBlockingQueue<>();
        serve(50, 5000);
        assertEquals(5050, receive(new Checking(wrong), strategy));
        assertEquals(List.of(), List.copyOf(wrong));
    }

    @Test
    void aBufferWithoutRoomDoesNotEndTheStream() throws Exception {
        serve(0, 5000);
        assertEquals(5000, receive(new NoRoomEverySecondTime(), ShmSpinStrategy.ADAPTIVE));
    }

    /** Records each buffer that is allocated while the handle does not know of the read loop that it is for. */
    private static final class Checking extends FixedRecvByteBufAllocator {
        private final BlockingQueue<String> wrong;

        Checking(BlockingQueue<String> wrong) {
            super(100);
            this.wrong = wrong;
        }

        @Override
        @SuppressWarnings("deprecation")
        public Handle newHandle() {
            return new DelegatingHandle(super.newHandle()) {
                private boolean began;

                @Override
                public void reset(ChannelConfig config) {
                    began = true;
                    super.reset(config);
                }

                @Override
                public ByteBuf allocate(ByteBufAllocator alloc) {
                    if (!began) {
                        wrong.add("allocated outside a read loop");
                    }
                    return super.allocate(alloc);
                }

                @Override
                public void readComplete() {
                    began = false;
                    super.readComplete();
                }
            };
        }
    }

    private static final class NoRoomEverySecondTime extends FixedRecvByteBufAllocator {

        NoRoomEverySecondTime() {
            super(100);
        }

        @Override
        @SuppressWarnings("deprecation")
        public Handle newHandle() {
            return new DelegatingHandle(super.newHandle()) {
                private boolean room = true;

                @Override
                public ByteBuf allocate(ByteBufAllocator alloc) {
                    room = !room;
                    return room ? super.allocate(alloc) : alloc.ioBuffer(0, 0);
                }
            };
        }
    }
}
