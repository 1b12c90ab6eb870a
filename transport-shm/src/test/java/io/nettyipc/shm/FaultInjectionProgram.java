/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.nettyipc.base.testing.ChildJvm;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipeAddress;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * A server that echoes, and binds others to the paths that it is told; its event loop's system calls fail when the test
 * says so.
 */
final class FaultInjectionProgram {

    private FaultInjectionProgram() {}

    /** The arguments are {@code shm}, {@code pipe} or {@code messages}, and the path of the socket. */
    public static void main(String[] args) throws Exception {
        EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, Shm.newIoHandlerFactory(ShmSpinStrategy.NONE));
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loop)
                .channel(
                        switch (args[0]) {
                            case "shm" -> ShmServerChannel.class;
                            case "pipe" -> NamedPipe.serverChannelType();
                            default -> NamedPipe.messageServerChannelType();
                        })
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new Echo());
                    }
                });
        boolean shm = args[0].equals("shm");
        bootstrap.bind(address(shm, args[1])).sync();
        ChildJvm.answer(ProcessHandle.current().pid());
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        // The end of the parent is this one's.
        for (String path = lines.readLine(); path != null; path = lines.readLine()) {
            ChildJvm.answer(bindAndClose(bootstrap, address(shm, path)));
        }
        System.exit(0);
    }

    private static SocketAddress address(boolean shm, String path) {
        return shm ? ShmAddress.of(path) : NamedPipeAddress.of(path);
    }

    private static String bindAndClose(ServerBootstrap bootstrap, SocketAddress address) throws InterruptedException {
        ChannelFuture bind = bootstrap.bind(address);
        if (!bind.await(FaultInjectionTest.PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            return "the bind does not end";
        } else if (!bind.channel().close().await(FaultInjectionTest.PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            return "the close does not end";
        }
        return bind.isSuccess() ? "bound" : "refused";
    }
}
