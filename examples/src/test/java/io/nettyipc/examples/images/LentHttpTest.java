/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpMessage;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.nettyipc.shm.ShmLeaseMetrics;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP over shared memory that is lent: an aggregated body lies where its sender has written it. */
@Timeout(60)
class LentHttpTest {

    private static final int LARGEST = 4 << 20;

    private final BlockingQueue<FullHttpMessage> requests = new LinkedBlockingQueue<>();
    private final BlockingQueue<FullHttpMessage> responses = new LinkedBlockingQueue<>();

    private LentPair connect() throws InterruptedException {
        return new LentPair(
                List.of(new HttpServerCodec(), new HttpObjectAggregator(LARGEST), receiver(requests)),
                List.of(new HttpClientCodec(), new HttpObjectAggregator(LARGEST), receiver(responses)));
    }

    private static ChannelInboundHandlerAdapter receiver(BlockingQueue<FullHttpMessage> received) {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object msg) {
                received.add((FullHttpMessage) msg);
            }
        };
    }

    /** {@return the body, as it arrives} */
    private static ByteBuf send(Channel from, FullHttpMessage message, BlockingQueue<FullHttpMessage> received)
            throws InterruptedException {
        HttpUtil.setContentLength(message, message.content().readableBytes());
        from.writeAndFlush(message).sync();
        FullHttpMessage came = received.poll(20, TimeUnit.SECONDS);
        assertNotNull(came, "nothing came");
        return came.content();
    }

    private static FullHttpMessage request(ByteBuf body) {
        return new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/", body);
    }

    private static FullHttpMessage response(ByteBuf body) {
        return new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, body);
    }

    @ParameterizedTest
    @ValueSource(ints = {64 << 10, 100_003, 1 << 20, LARGEST})
    void bothBodiesLieWhereTheyWereWritten(int size) throws Exception {
        try (LentPair pair = connect()) {
            for (int i = 1; i <= 5; i++) {
                ByteBuf body = LentPair.message(pair.client, size, i);
                ByteBuffer written = body.nioBuffer();
                ByteBuf came = send(pair.client, request(body), requests);
                assertEquals(1, pair.child.leaseMetrics().held());
                LentPair.assertSameMemory(written, came);
                came.release();

                body = LentPair.message(pair.child, size, -i);
                written = body.nioBuffer();
                came = send(pair.child, response(body), responses);
                LentPair.assertSameMemory(written, came);
                came.release();
            }
            assertEquals(new ShmLeaseMetrics(5, 5, 0, 0, 0), pair.client.leaseMetrics());
            pair.assertAllReturned();
        }
    }

    @Test
    void bodiesAreKeptAfterTheConnectionAndReleasedByAnotherThread() throws Exception {
        List<ByteBuf> kept = new ArrayList<>();
        try (LentPair pair = connect()) {
            for (int i = 0; i < 5; i++) {
                kept.add(send(pair.client, request(LentPair.message(pair.client, 300_000, i)), requests));
                kept.add(send(pair.child, response(LentPair.message(pair.child, 300_000, i)), responses));
            }
            assertEquals(5, pair.child.leaseMetrics().held());
            assertEquals(5, pair.client.leaseMetrics().held());
            pair.child.close().sync();
        }
        for (int i = 0; i < kept.size(); i++) {
            LentPair.assertContent(300_000, i / 2, kept.get(i));
        }
        LentPair.releaseByAnotherThread(kept);
    }
}
