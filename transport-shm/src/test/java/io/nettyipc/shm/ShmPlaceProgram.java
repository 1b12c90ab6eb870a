/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.nettyipc.base.testing.ChildJvm;
import java.util.concurrent.CompletableFuture;

/**
 * Started by {@link ChildJvm} in an environment of its own: a server that echoes, or a client that tells what it got.
 */
final class ShmPlaceProgram {
    private ShmPlaceProgram() {}

    /** The arguments are {@code server} or {@code client}, the path of the socket, and {@code sealed} or not. */
    public static void main(String[] arguments) {
        try {
            Shm.ensureAvailability();
            EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, Shm.newIoHandlerFactory(ShmSpinStrategy.NONE));
            boolean sealed = arguments[2].equals("sealed");
            if (arguments[0].equals("limit")) {
                ChildJvm.answer(new ShmServerChannel().config().getOption(ShmChannelOption.SHM_MAX_MEMORY));
            } else if (arguments[0].equals("server")) {
                new ServerBootstrap()
                        .group(loop)
                        .channel(ShmServerChannel.class)
                        .childOption(ShmChannelOption.SHM_REQUIRE_SEALED, sealed)
                        .childHandler(new ChannelInitializer<>() {
                            @Override
                            protected void initChannel(Channel channel) {
                                channel.pipeline().addLast(new Echo());
                            }
                        })
                        .bind(ShmAddress.of(arguments[1]))
                        .sync();
                ChildJvm.answer("bound");
                // The end of the parent's is this one's.
                while (System.in.read() != -1) {}
            } else {
                ChildJvm.answer(echo(loop, arguments[1], sealed));
            }
        } catch (Throwable t) {
            ChildJvm.answer(t);
        }
        System.exit(0);
    }

    /** Returns the kind of memory by which a byte came back, or why none did. */
    static String echo(EventLoopGroup loop, String path, boolean sealed) throws Exception {
        CompletableFuture<String> memory = new CompletableFuture<>();
        Throwable cause = new Bootstrap()
                .group(loop)
                .channel(ShmChannel.class)
                .option(ShmChannelOption.SHM_REQUIRE_SEALED, sealed)
                .handler(new SimpleChannelInboundHandler<ByteBuf>() {
                    @Override
                    public void channelActive(ChannelHandlerContext ctx) {
                        ctx.writeAndFlush(Unpooled.wrappedBuffer(new byte[1]));
                    }

                    @Override
                    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf bytes) {
                        memory.complete(
                                ((ShmChannel) ctx.channel()).terms().memory().name());
                        ctx.close();
                    }
                })
                .connect(ShmAddress.of(path))
                .await()
                .cause();
        return cause == null ? memory.get() : cause.toString();
    }
}
