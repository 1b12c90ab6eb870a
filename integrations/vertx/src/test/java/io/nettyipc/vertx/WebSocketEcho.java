/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.vertx;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Netty's WebSocket client, which sends texts and keeps the answers: that of Vert.x 5.0.7 knows hosts only. */
final class WebSocketEcho extends SimpleChannelInboundHandler<TextWebSocketFrame> {

    private final CompletableFuture<List<String>> answers = new CompletableFuture<>();
    private final List<String> received = new ArrayList<>();
    private final List<String> texts;

    private WebSocketEcho(List<String> texts) {
        this.texts = texts;
    }

    static List<String> of(Local transport, String name, String path, List<String> texts) throws Exception {
        WebSocketEcho echo = new WebSocketEcho(texts);
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, transport.handlers());
        try {
            Channel channel = new Bootstrap()
                    .group(group)
                    .channel(transport.channelType())
                    .handler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            channel.pipeline()
                                    .addLast(
                                            new HttpClientCodec(),
                                            new HttpObjectAggregator(8192),
                                            new WebSocketClientProtocolHandler(
                                                    WebSocketClientProtocolConfig.newBuilder()
                                                            .webSocketUri("ws://localhost" + path)
                                                            .build()),
                                            echo);
                        }
                    })
                    .connect(transport.address(name))
                    .sync()
                    .channel();
            List<String> answers = echo.answers.get(60, TimeUnit.SECONDS);
            channel.close().sync();
            return answers;
        } finally {
            group.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
            texts.forEach(text -> ctx.write(new TextWebSocketFrame(text)));
            ctx.flush();
        }
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, TextWebSocketFrame frame) {
        received.add(frame.text());
        if (received.size() == texts.size()) {
            answers.complete(received);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        answers.completeExceptionally(cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        answers.completeExceptionally(new IllegalStateException("closed after " + received.size() + " answers"));
    }
}
