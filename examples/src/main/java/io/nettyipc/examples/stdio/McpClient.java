/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.stdio;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.nettyipc.codec.JsonLineDecoder;
import io.nettyipc.codec.JsonLineEncoder;
import io.nettyipc.examples.JavaProgram;
import io.nettyipc.process.ChildProcess;
import io.nettyipc.process.ProcessAddress;
import io.nettyipc.process.ProcessChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * Starts an MCP server, asks it to {@code initialize}, and prints the answer and how it ended. Without arguments the
 * server is {@link McpServer}.
 *
 * <p>{@code mvn -q -pl examples -am compile -Dexample=stdio.McpClient}, and with a server of your choice
 * {@code -Dargs="npx -y @modelcontextprotocol/server-filesystem /tmp"}
 */
public final class McpClient {
    private static final String INITIALIZE = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{"
            + "\"protocolVersion\":\"2025-06-18\",\"capabilities\":{},"
            + "\"clientInfo\":{\"name\":\"nettyipc\",\"version\":\"1\"}}}";

    private McpClient() {}

    public static void main(String[] args) throws InterruptedException {
        ProcessAddress server = args.length > 0
                ? ProcessAddress.of(args)
                : ProcessAddress.of(JavaProgram.command(McpServer.class).toArray(new String[0]));
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, ChildProcess.newIoHandlerFactory());
        try {
            ProcessChannel child = (ProcessChannel) new Bootstrap()
                    .group(group)
                    .channel(ChildProcess.channelType())
                    .handler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel ch) {
                            ch.pipeline().addLast(new JsonLineDecoder(1 << 20), new JsonLineEncoder(), new Client());
                        }
                    })
                    .connect(server)
                    .sync()
                    .channel();
            child.writeAndFlush(Unpooled.copiedBuffer(INITIALIZE, StandardCharsets.UTF_8));
            System.out.println("exit code " + child.exitFuture().sync().getNow());
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    private static final class Client extends SimpleChannelInboundHandler<ByteBuf> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf line) {
            System.out.println("answer: " + line.toString(StandardCharsets.UTF_8));
            // Ends the server's standard input, and so the server.
            ctx.close();
        }

        /** A line that is no text, for example; nobody would answer the request then. */
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            System.err.println(ctx.channel() + ": " + cause);
            ctx.close();
        }
    }
}
