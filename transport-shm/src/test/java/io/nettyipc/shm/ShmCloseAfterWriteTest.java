/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that closes in the listener of a write's promise: what that promise said is sent has to arrive. */
@Timeout(60)
class ShmCloseAfterWriteTest {

    private static final AtomicInteger NEXT_NAME = new AtomicInteger();
    private static final int TRIES = 3;
    /** Up to 8 KiB, up to one commit, up to a full ring, and more. */
    private static final int[] SIZES = {1, 100, 8192, 8193, 20_000, 33_000, 65_537, 300_000, 1 << 20};

    @TempDir
    Path directory;

    private final EventLoopGroup servers = new MultiThreadIoEventLoopGroup(1, Shm.newIoHandlerFactory());
    private final EventLoopGroup clients = new MultiThreadIoEventLoopGroup(1, Shm.newIoHandlerFactory());
    private final ShmAddress address =
            ShmAddress.of("close-" + ProcessHandle.current().pid() + '-' + NEXT_NAME.incrementAndGet());

    private enum Way {
        LISTENER_BEFORE_THE_WRITE,
        LISTENER_AFTER_THE_WRITE,
        FROM_ANOTHER_THREAD,
        SEVEN_MESSAGES,
        BEHIND_A_FULL_RING,
        EMPTY_MESSAGE_LAST,
        FILE_REGION
    }

    private enum End {
        CLOSE,
        SHUT_DOWN_OUTPUT
    }

    static Stream<Arguments> waysAndEnds() {
        return Stream.of(Way.values()).flatMap(way -> Stream.of(End.values()).map(end -> Arguments.of(way, end)));
    }

    @AfterEach
    void shutDown() {
        for (EventLoopGroup group : List.of(servers, clients)) {
            group.shutdownGracefully(0, 10, TimeUnit.SECONDS);
            assertTrue(group.terminationFuture().awaitUninterruptibly(20, TimeUnit.SECONDS));
        }
    }

    private void serve(Consumer<Channel> pipeline, Consumer<ChannelHandlerContext> answer) throws Exception {
        new ServerBootstrap()
                .group(servers)
                .channel(ShmServerChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        pipeline.accept(channel);
                        channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                            @Override
                            public void channelActive(ChannelHandlerContext ctx) {
                                answer.accept(ctx);
                            }
                        });
                    }
                })
                .bind(address)
                .sync();
    }

    private Collected receive() throws Exception {
        Collected collected = new Collected();
        new Bootstrap()
                .group(clients)
                .channel(ShmChannel.class)
                .handler(collected)
                .connect(address)
                .sync();
        return collected;
    }

    @ParameterizedTest
    @MethodSource("waysAndEnds")
    void whatWasWrittenSuccessfullyArrivesBeforeTheEnd(Way way, End end) throws Exception {
        BlockingQueue<Object> outcomes = new LinkedBlockingQueue<>();
        AtomicInteger size = new AtomicInteger();
        ChannelFutureListener close = write -> {
            outcomes.add(write.isSuccess() ? "success" : write.cause());
            if (end == End.CLOSE) {
                write.channel().close();
            } else {
                ((DuplexChannel) write.channel()).shutdownOutput();
            }
        };
        serve(channel -> {}, ctx -> answer(ctx, way, size.get(), close));
        for (int bytes : SIZES) {
            for (int i = 0; i < TRIES; i++) {
                size.set(bytes);
                assertEquals(
                        bytes,
                        receive().all.get(20, TimeUnit.SECONDS),
                        () -> "of " + bytes + ", write: " + outcomes.peek());
                assertEquals("success", outcomes.poll(20, TimeUnit.SECONDS));
            }
        }
    }

    /** The peer may close between the writer's commit and its look whether the peer waits. */
    @Test
    void aWriteSucceedsThatThePeerReadsBeforeItCloses() throws Exception {
        BlockingQueue<ChannelFuture> writes = new LinkedBlockingQueue<>();
        serve(
                channel -> {},
                ctx -> ctx.writeAndFlush(Unpooled.wrappedBuffer(new byte[1]))
                        .addListener((ChannelFutureListener) writes::add));
        Bootstrap client = new Bootstrap()
                .group(clients)
                .channel(ShmChannel.class)
                .handler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public boolean isSharable() {
                        return true;
                    }

                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object msg) {
                        ReferenceCountUtil.release(msg);
                        ctx.close();
                    }
                });
        int connections = Boolean.getBoolean("nettyipc.full") ? 200_000 : 2000;
        for (int i = 0; i < connections; i++) {
            Channel channel = client.connect(address).sync().channel();
            ChannelFuture write = writes.poll(20, TimeUnit.SECONDS);
            assertNotNull(write, "no write");
            assertNull(write.cause(), () -> "connection was closed by the peer after it had read all");
            channel.closeFuture().sync();
        }
    }

    private void answer(ChannelHandlerContext ctx, Way way, int size, ChannelFutureListener close) {
        ByteBuf message = size % 2 == 0
                ? Unpooled.wrappedBuffer(new byte[size])
                : ctx.alloc().directBuffer(size).writeZero(size);
        switch (way) {
            case LISTENER_BEFORE_THE_WRITE ->
                ctx.writeAndFlush(message, ctx.newPromise().addListener(close));
            case LISTENER_AFTER_THE_WRITE -> ctx.writeAndFlush(message).addListener(close);
            case FROM_ANOTHER_THREAD ->
                new Thread(() -> ctx.writeAndFlush(message).addListener(close)).start();
            case SEVEN_MESSAGES -> {
                int part = Math.max(1, size / 7);
                while (message.readableBytes() > part) {
                    ctx.write(message.readRetainedSlice(part));
                }
                ctx.writeAndFlush(message, ctx.newPromise().addListener(close));
            }
            case BEHIND_A_FULL_RING -> {
                int last = Math.min(size, 100);
                ctx.writeAndFlush(message.readRetainedSlice(size - last));
                ctx.writeAndFlush(message, ctx.newPromise().addListener(close));
            }
            case EMPTY_MESSAGE_LAST -> {
                ctx.write(message);
                ctx.writeAndFlush(Unpooled.EMPTY_BUFFER, ctx.newPromise().addListener(close));
            }
            case FILE_REGION -> {
                message.release();
                ctx.writeAndFlush(
                        new DefaultFileRegion(file(size).toFile(), 0, size),
                        ctx.newPromise().addListener(close));
            }
        }
    }

    private Path file(int size) {
        try {
            return Files.write(directory.resolve("file-" + size), new byte[size]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1000, 100_000, 1_000_000})
    void aTlsServerThatClosesAfterItsAnswerEndsTheStreamProperly(int size) throws Exception {
        X509Bundle certificate = new CertificateBuilder()
                .subject("CN=localhost")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        SslContext serverTls =
                SslContextBuilder.forServer(certificate.toKeyManagerFactory()).build();
        SslContext clientTls = SslContextBuilder.forClient()
                .trustManager(InsecureTrustManagerFactory.INSTANCE)
                .build();
        serve(
                channel -> channel.pipeline().addLast(serverTls.newHandler(channel.alloc())),
                ctx -> ctx.writeAndFlush(Unpooled.wrappedBuffer(new byte[size]))
                        .addListener(ChannelFutureListener.CLOSE));
        for (int i = 0; i < TRIES; i++) {
            Collected collected = new Collected();
            new Bootstrap()
                    .group(clients)
                    .channel(ShmChannel.class)
                    .handler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            channel.pipeline().addLast(clientTls.newHandler(channel.alloc()), collected);
                        }
                    })
                    .connect(address)
                    .sync();
            assertEquals(size, collected.all.get(20, TimeUnit.SECONDS));
            assertNull(collected.tlsEnd.get(20, TimeUnit.SECONDS).cause(), "close_notify did not arrive");
        }
    }

    /** Counts bytes up to the end. */
    private static final class Collected extends ChannelInboundHandlerAdapter {
        final CompletableFuture<Integer> all = new CompletableFuture<>();
        final CompletableFuture<SslCloseCompletionEvent> tlsEnd = new CompletableFuture<>();
        private int bytes;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf data = (ByteBuf) msg;
            bytes += data.readableBytes();
            data.release();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof SslCloseCompletionEvent end) {
                tlsEnd.complete(end);
            } else if (event instanceof SslHandshakeCompletionEvent handshake && !handshake.isSuccess()) {
                all.completeExceptionally(handshake.cause());
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            all.complete(bytes);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            all.completeExceptionally(cause);
        }
    }
}
