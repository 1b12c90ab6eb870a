/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.dockerjava;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.handler.codec.http.HttpServerCodec;
import io.nettyipc.base.testing.ChildJvm;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipeAddress;
import io.nettyipc.pipe.NamedPipeChannelOption;
import io.nettyipc.pipe.NamedPipeMode;
import java.util.concurrent.TimeUnit;

/**
 * As much of a Docker daemon as its clients need for {@code exec} and {@code attach}, logs and the loading of an image:
 * the one container's programs are {@link ContainerProgram}s. On Windows its pipe carries messages, as Docker's does.
 */
final class DockerApiServer implements AutoCloseable {

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(2, NamedPipe.newIoHandlerFactory());

    DockerApiServer(String address) throws InterruptedException {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(group)
                .channel(NamedPipe.serverChannelType())
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new HttpServerCodec(), new DockerApi());
                    }
                });
        if (System.getProperty("os.name").startsWith("Windows")) {
            bootstrap
                    .option(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.MESSAGE)
                    .childOption(NamedPipeChannelOption.PIPE_READ_MODE, NamedPipeMode.BYTE)
                    .childOption(NamedPipeChannelOption.PIPE_HALF_CLOSE, true);
        }
        bootstrap.bind(NamedPipeAddress.of(address)).sync();
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /** Serves until its input ends. */
    public static void main(String[] args) throws Exception {
        DockerApiServer server = new DockerApiServer(args[0]);
        ChildJvm.answer("listens");
        System.in.read();
        server.close();
    }
}
