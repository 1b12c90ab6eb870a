/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.random;

import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultMaxBytesRecvByteBufAllocator;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The options of a script's connection, the same for both ends.
 *
 * @param allocator     whose buffers are read into
 * @param receive       how much is read at a time
 * @param highWaterMark in bytes; the low one is half of it, but never 0, below which Netty's count never falls
 * @param halfClosure   {@code ALLOW_HALF_CLOSURE}
 * @param autoClose     {@code AUTO_CLOSE}
 * @param smallBuffers  whether what is between the ends takes little, where that can be chosen
 * @param oneLoop       whether both ends are on one event loop
 */
public record Settings(
        Allocator allocator,
        Receive receive,
        int highWaterMark,
        boolean halfClosure,
        boolean autoClose,
        boolean smallBuffers,
        boolean oneLoop) {

    /** Allocators by their way to give memory back. */
    enum Allocator {
        UNPOOLED_DIRECT {
            @Override
            ByteBufAllocator get() {
                return new UnpooledByteBufAllocator(true);
            }
        },
        UNPOOLED_HEAP {
            @Override
            ByteBufAllocator get() {
                return new UnpooledByteBufAllocator(false);
            }
        },
        POOLED {
            @Override
            ByteBufAllocator get() {
                return PooledByteBufAllocator.DEFAULT;
            }
        },
        ADAPTIVE {
            @Override
            ByteBufAllocator get() {
                return SHARED_ADAPTIVE;
            }
        };

        private static final ByteBufAllocator SHARED_ADAPTIVE = new AdaptiveByteBufAllocator();

        /** Unpooled ones are new each time: what is not given back by the end of the script shows in their metric. */
        abstract ByteBufAllocator get();
    }

    /** Netty's ways to size reads. */
    enum Receive {
        ADAPTIVE,
        ONE_BYTE,
        THOUSAND_BYTES,
        MAX_BYTES;

        @SuppressWarnings("deprecation") // So is all of RecvByteBufAllocator, without a replacement.
        RecvByteBufAllocator get() {
            return switch (this) {
                case ADAPTIVE -> new AdaptiveRecvByteBufAllocator();
                case ONE_BYTE -> new FixedRecvByteBufAllocator(1);
                case THOUSAND_BYTES -> new FixedRecvByteBufAllocator(1000);
                case MAX_BYTES -> new DefaultMaxBytesRecvByteBufAllocator(1024, 1024);
            };
        }
    }

    /** Sets them on a channel that is not connected yet. */
    void apply(Channel channel, ByteBufAllocator buffers) {
        Map<ChannelOption<?>, Object> options = new LinkedHashMap<>();
        options.put(ChannelOption.ALLOCATOR, buffers);
        options.put(ChannelOption.RECVBUF_ALLOCATOR, receive.get());
        options.put(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(Math.max(1, highWaterMark / 2), highWaterMark));
        options.put(ChannelOption.AUTO_CLOSE, autoClose);
        if (halfClosure) {
            options.put(ChannelOption.ALLOW_HALF_CLOSURE, true);
        }
        options.forEach((option, value) -> set(channel, option, value));
    }

    @SuppressWarnings("unchecked")
    private static <T> void set(Channel channel, ChannelOption<T> option, Object value) {
        if (!channel.config().setOption(option, (T) value)) {
            throw new IllegalStateException(channel.getClass().getSimpleName() + " has no option " + option);
        }
    }
}
