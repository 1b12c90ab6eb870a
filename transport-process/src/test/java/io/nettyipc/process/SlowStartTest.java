/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.io.File;
import java.nio.channels.ConnectionPendingException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A child whose start takes as long as the test wants it to. */
@Timeout(60)
class SlowStartTest {

    private final MultiThreadIoEventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, ChildProcess.newIoHandlerFactory());
    private final CountDownLatch mayStart = new CountDownLatch(1);

    @AfterEach
    void stop() {
        mayStart.countDown();
        assertTrue(group.shutdownGracefully(0, 10, TimeUnit.SECONDS).awaitUninterruptibly(20, TimeUnit.SECONDS));
    }

    private Bootstrap bootstrap() {
        return new Bootstrap()
                .group(group)
                .channel(ChildProcess.channelType())
                .option(ProcessChannelOption.PROCESS_STDERR, ProcessStderr.DISCARD)
                .handler(new ChannelInboundHandlerAdapter());
    }

    private ProcessAddress program() {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return ProcessAddress.of(new ProcessBuilder(java, "-version").directory(new SlowDirectory(mayStart)));
    }

    private static Throwable failure(ChannelFuture future) {
        assertTrue(future.awaitUninterruptibly(20, TimeUnit.SECONDS), "still pending");
        return future.cause();
    }

    @Test
    void aSecondConnectFailsWhileTheFirstIsPending() {
        Channel channel = bootstrap().register().syncUninterruptibly().channel();
        ProcessAddress program = program();
        ChannelFuture first = channel.connect(program);

        assertInstanceOf(ConnectionPendingException.class, failure(channel.connect(program)));
        mayStart.countDown();

        assertNull(failure(first));
        channel.close().syncUninterruptibly();
    }

    @Test
    void aStartThatTakesTooLongFailsTheConnect() {
        ChannelFuture connect =
                bootstrap().option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 20).connect(program());

        Throwable cause = failure(connect);

        assertInstanceOf(ConnectTimeoutException.class, cause);
        assertTrue(cause.getMessage().contains("20 ms: process "), cause.getMessage());
        assertTrue(connect.channel().closeFuture().awaitUninterruptibly(20, TimeUnit.SECONDS), "still open");
    }

    @Test
    void aChildThatIsStartedTooLateEnds() {
        ChannelFuture connect =
                bootstrap().option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 20).connect(program());
        failure(connect);

        mayStart.countDown();

        ProcessChannel child = (ProcessChannel) connect.channel();
        assertTrue(child.exitFuture().awaitUninterruptibly(30, TimeUnit.SECONDS), "the child lives on");
        assertTrue(
                child.exitFuture().isSuccess(), () -> child.exitFuture().cause().toString());
    }

    /** Whoever starts a program asks for its directory's name, which this one gives when it may. */
    private static final class SlowDirectory extends File {
        private static final long serialVersionUID = 1;

        private final transient CountDownLatch mayTell;

        SlowDirectory(CountDownLatch mayTell) {
            super(".");
            this.mayTell = mayTell;
        }

        @Override
        public String toString() {
            try {
                mayTell.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return super.toString();
        }
    }
}
