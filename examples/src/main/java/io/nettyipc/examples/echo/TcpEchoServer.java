/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.echo;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * An echo server on TCP loopback. {@link PipeEchoServer} is the same on a named pipe.
 *
 * <p>{@code mvn -q -pl examples -am compile -Dexample=echo.TcpEchoServer}
 */
public final class TcpEchoServer {
    private TcpEchoServer() {}

    public static void main(String[] args) throws InterruptedException {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory());
        try {
            SocketAddress address =
                    new InetSocketAddress("localhost", args.length > 0 ? Integer.parseInt(args[0]) : 8007);
            Channel server = new ServerBootstrap()
                    .group(group)
                    .channel(NioServerSocketChannel.class)
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
