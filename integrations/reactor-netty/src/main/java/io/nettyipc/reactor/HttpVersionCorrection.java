/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.reactor;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import reactor.netty.NettyPipeline;

/**
 * Makes requests HTTP/1.1 on a channel that is no domain socket by type, such as NIO's. reactor-netty's HTTP client
 * knows {@code SocketChannel} and {@code DomainSocketChannel}, takes any other for HTTP/3, and writes {@code HTTP/3.0}
 * into the request line. Where the HTTP codec comes only after a TLS handshake that has chosen between HTTP/2 and
 * HTTP/1.1, that stays so.
 */
final class HttpVersionCorrection extends ChannelInboundHandlerAdapter {

    private static final String NAME = "ipcHttpVersion";

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (ctx.pipeline().context(NettyPipeline.HttpCodec) != null) {
            ctx.pipeline().addAfter(NettyPipeline.HttpCodec, NAME, new RequestLine());
        }
        ctx.fireChannelActive();
        ctx.pipeline().remove(this);
    }

    private static final class RequestLine extends ChannelOutboundHandlerAdapter {
        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            if (message instanceof HttpRequest request
                    && request.protocolVersion().majorVersion() == 3) {
                request.setProtocolVersion(HttpVersion.HTTP_1_1);
            }
            ctx.write(message, promise);
        }
    }
}
