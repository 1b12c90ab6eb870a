/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What becomes of the request of a call that fails before it has begun. */
@DisabledOnOs(value = OS.MAC, disabledReason = "it has no pipes that carry messages")
@Timeout(60)
class NamedPipeCallTest {
    private final ByteBuf request = Unpooled.directBuffer().writeByte(1);

    @Test
    void wrongNumbersAreRefusedAndTheRequestIsReleased() {
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NamedPipe.newIoHandlerFactory());

        assertThrows(
                IllegalArgumentException.class,
                () -> NamedPipe.call(group, PipeFixture.newAddress(), request.retain(), 0, 1000));
        assertThrows(
                IllegalArgumentException.class,
                () -> NamedPipe.call(group, PipeFixture.newAddress(), request.retain(), 100, 0));

        assertEquals(1, request.refCnt());
        request.release();
        group.shutdownGracefully(0, 10, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void anEventLoopThatHasEndedFailsTheCallAndReleasesTheRequest() {
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NamedPipe.newIoHandlerFactory());
        group.shutdownGracefully(0, 10, TimeUnit.SECONDS).syncUninterruptibly();

        Future<ByteBuf> call = NamedPipe.call(group, PipeFixture.newAddress(), request, 100, 1000);

        assertTrue(call.isDone());
        assertInstanceOf(RejectedExecutionException.class, call.cause());
        assertEquals(0, request.refCnt());
    }

    @Test
    void aRequestThatNobodyTakesIsReleased() {
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NamedPipe.newIoHandlerFactory());

        NamedPipe.call(group, PipeFixture.newAddress(), request, 100, 1000).awaitUninterruptibly();

        group.shutdownGracefully(0, 10, TimeUnit.SECONDS).syncUninterruptibly();
        assertEquals(0, request.refCnt());
    }
}
