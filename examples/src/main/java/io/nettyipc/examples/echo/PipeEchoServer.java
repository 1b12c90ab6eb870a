/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.echo;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipeAddress;
import java.net.SocketAddress;

/**
 * {@link TcpEchoServer} on a named pipe (on Unix: a Unix domain socket). {@link EchoClient} talks to it.
 *
 * <p>{@code mvn -q -pl examples -am compile -Dexample=echo.PipeEchoServer}
 */
public final class PipeEchoServer {
    private PipeEchoServer() {}

    public static void main(String[] args) throws InterruptedException {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(NamedPipe.newIoHandlerFactory()); // changed
        try {
            SocketAddress address = NamedPipeAddress.of(args.length > 0 ? args[0] : "echo"); // changed
            Channel server = new ServerBootstrap()
                    .group(group)
                    .channel(NamedPipe.serverChannelType()) // changed
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
