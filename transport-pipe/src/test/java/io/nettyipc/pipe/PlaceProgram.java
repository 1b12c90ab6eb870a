/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.SimpleChannelInboundHandler;
import io.nettyipc.base.testing.ChildJvm;
import java.nio.charset.StandardCharsets;

/** Started by {@link ChildJvm} in an environment of its own: does one thing, and tells what came of it. */
public final class PlaceProgram {
    private PlaceProgram() {}

    public static void main(String[] arguments) {
        String action = arguments[0];
        String address = arguments[1];
        try (PipeFixture pipes = new PipeFixture()) {
            switch (action) {
                case "peer" -> {
                    Channel channel =
                            pipes.connect(NamedPipeAddress.of(address)).sync().channel();
                    NamedPipePeer peer = NamedPipe.peer(channel);
                    ChildJvm.answer(peer.processId() + " " + peer.userId() + " " + (peer.groupIds().length > 0));
                    channel.close().sync();
                }
                case "messages" -> {
                    Channel channel = new Bootstrap()
                            .group(pipes.group())
                            .channel(NamedPipe.messageChannelType())
                            .handler(new ChannelInboundHandlerAdapter())
                            .connect(NamedPipeAddress.of(address))
                            .sync()
                            .channel();
                    ChildJvm.answer(NamedPipe.peer(channel).processId());
                    channel.close().sync();
                }
                case "bind" -> {
                    Throwable cause =
                            pipes.listen(NamedPipeAddress.of(address)).await().cause();
                    ChildJvm.answer(cause == null ? "bound" : cause.getMessage());
                }
                case "connect" -> {
                    Throwable cause =
                            pipes.connect(NamedPipeAddress.of(address)).await().cause();
                    ChildJvm.answer(cause == null ? "connected" : cause.getMessage());
                }
                case "inherited" -> {
                    Channel server = new ServerBootstrap()
                            .group(pipes.group())
                            .channelFactory(InheritedSocket.server(Integer.parseInt(address)))
                            .childHandler(new PipeFixture.EchoHandler())
                            .register()
                            .sync()
                            .channel();
                    answerInherited(server);
                    System.in.read();
                    server.close().sync();
                    ChildJvm.answer("closed");
                }
                case "connected" -> {
                    Channel connection = new Bootstrap()
                            .group(pipes.group())
                            .channelFactory(InheritedSocket.connected(Integer.parseInt(address)))
                            .handler(new SimpleChannelInboundHandler<ByteBuf>() {
                                @Override
                                protected void channelRead0(ChannelHandlerContext ctx, ByteBuf msg) {
                                    ChildJvm.answer("echo: " + msg.toString(StandardCharsets.US_ASCII));
                                    ctx.close();
                                }
                            })
                            .register()
                            .sync()
                            .channel();
                    answerInherited(connection);
                    connection
                            .writeAndFlush(Unpooled.copiedBuffer("ping", StandardCharsets.US_ASCII))
                            .sync();
                    connection.closeFuture().sync();
                    ChildJvm.answer("closed");
                }
                case "path" -> ChildJvm.answer(NamedPipeAddress.of(address).path());
                default -> throw new IllegalArgumentException(action);
            }
        } catch (Throwable t) {
            ChildJvm.answer(t);
        }
        System.exit(0);
    }

    private static void answerInherited(Channel channel) throws Exception {
        ChildJvm.answer(channel.isActive() + " " + InheritedSocket.ofSystemd());
        int shell = new ProcessBuilder("sh", "-c", "test -e /proc/self/fd/3")
                .start()
                .waitFor();
        ChildJvm.answer("in children: " + (shell == 0));
    }
}
