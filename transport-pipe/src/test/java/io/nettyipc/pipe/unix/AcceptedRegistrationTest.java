/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.unix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.nettyipc.pipe.NamedPipeAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Accepted sockets that epoll refuses, as it does when a user watches as many as fs.epoll.max_user_watches says. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "epoll is Linux's")
@Timeout(60)
class AcceptedRegistrationTest {
    private static final String ERROR = "No space left on device";

    @TempDir
    Path directory;

    /** How many accepted sockets are still to be refused. */
    private final AtomicInteger refusals = new AtomicInteger(3);

    private final BlockingQueue<String> failures = new LinkedBlockingQueue<>();

    @Test
    void areClosedAndTheNextOneIsServed() throws Exception {
        UnixTransport transport = UnixTransport.epoll();
        assumeTrue(transport != null, "no epoll");
        IoHandlerFactory epoll = transport.newTransportFactory();
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(
                1, UnixTransport.newIoHandlerFactory(executor -> new FullEpoll(epoll.newHandler(executor))));
        NamedPipeAddress address = NamedPipeAddress.of(directory.resolve("s").toString());
        new ServerBootstrap()
                .group(group)
                .channel(transport.serverChannelType())
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel ch) {
                        ch.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                            @Override
                            public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                                failures.add(cause.getMessage());
                            }
                        });
                    }
                })
                .bind(address)
                .sync();
        Bootstrap client = new Bootstrap()
                .group(group)
                .channel(transport.channelType())
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel ch) {}
                });

        while (refusals.get() > 0) {
            Channel refused = client.connect(address).sync().channel();
            assertTrue(refused.closeFuture().await(20, TimeUnit.SECONDS), "the socket stays open");
            assertEquals(ERROR, failures.poll(20, TimeUnit.SECONDS));
        }

        Channel served = client.connect(address).sync().channel();
        assertFalse(served.closeFuture().await(50));
        assertTrue(group.shutdownGracefully(0, 10, TimeUnit.SECONDS).await(20, TimeUnit.SECONDS));
    }

    /** Epoll with the given number of refusals for accepted sockets. */
    private final class FullEpoll implements IoHandler {
        private final IoHandler epoll;

        FullEpoll(IoHandler epoll) {
            this.epoll = epoll;
        }

        @Override
        public IoRegistration register(IoHandle handle) throws Exception {
            IoRegistration registration = epoll.register(handle);
            boolean accepted = handle instanceof Channel.Unsafe unsafe
                    && unsafe.voidPromise().channel().parent() != null;
            return accepted && refusals.getAndDecrement() > 0 ? new Refused(registration) : registration;
        }

        @Override
        public int run(IoHandlerContext context) {
            return epoll.run(context);
        }

        @Override
        public void initialize() {
            epoll.initialize();
        }

        @Override
        public void prepareToDestroy() {
            epoll.prepareToDestroy();
        }

        @Override
        public void destroy() {
            epoll.destroy();
        }

        @Override
        public void wakeup() {
            epoll.wakeup();
        }

        @Override
        public boolean isCompatible(Class<? extends IoHandle> handleType) {
            return epoll.isCompatible(handleType);
        }
    }

    private record Refused(IoRegistration registration) implements IoRegistration {
        @SuppressWarnings("TypeParameterUnusedInFormals") // the interface has it so
        @Override
        public <T> T attachment() {
            return registration.attachment();
        }

        @Override
        public long submit(IoOps ops) {
            throw new UncheckedIOException(new IOException(ERROR));
        }

        @Override
        public boolean isValid() {
            return registration.isValid();
        }

        @Override
        public boolean cancel() {
            return registration.cancel();
        }
    }
}
