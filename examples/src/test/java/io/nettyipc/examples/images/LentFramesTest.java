/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.nettyipc.codec.GrpcMessage;
import io.nettyipc.codec.GrpcMessageDecoder;
import io.nettyipc.codec.GrpcMessageEncoder;
import io.nettyipc.codec.LengthField;
import io.nettyipc.codec.LengthPrefixedFrameDecoder;
import io.nettyipc.codec.LengthPrefixedFrameEncoder;
import io.nettyipc.codec.VarintFrameDecoder;
import io.nettyipc.codec.VarintFrameEncoder;
import io.nettyipc.shm.ShmLeaseMetrics;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The codecs over shared memory that is lent: a frame lies where its sender has written it. */
@Timeout(60)
class LentFramesTest {

    private static final int LARGEST = 4 << 20;

    private final BlockingQueue<ByteBuf> received = new LinkedBlockingQueue<>();

    private LentPair connect(ChannelHandler encoder, ChannelHandler decoder) throws InterruptedException {
        ChannelInboundHandlerAdapter receiver = new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object msg) {
                received.add((ByteBuf) msg);
            }
        };
        return new LentPair(List.of(decoder, receiver), List.of(encoder));
    }

    private ByteBuf next() throws InterruptedException {
        ByteBuf frame = received.poll(20, TimeUnit.SECONDS);
        assertNotNull(frame, "nothing came");
        return frame;
    }

    private void assertNotCopied(LentPair pair, int size, Function<ByteBuf, Object> message) throws Exception {
        try (pair) {
            for (int i = 1; i <= 3; i++) {
                ByteBuf content = LentPair.message(pair.client, size, i);
                ByteBuffer written = content.nioBuffer();
                pair.client.writeAndFlush(message.apply(content)).sync();
                ByteBuf frame = next();
                LentPair.assertNotCopied(written, frame);
                assertEquals(1, pair.client.leaseMetrics().peerHolds());
                frame.release();
            }
            assertEquals(new ShmLeaseMetrics(3, 0, 0, 0, 0), pair.client.leaseMetrics());
            pair.assertAllReturned();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {64 << 10, 1 << 20, LARGEST})
    void aGrpcMessageIsNotCopied(int size) throws Exception {
        LentPair pair = connect(new GrpcMessageEncoder(LARGEST), new GrpcMessageDecoder(LARGEST));
        assertNotCopied(pair, size, content -> new GrpcMessage(content, false));
    }

    @ParameterizedTest
    @ValueSource(ints = {64 << 10, 1 << 20, LARGEST})
    void aFrameBehindItsLengthIsNotCopied(int size) throws Exception {
        LentPair pair = connect(
                new LengthPrefixedFrameEncoder(LengthField.UINT32, LARGEST),
                new LengthPrefixedFrameDecoder(LengthField.UINT32, LARGEST));
        assertNotCopied(pair, size, content -> content);
    }

    @ParameterizedTest
    @ValueSource(ints = {64 << 10, 1 << 20, LARGEST})
    void aFrameBehindAVarintIsNotCopied(int size) throws Exception {
        LentPair pair = connect(new VarintFrameEncoder(LARGEST), new VarintFrameDecoder(LARGEST));
        assertNotCopied(pair, size, content -> content);
    }

    @Test
    void framesAreKeptAfterTheConnectionAndReleasedByAnotherThread() throws Exception {
        List<ByteBuf> kept = new ArrayList<>();
        try (LentPair pair = connect(
                new LengthPrefixedFrameEncoder(LengthField.UINT32, LARGEST),
                new LengthPrefixedFrameDecoder(LengthField.UINT32, LARGEST))) {
            for (int i = 0; i < 10; i++) {
                pair.client.writeAndFlush(LentPair.message(pair.client, 100_000, i));
                kept.add(next());
            }
            assertEquals(10, pair.child.leaseMetrics().held());
            pair.client.close().sync();
        }
        for (int i = 0; i < 10; i++) {
            LentPair.assertContent(100_000, i, kept.get(i));
        }
        LentPair.releaseByAnotherThread(kept);
    }

    @Test
    void framesMayBeWrittenWithAVoidPromise() throws Exception {
        try (LentPair pair = connect(
                new ChannelInboundHandlerAdapter(), new LengthPrefixedFrameDecoder(LengthField.UINT32, LARGEST))) {
            for (int i = 0; i < 20; i++) {
                pair.client.write(Unpooled.buffer().writeInt(100_000), pair.client.voidPromise());
                pair.client.writeAndFlush(LentPair.message(pair.client, 100_000, i), pair.client.voidPromise());
                ByteBuf frame = next();
                LentPair.assertContent(100_000, i, frame);
                frame.release();
            }
            LentPair.assertSent(20, pair.client);
            pair.assertAllReturned();
            pair.client.close().sync();
            ByteBuf late = LentPair.message(pair.client, 100_000, 1);
            pair.client.writeAndFlush(late, pair.client.voidPromise());
            LentPair.await(() -> late.refCnt() == 0);
            assertEquals(0, late.refCnt());
        }
    }
}
