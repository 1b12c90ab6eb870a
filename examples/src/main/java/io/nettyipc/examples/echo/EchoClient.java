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
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.string.StringDecoder;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipeAddress;
import io.nettyipc.shm.Shm;
import io.nettyipc.shm.ShmAddress;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Sends each line of its input to an echo server and prints what comes back; ends with its input. The argument says
 * where: {@code echo} is the {@link PipeEchoServer} of that name, {@code shm:echo} the {@link ShmEchoServer},
 * {@code tcp:8007} the {@link TcpEchoServer}.
 *
 * <p>{@code mvn -q -pl examples -am compile -Dexample=echo.EchoClient -Dargs=shm:echo}
 */
public final class EchoClient {
    private EchoClient() {}

    public static void main(String[] args) throws InterruptedException, IOException {
        BlockingQueue<String> echoes = new LinkedBlockingQueue<>();
        String server = args.length > 0 ? args[0] : "echo";
        // Serves pipes, too.
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(
                server.startsWith("tcp:") ? NioIoHandler.newFactory() : Shm.newIoHandlerFactory());
        try {
            Bootstrap bootstrap = new Bootstrap().group(group).handler(new Lines(echoes));
            if (server.startsWith("tcp:")) {
                bootstrap.channel(NioSocketChannel.class);
                bootstrap.remoteAddress("localhost", Integer.parseInt(server.substring("tcp:".length())));
            } else if (server.startsWith("shm:")) {
                bootstrap.channel(Shm.channelType());
                bootstrap.remoteAddress(ShmAddress.of(server.substring("shm:".length())));
            } else {
                bootstrap.channel(NamedPipe.channelType());
                bootstrap.remoteAddress(NamedPipeAddress.of(server));
            }
            Channel channel = bootstrap.connect().sync().channel();
            System.out.println("connected to " + channel.remoteAddress() + "; type a line");
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = in.readLine(); line != null && channel.isActive(); line = in.readLine()) {
                channel.writeAndFlush(Unpooled.copiedBuffer(line + '\n', StandardCharsets.UTF_8))
                        .sync();
                System.out.println(echoes.take());
            }
            channel.close().sync();
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
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
