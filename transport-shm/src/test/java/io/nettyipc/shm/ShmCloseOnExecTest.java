/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.nettyipc.base.testing.NewDescriptors;
import io.nettyipc.shm.control.KeptMemory;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * No descriptor of a connection is inherited: a child would keep it open when its parent is killed, and the peer would
 * wait.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "it looks into /proc")
@Timeout(60)
class ShmCloseOnExecTest {

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, Shm.newIoHandlerFactory());
    private final BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();

    @BeforeEach
    void keepNothing() {
        KeptMemory.closeAll();
    }

    @AfterEach
    void stop() {
        assertTrue(group.shutdownGracefully(0, 10, TimeUnit.SECONDS).awaitUninterruptibly(20, TimeUnit.SECONDS));
    }

    private void connect() throws Exception {
        Channel server = new ServerBootstrap()
                .group(group)
                .channel(ShmServerChannel.class)
                .childOption(ShmChannelOption.SHM_DOORBELL, ShmDoorbell.EVENT_FD)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel ch) {
                        accepted.add(ch);
                    }
                })
                .bind(ShmAddress.of("cloexec-" + ProcessHandle.current().pid() + '-' + System.nanoTime()))
                .sync()
                .channel();
        new Bootstrap()
                .group(group)
                .channel(ShmChannel.class)
                .option(ShmChannelOption.SHM_DOORBELL, ShmDoorbell.EVENT_FD)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(server.localAddress())
                .sync();
        assertNotNull(accepted.poll(20, TimeUnit.SECONDS), "nothing was accepted");
    }

    /** The listening one, and one at each end. */
    @Test
    void thoseOfControlSockets() throws Exception {
        NewDescriptors sockets = new NewDescriptors(target -> target.startsWith("socket:"));
        connect();
        sockets.assertClosedInChildren(3);
    }

    /** Each end has made one, and received one together with the peer's memory. */
    @Test
    void thoseOfDoorbells() throws Exception {
        NewDescriptors doorbells = new NewDescriptors(target -> target.contains("eventfd"));
        connect();
        doorbells.assertClosedInChildren(4);
    }
}
