/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.echo;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipeAddress;
import io.nettyipc.shm.Shm;
import io.nettyipc.shm.ShmAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * One pipeline behind three doors: TCP loopback, a named pipe and shared memory. {@link EchoClient} knows all of them:
 * {@code tcp:8007}, {@code echo} and {@code shm:echo-shm}.
 *
 * <p>{@code mvn -q -pl examples -am compile -Dexample=echo.ThreeDoorsEchoServer}
 */
public final class ThreeDoorsEchoServer {
    private ThreeDoorsEchoServer() {}

    /** The arguments are the name and the port, {@code echo} and 8007 if there are none. */
    public static void main(String[] args) throws InterruptedException {
        String name = args.length > 0 ? args[0] : "echo";
        int port = args.length > 1 ? Integer.parseInt(args[1]) : 8007;
        // Loops of shared memory serve pipes, too. On Unix they can serve TCP as well; on Windows that takes others.
        EventLoopGroup local = new MultiThreadIoEventLoopGroup(Shm.newIoHandlerFactory());
        EventLoopGroup tcp = new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory());
        try {
            EchoHandler pipeline = new EchoHandler();
            Channel[] servers = {
                bind(tcp, NioServerSocketChannel.class, new InetSocketAddress("localhost", port), pipeline),
                bind(local, NamedPipe.serverChannelType(), NamedPipeAddress.of(name), pipeline),
                // A pipe and shared memory can't have the same name.
                bind(local, Shm.serverChannelType(), ShmAddress.of(name + "-shm"), pipeline),
            };
            for (Channel server : servers) {
                System.out.println("echo server on " + server.localAddress());
            }
            System.out.println("Ctrl-C ends it");
            servers[0].closeFuture().sync();
        } finally {
            local.shutdownGracefully();
            tcp.shutdownGracefully();
        }
    }

    private static Channel bind(
            EventLoopGroup group, Class<? extends ServerChannel> type, SocketAddress address, ChannelHandler handler)
            throws InterruptedException {
        return new ServerBootstrap()
                .group(group)
                .channel(type)
                .childHandler(handler)
                .bind(address)
                .sync()
                .channel();
    }
}
