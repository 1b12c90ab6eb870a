/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.util.concurrent.AutoScalingEventExecutorChooserFactory;
import io.nettyipc.pipe.unix.UnixTransport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Event loops that Netty suspends while they have nothing to do. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the program is Unix's")
@Timeout(60)
class AutoScalingTest {
    private static final int CHILDREN = 4;
    private static final int BYTES = 1 << 20;

    @ParameterizedTest
    @MethodSource("io.nettyipc.pipe.UnixTransports#all")
    void aLoopThatWasIdleStillServesItsChildren(UnixTransport transport) throws Exception {
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(
                CHILDREN,
                (Executor) null,
                new AutoScalingEventExecutorChooserFactory(1, CHILDREN, 50, TimeUnit.MILLISECONDS, 0.4, 0.6, 1, 1, 2),
                transport.newIoHandlerFactory());
        try {
            Semaphore received = new Semaphore(0);
            List<ProcessChannel> children = new ArrayList<>();
            for (int i = 0; i < CHILDREN; i++) {
                children.add((ProcessChannel) new Bootstrap()
                        .group(group)
                        .channel(ChildProcess.channelType())
                        .handler(new SimpleChannelInboundHandler<ByteBuf>() {
                            @Override
                            protected void channelRead0(ChannelHandlerContext ctx, ByteBuf msg) {
                                received.release(msg.readableBytes());
                            }
                        })
                        .connect(ProcessAddress.of("cat"))
                        .sync()
                        .channel());
            }
            // Long enough for a loop that counts as unused to be suspended, several times over.
            Thread.sleep(1000);

            for (ProcessChannel child : children) {
                child.writeAndFlush(Unpooled.wrappedBuffer(new byte[BYTES]));
            }

            assertTrue(received.tryAcquire(CHILDREN * BYTES, 20, TimeUnit.SECONDS), () -> "only " + received);
            for (ProcessChannel child : children) {
                assertTrue(child.isOpen());
                child.shutdownOutput().sync();
                assertEquals(0, child.exitFuture().sync().getNow());
            }
        } finally {
            assertTrue(group.shutdownGracefully(0, 10, TimeUnit.SECONDS).await(20, TimeUnit.SECONDS));
        }
    }
}
