/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.testsuite;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.testsuite.transport.AbstractSingleThreadEventLoopTest;
import io.netty.util.concurrent.AutoScalingEventExecutorChooserFactory;
import io.netty.util.concurrent.EventExecutorChooserFactory;
import io.netty.util.concurrent.Future;
import io.netty.util.internal.PlatformDependent;
import io.nettyipc.base.testing.TestedTransport;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
public abstract class AbstractEventLoopTest extends AbstractSingleThreadEventLoopTest {
    /**
     * Netty's own looks every 100 ms; on a busy machine a loop that a test has just woken is asleep again before the
     * test looks, with Netty's epoll loops as well as with these (2 and 4 of 150 runs).
     */
    private static final EventExecutorChooserFactory SCALING = new AutoScalingEventExecutorChooserFactory(
            SCALING_MIN_THREADS,
            SCALING_MAX_THREADS,
            1,
            TimeUnit.SECONDS,
            SCALEDOWN_THRESHOLD,
            SCALEUP_THRESHOLD,
            SCALING_MAX_THREADS,
            SCALING_MAX_THREADS,
            SCALING_PATIENCE_CYCLES);

    private final LocalTestPermutation permutation;
    private final TestedTransport transport;

    protected AbstractEventLoopTest(LocalTestPermutation permutation) {
        this.permutation = permutation;
        transport = permutation.transport();
    }

    @Override
    protected EventLoopGroup newEventLoopGroup() {
        return new MultiThreadIoEventLoopGroup(transport.newIoHandlerFactory());
    }

    /**
     * Null skips the tests: a loop on Windows keeps its thread, which its listening instances' operations depend on.
     */
    @Override
    protected EventLoopGroup newAutoScalingEventLoopGroup() {
        if (PlatformDependent.isWindows()) {
            return null;
        }
        return new MultiThreadIoEventLoopGroup(
                SCALING_MAX_THREADS, (Executor) null, SCALING, transport.newIoHandlerFactory());
    }

    @Override
    protected Channel newChannel() {
        return newInstance(transport.channelType());
    }

    @Override
    protected Class<? extends ServerChannel> serverChannelClass() {
        return transport.serverChannelType();
    }

    private static <T> T newInstance(Class<T> type) {
        try {
            return type.getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(type + " cannot be created", e);
        }
    }

    /** The original binds a port. */
    @Test
    @Timeout(5)
    @Override
    public void testShutdownGracefullyNoQuietPeriod() throws Exception {
        EventLoopGroup group = newEventLoopGroup();
        new ServerBootstrap()
                .group(group)
                .channel(serverChannelClass())
                .childHandler(new ChannelInboundHandlerAdapter())
                .bind(permutation.newAddress())
                .sync();

        // The listener stays open: it must not keep the loops alive.
        Future<?> terminated = group.shutdownGracefully(0, 1, TimeUnit.MINUTES);
        assertTrue(group.awaitTermination(2, TimeUnit.SECONDS));
        assertTrue(terminated.syncUninterruptibly().isSuccess());
        assertTrue(group.isTerminated());
    }
}
