/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.testing;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultMaxBytesRecvByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutorGroup;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * What a run of the tests changes about all channels, chosen by {@code -Dnettyipc.variation=max-bytes}: the same tests,
 * on another path through the channels. {@code .ci/variations} runs them all.
 */
public enum Variation {
    NONE,
    /** Reads end after 1,024 bytes, whatever is there. */
    MAX_BYTES,
    /** A byte at a time at first, and then 1,024: the tests that send a mebibyte would take minutes. */
    ONE_BYTE,
    /** Nothing that is written is direct memory. */
    HEAP,
    /** Everything that is written is in three pieces. */
    COMPOSITE,
    /** A channel is unwritable as soon as a byte waits. */
    LOW_WATER,
    /** Handlers are not on the event loop. */
    EXECUTOR,
    /** Shared memory's rings hold 4 KiB. */
    SMALL_RING,
    /** Shared memory's messages are not copied, as far as there is memory for them. */
    LEASES,
    /** The event loops of pipes and shared memory wait for sockets too. For Windows, where others do not. */
    SOCKETS,
    /** The event loops are io_uring's. For Linux. */
    URING;

    /** The one of this run. */
    public static final Variation CURRENT = valueOf(
            System.getProperty("nettyipc.variation", "none").replace('-', '_').toUpperCase(Locale.ROOT));

    private static final EventExecutorGroup EXECUTORS =
            new DefaultEventExecutorGroup(2, new DefaultThreadFactory("variation", true));

    /** Changes a server's connections. */
    @SuppressWarnings("deprecation") // RecvByteBufAllocator is, without a replacement.
    public void apply(ServerBootstrap bootstrap) {
        RecvByteBufAllocator receive = receive();
        if (receive != null) {
            bootstrap.childOption(ChannelOption.RECVBUF_ALLOCATOR, receive);
        }
        if (this == LOW_WATER) {
            bootstrap.childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, lowest());
        }
    }

    /** Changes a client. */
    @SuppressWarnings("deprecation") // RecvByteBufAllocator is, without a replacement.
    public void apply(Bootstrap bootstrap) {
        RecvByteBufAllocator receive = receive();
        if (receive != null) {
            bootstrap.option(ChannelOption.RECVBUF_ALLOCATOR, receive);
        }
        if (this == LOW_WATER) {
            bootstrap.option(ChannelOption.WRITE_BUFFER_WATER_MARK, lowest());
        }
    }

    @SuppressWarnings("deprecation") // RecvByteBufAllocator is, without a replacement.
    private RecvByteBufAllocator receive() {
        return switch (this) {
            case MAX_BYTES -> new DefaultMaxBytesRecvByteBufAllocator(1024, 1024);
            case ONE_BYTE -> new OneByteAllocator();
            default -> null;
        };
    }

    /**
     * An empty message, which counts for 96 bytes, doesn't make the channel unwritable. If it did, Netty's TLS and
     * chunked-write handlers would flush for ever, over any transport: a flush without anything to encrypt writes an
     * empty buffer, and whenever that is sent the channel is writable again, which the chunked-write handler answers by
     * a flush.
     */
    private static WriteBufferWaterMark lowest() {
        return new WriteBufferWaterMark(1, 96);
    }

    /** Puts a handler between the channel and a test's, where this changes what is written or by whom. */
    public ChannelHandler between(ChannelHandler tests) {
        return switch (this) {
            case HEAP -> initializer(tests, null, () -> new Rewriter(Variation::heap));
            case COMPOSITE -> initializer(tests, null, () -> new Rewriter(Variation::composite));
            case EXECUTOR -> initializer(tests, EXECUTORS, ChannelDuplexHandler::new);
            default -> tests;
        };
    }

    private static ChannelHandler initializer(
            ChannelHandler tests, EventExecutorGroup executor, Supplier<ChannelHandler> between) {
        return new ChannelInitializer<Channel>() {
            @Override
            @SuppressWarnings("deprecation") // Netty would have handlers hand over to other threads themselves.
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(executor, between.get()).addLast(tests);
            }
        };
    }

    private static ByteBuf heap(ByteBuf bytes) {
        return Unpooled.buffer(Math.max(1, bytes.readableBytes()))
                .writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes());
    }

    private static ByteBuf composite(ByteBuf bytes) {
        CompositeByteBuf pieces = Unpooled.compositeBuffer();
        int third = bytes.readableBytes() / 3;
        int begin = bytes.readerIndex();
        pieces.addComponent(true, bytes.retainedSlice(begin, third));
        pieces.addComponent(true, bytes.retainedSlice(begin + third, third));
        return pieces.addComponent(true, bytes.retainedSlice(begin + 2 * third, bytes.readableBytes() - 2 * third));
    }

    /** As a {@code FixedRecvByteBufAllocator} of one byte, for a channel's first bytes. */
    @SuppressWarnings("deprecation") // RecvByteBufAllocator is, without a replacement.
    private static final class OneByteAllocator extends DefaultMaxMessagesRecvByteBufAllocator {

        private static final int SINGLE_BYTES = 20_000;

        @Override
        public Handle newHandle() {
            return new MaxMessageHandle() {
                private int allocated;

                @Override
                public ByteBuf allocate(ByteBufAllocator alloc) {
                    allocated++;
                    return super.allocate(alloc);
                }

                @Override
                public int guess() {
                    return allocated <= SINGLE_BYTES ? 1 : 1024;
                }
            };
        }
    }

    /** Writes something else with the same bytes. */
    private static final class Rewriter extends ChannelOutboundHandlerAdapter {

        private final UnaryOperator<ByteBuf> change;

        Rewriter(UnaryOperator<ByteBuf> change) {
            this.change = change;
        }

        @Override
        public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
            if (msg instanceof ByteBuf bytes) {
                ByteBuf changed = change.apply(bytes);
                bytes.release();
                ctx.write(changed, promise);
            } else {
                ctx.write(msg, promise);
            }
        }
    }
}
