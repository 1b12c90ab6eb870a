/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.testsuite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

public abstract class AbstractWriteBeforeConnectTest extends AbstractLocalTransportTest {
    protected AbstractWriteBeforeConnectTest(LocalTestPermutation permutation) {
        super(permutation);
    }

    @Test
    void writeRightAfterAConnectThatFailsIsFailedAndReleased(TestInfo testInfo) throws Throwable {
        run(testInfo, this::writeRightAfterAConnectThatFails);
    }

    private void writeRightAfterAConnectThatFails(ServerBootstrap sb, Bootstrap cb) throws Throwable {
        // Nobody listens here. The write may come before the channel is registered, before it is connected, or after.
        ChannelFuture connect = cb.handler(new ChannelInboundHandlerAdapter()).connect(newSocketAddress());
        Channel channel = connect.channel();
        ByteBuf message = channel.alloc().directBuffer(1).writeByte(1);
        ChannelFuture write = channel.writeAndFlush(message);
        assertTrue(write.await(20, TimeUnit.SECONDS), "the write never ended");
        assertFalse(write.isSuccess());
        assertTrue(connect.await(20, TimeUnit.SECONDS), "the connect never ended");
        assertFalse(connect.isSuccess());
        assertTrue(channel.closeFuture().await(20, TimeUnit.SECONDS), "still open");
        assertEquals(0, message.refCnt());
    }
}
