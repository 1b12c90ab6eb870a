/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.nettyipc.base.testing.ChildJvm;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipeAddress;

/** A server that echoes, whose event loop's system calls fail when the test says so. */
final class FaultInjectionProgram {

    private FaultInjectionProgram() {}

    /** The arguments are {@code shm}, or {@code pipe}, and the path of the socket. */
    public static void main(String[] args) throws Exception {
        boolean shm = args[0].equals("shm");
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, Shm.newIoHandlerFactory(ShmSpinStrategy.NONE));
        ServerBootstrap bootstrap = new ServerBootstrap().group(loop).childHandler(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new Echo());
            }
        });
        if (shm) {
            bootstrap
                    .channel(ShmServerChannel.class)
                    .bind(ShmAddress.of(args[1]))
                    .sync();
        } else {
            bootstrap
                    .channel(NamedPipe.serverChannelType())
                    .bind(NamedPipeAddress.of(args[1]))
                    .sync();
        }
        ChildJvm.answer(ProcessHandle.current().pid());
        // The end of the parent's is this one's.
        while (System.in.read() != -1) {}
        System.exit(0);
    }

    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ctx.writeAndFlush(msg);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }
}
