/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.handler.codec.LengthFieldPrepender;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Netty's handlers make of messages that lie in the peer's memory. */
@Timeout(60)
class LeasedHandlersTest {

    private static final AtomicInteger NEXT_NAME = new AtomicInteger();
    private static final int MEMORY = 16 << 20;

    private final EventLoopGroup servers = new MultiThreadIoEventLoopGroup(1, Shm.newIoHandlerFactory());
    private final EventLoopGroup clients = new MultiThreadIoEventLoopGroup(1, Shm.newIoHandlerFactory());
    private final ShmAddress address =
            ShmAddress.of("leased-handlers-" + ProcessHandle.current().pid() + '-' + NEXT_NAME.incrementAndGet());
    private final BlockingQueue<Object> received = new LinkedBlockingQueue<>();
    private final BlockingQueue<ShmChannel> children = new LinkedBlockingQueue<>();
    private int threshold = 64 << 10;
    private ShmChannel client;
    private ShmChannel child;

    @AfterEach
    void shutDown() {
        servers.shutdownGracefully(0, 10, TimeUnit.SECONDS);
        clients.shutdownGracefully(0, 10, TimeUnit.SECONDS);
        assertTrue(servers.terminationFuture().awaitUninterruptibly(20, TimeUnit.SECONDS));
        assertTrue(clients.terminationFuture().awaitUninterruptibly(20, TimeUnit.SECONDS));
    }

    /** Has the client lend to the server and the server to the client. */
    private void connect(List<ChannelHandler> atServer, List<ChannelHandler> atClient) throws Exception {
        new ServerBootstrap()
                .group(servers)
                .channel(ShmServerChannel.class)
                .childOption(ShmChannelOption.SHM_LEASE_SEND_MEMORY, MEMORY)
                .childOption(ShmChannelOption.SHM_LEASE_RECEIVE_MEMORY, MEMORY)
                .childOption(ShmChannelOption.SHM_ZERO_COPY_THRESHOLD, threshold)
                .childHandler(pipeline(atServer, children))
                .bind(address)
                .sync();
        client = (ShmChannel) new Bootstrap()
                .group(clients)
                .channel(ShmChannel.class)
                .option(ShmChannelOption.SHM_LEASE_SEND_MEMORY, MEMORY)
                .option(ShmChannelOption.SHM_LEASE_RECEIVE_MEMORY, MEMORY)
                .option(ShmChannelOption.SHM_ZERO_COPY_THRESHOLD, threshold)
                .handler(pipeline(atClient, new LinkedBlockingQueue<>()))
                .connect(address)
                .sync()
                .channel();
        child = children.poll(20, TimeUnit.SECONDS);
        assertNotNull(child);
    }

    private static ChannelHandler pipeline(List<ChannelHandler> handlers, BlockingQueue<ShmChannel> active) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline()
                        .addLast(new ChannelInboundHandlerAdapter() {
                            @Override
                            public void channelActive(ChannelHandlerContext ctx) {
                                ShmChannel channel = (ShmChannel) ctx.channel();
                                channel.config().setAllocator(channel.sharedAllocator());
                                active.add(channel);
                                ctx.fireChannelActive();
                            }
                        })
                        .addLast(handlers.toArray(new ChannelHandler[0]));
            }
        };
    }

    private ChannelInboundHandlerAdapter receiver() {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object msg) {
                received.add(msg);
            }
        };
    }

    private <T> T next(Class<T> type) throws InterruptedException {
        Object message = received.poll(20, TimeUnit.SECONDS);
        assertNotNull(message, "nothing came");
        return type.cast(message);
    }

    private static ByteBuf random(ByteBuf buffer, int size) {
        byte[] bytes = new byte[size];
        new SplittableRandom(size).nextBytes(bytes);
        return buffer.writeBytes(bytes);
    }

    /**
     * Changes what the sender has written, where it has written it, and looks whether the receiver sees that: every
     * byte of a copy would stay as it was.
     */
    private static void assertNotCopied(ByteBuffer written, ByteBuf received) {
        int size = written.remaining();
        assertEquals(size, received.readableBytes());
        assertEquals(Unpooled.wrappedBuffer(written), received);
        for (int i = 0; i < size; i++) {
            written.put(i, (byte) ~written.get(i));
        }
        assertEquals(Unpooled.wrappedBuffer(written), received, "copied");
    }

    /** The decoder makes a slice for each 8 KiB, and the aggregator joins at most 1024 of them without a copy. */
    @ParameterizedTest
    @ValueSource(ints = {100_000, 1 << 20, 8 << 20})
    void anAggregatedHttpBodyLiesWhereItWasWritten(int size) throws Exception {
        connect(
                List.of(new HttpServerCodec(), new HttpObjectAggregator(MEMORY), receiver()),
                List.of(new HttpClientCodec()));
        ByteBuf body = random(client.sharedAllocator().directBuffer(size), size);
        ByteBuffer written = body.nioBuffer();
        client.writeAndFlush(post(body)).sync();
        FullHttpRequest request = next(FullHttpRequest.class);
        assertEquals(1, child.leaseMetrics().held());
        assertNotCopied(written, request.content());
        request.release();
        assertEquals(0, child.leaseMetrics().held());
    }

    private static FullHttpRequest post(ByteBuf body) {
        FullHttpRequest request = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/", body);
        HttpUtil.setContentLength(request, body.readableBytes());
        return request;
    }

    @Test
    void aLargerHttpBodyTakesLargerSlices() throws Exception {
        int size = 12 << 20;
        connect(
                List.of(
                        new HttpServerCodec(new HttpDecoderConfig().setMaxChunkSize(1 << 20)),
                        new HttpObjectAggregator(MEMORY),
                        receiver()),
                List.of(new HttpClientCodec()));
        ByteBuf body = random(client.sharedAllocator().directBuffer(size), size);
        ByteBuffer written = body.nioBuffer();
        client.writeAndFlush(post(body)).sync();
        FullHttpRequest request = next(FullHttpRequest.class);
        assertNotCopied(written, request.content());
        request.release();
    }

    @Test
    void anHttpResponseIsNotCopiedEither() throws Exception {
        int size = 300_000;
        BlockingQueue<ByteBuffer> written = new LinkedBlockingQueue<>();
        connect(
                List.of(new HttpServerCodec(), new HttpObjectAggregator(MEMORY), new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object msg) {
                        ((FullHttpRequest) msg).release();
                        ByteBuf body = random(ctx.alloc().directBuffer(size), size);
                        written.add(body.nioBuffer());
                        FullHttpResponse response =
                                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, body);
                        HttpUtil.setContentLength(response, size);
                        ctx.writeAndFlush(response);
                    }
                }),
                List.of(new HttpClientCodec(), new HttpObjectAggregator(MEMORY), receiver()));
        client.writeAndFlush(post(Unpooled.EMPTY_BUFFER)).sync();
        FullHttpResponse response = next(FullHttpResponse.class);
        assertNotCopied(written.remove(), response.content());
        response.release();
        assertEquals(0, client.leaseMetrics().held());
    }

    /** As {@code LengthFieldPrepender} writes it. */
    @Test
    void aFrameBehindAHeaderOfItsOwnIsNotCopiedByADecoderThatJoinsByComposites() throws Exception {
        int size = 100_000;
        LengthFieldBasedFrameDecoder decoder = new LengthFieldBasedFrameDecoder(MEMORY, 0, 4, 0, 4);
        decoder.setCumulator(LengthFieldBasedFrameDecoder.COMPOSITE_CUMULATOR);
        connect(List.of(decoder, receiver()), List.of(new LengthFieldPrepender(4)));
        for (int i = 0; i < 3; i++) {
            ByteBuf message = random(client.sharedAllocator().directBuffer(size), size);
            ByteBuffer written = message.nioBuffer();
            client.writeAndFlush(message).sync();
            ByteBuf frame = next(ByteBuf.class);
            assertNotCopied(written, frame);
            frame.release();
            assertEquals(0, child.leaseMetrics().held());
        }
    }

    /** Whether what it encrypts to is lent or not depends on its engine; the JDK's encrypts to arrays. */
    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"OPENSSL_REFCNT"})
    void tlsWorksBehindAHandlerThatCopies(SslProvider provider) throws Exception {
        assumeTrue(provider == SslProvider.JDK || OpenSsl.isAvailable(), "needs netty-tcnative");
        threshold = 1;
        X509Bundle certificate = new CertificateBuilder()
                .subject("CN=localhost")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        SslContext server = SslContextBuilder.forServer(certificate.toKeyManagerFactory())
                .sslProvider(provider)
                .build();
        SslContext trusting = SslContextBuilder.forClient()
                .sslProvider(provider)
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .endpointIdentificationAlgorithm(null)
                .build();
        connect(
                List.of(
                        new ShmLeaseCopyHandler(),
                        new Lender(),
                        server.newHandler(UnpooledByteBufAllocator.DEFAULT),
                        new LengthFieldBasedFrameDecoder(MEMORY, 0, 4, 0, 4),
                        receiver()),
                List.of(
                        new ShmLeaseCopyHandler(),
                        new Lender(),
                        trusting.newHandler(UnpooledByteBufAllocator.DEFAULT),
                        new LengthFieldPrepender(4)));
        for (int i = 0; i < 5; i++) {
            int size = 500_000 + i;
            ByteBuf message = random(client.sharedAllocator().directBuffer(size), size);
            byte[] expected = ByteBufUtil.getBytes(message);
            client.writeAndFlush(message).sync();
            ByteBuf frame = next(ByteBuf.class);
            assertEquals(Unpooled.wrappedBuffer(expected), frame);
            frame.release();
        }
        assertTrue(client.leaseMetrics().sent() > 100, () -> "" + client.leaseMetrics());
        assertEquals(client.leaseMetrics().sent(), child.leaseMetrics().received());
        assertEquals(0, child.leaseMetrics().held());
    }

    /** Copies what is written into memory that is lent, if it isn't there. */
    private static final class Lender extends ChannelOutboundHandlerAdapter {
        @Override
        public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
            ByteBuf bytes = (ByteBuf) msg;
            if (bytes.hasArray() && bytes.isReadable()) {
                ctx.write(ctx.alloc().directBuffer(bytes.readableBytes()).writeBytes(bytes), promise);
                bytes.release();
            } else {
                ctx.write(bytes, promise);
            }
        }
    }
}
