/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.nettyipc.base.testing.ChildJvm;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipeAddress;
import java.net.SocketAddress;

/** Connects by shared memory and by a pipe of messages, and answers what the channels are. */
final class NoNativeClassesProgram {

    private NoNativeClassesProgram() {}

    public static void main(String[] args) throws InterruptedException {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, Shm.newIoHandlerFactory());
        ShmChannel memory =
                (ShmChannel) connected(group, ShmServerChannel.class, ShmChannel.class, ShmAddress.of(args[0]));
        ChildJvm.answer(memory.terms().memory().toString());
        ChildJvm.answer(connected(
                        group,
                        NamedPipe.messageServerChannelType(),
                        NamedPipe.messageChannelType(),
                        NamedPipeAddress.of(args[0] + "-messages"))
                .getClass()
                .getSimpleName());
        group.shutdownGracefully();
    }

    private static Channel connected(
            EventLoopGroup group,
            Class<? extends ServerChannel> serverType,
            Class<? extends Channel> type,
            SocketAddress address)
            throws InterruptedException {
        new ServerBootstrap()
                .group(group)
                .channel(serverType)
                .childHandler(new Echo())
                .bind(address)
                .sync();
        return new Bootstrap()
                .group(group)
                .channel(type)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(address)
                .sync()
                .channel();
    }
}
