/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.testsuite;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** An accepted channel that is closed before it is registered anywhere: its client must see the end. */
public abstract class AbstractCloseForciblyTest extends AbstractLocalTransportTest {
    protected AbstractCloseForciblyTest(LocalTestPermutation permutation) {
        super(permutation);
    }

    @Test
    void clientOfAForciblyClosedChildSeesTheEndAndTheServerGoesOn(TestInfo testInfo) throws Throwable {
        run(testInfo, this::clientOfAForciblyClosedChildSeesTheEnd);
    }

    private void clientOfAForciblyClosedChildSeesTheEnd(ServerBootstrap sb, Bootstrap cb) throws Throwable {
        sb.handler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object msg) {
                        Channel child = (Channel) msg;
                        assertFalse(child.isRegistered());
                        child.unsafe().closeForcibly();
                    }
                })
                .childHandler(new ChannelInboundHandlerAdapter());
        cb.handler(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel ch) {
                // Nothing to add: the channel reads until the end.
            }
        });

        Channel server = sb.bind().sync().channel();
        try {
            // More often than any transport keeps instances in reserve: each one that is closed must be replaced.
            for (int i = 0; i < 20; i++) {
                Channel client = cb.connect(server.localAddress()).channel();
                assertTrue(client.closeFuture().await(20, TimeUnit.SECONDS), "client " + i + " still open");
            }
        } finally {
            close(server);
        }
    }
}
