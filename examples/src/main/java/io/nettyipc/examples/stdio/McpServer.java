/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.stdio;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.TooLongFrameException;
import io.nettyipc.codec.JsonLineDecoder;
import io.nettyipc.codec.JsonLineEncoder;
import io.nettyipc.process.Stdio;
import io.nettyipc.process.StdioAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server on its own standard input and output, one JSON text a line, as the Model Context Protocol (MCP) has it.
 * {@link McpClient} starts it. It answers {@code initialize}; a real one would use a JSON library and have tools.
 */
public final class McpServer {
    private McpServer() {}

    public static void main(String[] args) throws InterruptedException {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, Stdio.newIoHandlerFactory());
        try {
            Channel channel = new Bootstrap()
                    .group(group)
                    .channel(Stdio.channelType())
                    .handler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel ch) {
                            ch.pipeline().addLast(new JsonLineDecoder(1 << 20), new JsonLineEncoder(), new Server());
                        }
                    })
                    .connect(StdioAddress.INSTANCE)
                    .sync()
                    .channel();
            System.out.println("this goes to standard error and can't disturb the protocol");
            channel.closeFuture().sync();
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    private static final class Server extends SimpleChannelInboundHandler<ByteBuf> {
        private static final String PARSE_ERROR =
                "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,\"message\":\"Parse error\"}}";
        private static final Pattern ID = Pattern.compile("\"id\"\\s*:\\s*(\\d+)");

        private ChannelFuture lastAnswer;

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            lastAnswer = ctx.newSucceededFuture();
        }

        /** The end of standard input ends the server, behind its last answer. */
        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownReadComplete) {
                lastAnswer.addListener(ChannelFutureListener.CLOSE);
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf line) {
            String request = line.toString(StandardCharsets.UTF_8);
            Matcher id = ID.matcher(request);
            if (!id.find()) {
                // A notification wants no answer.
                return;
            }
            String answer = request.contains("\"method\":\"initialize\"")
                    ? "\"result\":{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{},"
                            + "\"serverInfo\":{\"name\":\"example\",\"version\":\"1\"}}"
                    : "\"error\":{\"code\":-32601,\"message\":\"Method not found\"}";
            lastAnswer = ctx.writeAndFlush(Unpooled.copiedBuffer(
                    "{\"jsonrpc\":\"2.0\",\"id\":" + id.group(1) + "," + answer + "}", StandardCharsets.UTF_8));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            System.err.println(cause);
            if (cause instanceof TooLongFrameException || cause instanceof CorruptedFrameException) {
                // A line that can't be a request. The client is told, and the next line is read.
                lastAnswer = ctx.writeAndFlush(Unpooled.copiedBuffer(PARSE_ERROR, StandardCharsets.UTF_8));
            } else {
                ctx.close();
            }
        }
    }
}
