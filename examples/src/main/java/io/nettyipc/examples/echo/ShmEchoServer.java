/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.echo;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.nettyipc.shm.Shm;
import io.nettyipc.shm.ShmAddress;
import java.net.SocketAddress;

/**
 * {@link TcpEchoServer} on shared memory. {@link EchoClient} talks to it when told {@code shm:echo}.
 *
 * <p>{@code mvn -q -pl examples -am compile -Dexample=echo.ShmEchoServer}
 */
public final class ShmEchoServer {
    private ShmEchoServer() {}

    public static void main(String[] args) throws InterruptedException {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(Shm.newIoHandlerFactory()); // changed
        try {
            SocketAddress address = ShmAddress.of(args.length > 0 ? args[0] : "echo"); // changed
            Channel server = new ServerBootstrap()
                    .group(group)
                    .channel(Shm.serverChannelType()) // changed
                    .childHandler(new EchoHandler())
                    .bind(address)
                    .sync()
                    .channel();
            System.out.println("echo server on " + server.localAddress() + "; Ctrl-C ends it");
            server.closeFuture().sync();
        } finally {
            group.shutdownGracefully();
        }
    }
}
