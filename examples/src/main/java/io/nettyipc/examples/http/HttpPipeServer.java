/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipeAddress;

/**
 * An HTTP/1.1 server on a named pipe. On Unix, {@code curl --unix-socket} can ask it.
 *
 * <p>{@code mvn -q -pl examples -am compile -Dexample=http.HttpPipeServer}
 */
public final class HttpPipeServer {
    private HttpPipeServer() {}

    public static void main(String[] args) throws InterruptedException {
        NamedPipeAddress address = NamedPipeAddress.of(args.length > 0 ? args[0] : "http");
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(NamedPipe.newIoHandlerFactory());
        try {
            Channel server = start(group, address);
            System.out.println("HTTP server on " + address.path() + "; Ctrl-C ends it. On Unix, ask it with");
            System.out.println("curl --unix-socket '" + address.path() + "' --data hello http://localhost/any/path");
            server.closeFuture().sync();
        } finally {
            group.shutdownGracefully();
        }
    }

    static Channel start(EventLoopGroup group, NamedPipeAddress address) throws InterruptedException {
        return new ServerBootstrap()
                .group(group)
                .channel(NamedPipe.serverChannelType())
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(
                                        new HttpServerCodec(),
                                        new HttpServerKeepAliveHandler(),
                                        new HttpObjectAggregator(1024 * 1024),
                                        new Responder());
                    }
                })
                .bind(address)
                .sync()
                .channel();
    }

    /** Tells the client what it asked and who it is. */
    private static final class Responder extends SimpleChannelInboundHandler<FullHttpRequest> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
            ByteBuf body = ctx.alloc().buffer();
            ByteBufUtil.writeUtf8(
                    body,
                    request.method() + " " + request.uri() + ", "
                            + request.content().readableBytes() + " bytes, from " + NamedPipe.peer(ctx.channel())
                            + '\n');
            DefaultFullHttpResponse response =
                    new DefaultFullHttpResponse(request.protocolVersion(), HttpResponseStatus.OK, body);
            response.headers()
                    .set(HttpHeaderNames.CONTENT_TYPE, "text/plain; charset=utf-8")
                    .set(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
            ctx.writeAndFlush(response);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            System.err.println(ctx.channel() + ": " + cause);
            ctx.close();
        }
    }
}
