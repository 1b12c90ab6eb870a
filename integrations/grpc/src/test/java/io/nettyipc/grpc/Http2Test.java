/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Netty's own HTTP/2 codecs, which do things in another order than gRPC's handler. */
class Http2Test {

    private static final int WINDOW = 1024 * 1024;

    /** The codec enlarges the connection's window when it is added, and may only do so behind its SETTINGS. */
    @ParameterizedTest
    @EnumSource
    void aServerWithALargeWindowAnswers(Transport transport) throws Exception {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, transport.newIoHandlerFactory());
        try {
            SocketAddress address =
                    transport.address("http2-test-" + ProcessHandle.current().pid());
            new ServerBootstrap()
                    .group(group)
                    .channel(transport.serverChannelType())
                    .childHandler(http2(Http2FrameCodecBuilder.forServer(), new Answer()))
                    .bind(address)
                    .sync();
            Channel client = new Bootstrap()
                    .group(group)
                    .channel(transport.channelType())
                    .handler(http2(Http2FrameCodecBuilder.forClient(), new ChannelInboundHandlerAdapter()))
                    .connect(address)
                    .sync()
                    .channel();

            for (int i = 0; i < 3; i++) {
                assertEquals("200", get(client).get(20, TimeUnit.SECONDS));
            }
            assertTrue(client.isActive());
        } finally {
            group.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
        }
    }

    private static ChannelHandler http2(Http2FrameCodecBuilder codec, ChannelHandler streams) {
        codec.initialSettings(new Http2Settings().initialWindowSize(WINDOW));
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(codec.build(), new Http2MultiplexHandler(streams));
            }
        };
    }

    private static CompletableFuture<String> get(Channel client) throws Exception {
        CompletableFuture<String> status = new CompletableFuture<>();
        Http2StreamChannel stream = new Http2StreamChannelBootstrap(client)
                .handler(new SimpleChannelInboundHandler<Http2HeadersFrame>() {
                    @Override
                    protected void channelRead0(ChannelHandlerContext ctx, Http2HeadersFrame headers) {
                        status.complete(headers.headers().status().toString());
                    }

                    @Override
                    public void channelInactive(ChannelHandlerContext ctx) {
                        status.completeExceptionally(new AssertionError("closed without an answer"));
                    }
                })
                .open()
                .sync()
                .getNow();
        stream.writeAndFlush(new DefaultHttp2HeadersFrame(
                        new DefaultHttp2Headers().method("GET").path("/").scheme("http"), true))
                .sync();
        return status;
    }

    private static final class Answer extends SimpleChannelInboundHandler<Http2HeadersFrame> {

        @Override
        public boolean isSharable() {
            return true;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, Http2HeadersFrame request) {
            ctx.writeAndFlush(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("200"), true));
        }
    }
}
