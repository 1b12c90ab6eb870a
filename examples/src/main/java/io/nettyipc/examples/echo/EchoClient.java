/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.echo;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.string.StringDecoder;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipeAddress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Sends each line of its input to {@link PipeEchoServer} and prints what comes back; ends with its input. */
public final class EchoClient {
    private EchoClient() {}

    public static void main(String[] args) throws InterruptedException, IOException {
        BlockingQueue<String> echoes = new LinkedBlockingQueue<>();
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(NamedPipe.newIoHandlerFactory());
        try {
            Channel channel = new Bootstrap()
                    .group(group)
                    .channel(NamedPipe.channelType())
                    .handler(new Lines(echoes))
                    .connect(NamedPipeAddress.of(args.length > 0 ? args[0] : "echo"))
                    .sync()
                    .channel();
            System.out.println("connected to " + NamedPipe.peer(channel) + "; type a line");
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = in.readLine(); line != null && channel.isActive(); line = in.readLine()) {
                channel.writeAndFlush(Unpooled.copiedBuffer(line + '\n', StandardCharsets.UTF_8))
                        .sync();
                System.out.println(echoes.take());
            }
            channel.close().sync();
        } finally {
            group.shutdownGracefully();
        }
    }

    private static final class Lines extends ChannelInitializer<Channel> {
        private final BlockingQueue<String> echoes;

        Lines(BlockingQueue<String> echoes) {
            this.echoes = echoes;
        }

        @Override
        protected void initChannel(Channel channel) {
            channel.pipeline()
                    .addLast(
                            new LineBasedFrameDecoder(8192),
                            new StringDecoder(StandardCharsets.UTF_8),
                            new SimpleChannelInboundHandler<String>() {
                                @Override
                                protected void channelRead0(ChannelHandlerContext ctx, String line) {
                                    echoes.add("echo: " + line);
                                }

                                @Override
                                public void channelInactive(ChannelHandlerContext ctx) {
                                    echoes.add("the server has closed the connection");
                                }
                            });
        }
    }
}
