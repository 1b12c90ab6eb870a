/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.nettyipc.base.channel.PeerSid;
import io.nettyipc.base.os.Tokens;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipeChannelOption;
import io.nettyipc.pipe.NamedPipeSecurity;
import io.nettyipc.shm.Shm;
import io.nettyipc.shm.ShmAddress;
import io.nettyipc.shm.ShmChannel;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A pipe that has the name that a client of shared memory looks for, and belongs to another user. */
@EnabledOnOs(OS.WINDOWS)
@Timeout(60)
class OtherUsersPipeTest {

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, Shm.newIoHandlerFactory());
    private final ShmAddress address =
            ShmAddress.of("squatted-" + ProcessHandle.current().pid() + '-' + System.nanoTime());
    private final BlockingQueue<Channel> children = new LinkedBlockingQueue<>();

    @AfterEach
    void shutDown() {
        group.shutdownGracefully(0, 10, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private void serve(String sddl) {
        new ServerBootstrap()
                .group(group)
                .channel(NamedPipe.serverChannelType())
                .option(NamedPipeChannelOption.PIPE_SECURITY, NamedPipeSecurity.ofSddl(sddl))
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        children.add(channel);
                    }
                })
                .bind(address.control())
                .syncUninterruptibly();
    }

    @Test
    void aClientForItsOwnUserRefusesAPipeOfAnother() {
        serve("O:SYD:P(A;;GA;;;WD)");
        Throwable cause = new Bootstrap()
                .group(group)
                .channel(ShmChannel.class)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(address)
                .awaitUninterruptibly()
                .cause();
        assertInstanceOf(HandshakeException.class, cause);
        assertTrue(cause.getMessage().startsWith("the peer runs as another user"), cause.getMessage());
    }

    /** The process is the same: what decides is the pipe's owner on the one side, the client's token on the other. */
    @Test
    void eachEndAsksWhatWindowsRecorded() throws Exception {
        serve("O:" + Tokens.ownUserSid() + "D:P(A;;GA;;;WD)");
        Channel client = new Bootstrap()
                .group(group)
                .channel(NamedPipe.channelType())
                .handler(new ChannelInboundHandlerAdapter())
                .connect(address.control())
                .sync()
                .channel();
        Channel child = children.poll(20, TimeUnit.SECONDS);
        for (Channel end : new Channel[] {client, child}) {
            assertEquals(Tokens.ownUserSid(), ((PeerSid) end).peerSid().sync().getNow());
        }
    }
}
