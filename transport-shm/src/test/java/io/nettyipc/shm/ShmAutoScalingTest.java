/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.util.concurrent.AutoScalingEventExecutorChooserFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Event loops that Netty suspends while they have nothing to do: those that have a connection aren't meant. */
@Timeout(60)
class ShmAutoScalingTest {
    private static final int CONNECTIONS = 4;
    private static final int BYTES = 1 << 20;

    @ParameterizedTest
    @EnumSource(names = {"NONE", "ADAPTIVE"})
    void aLoopThatWasIdleStillServesItsConnections(ShmSpinStrategy strategy) throws Exception {
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(
                CONNECTIONS,
                (Executor) null,
                new AutoScalingEventExecutorChooserFactory(
                        1, CONNECTIONS, 50, TimeUnit.MILLISECONDS, 0.4, 0.6, 1, 1, 2),
                Shm.newIoHandlerFactory(strategy));
        try {
            ShmAddress address =
                    ShmAddress.of("auto-scaling-" + ProcessHandle.current().pid());
            new ServerBootstrap()
                    .group(group)
                    .channel(Shm.serverChannelType())
                    .childHandler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            channel.pipeline().addLast(new Echo());
                        }
                    })
                    .bind(address)
                    .sync();
            Semaphore received = new Semaphore(0);
            List<Channel> clients = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                clients.add(new Bootstrap()
                        .group(group)
                        .channel(Shm.channelType())
                        .handler(new SimpleChannelInboundHandler<ByteBuf>() {
                            @Override
                            protected void channelRead0(ChannelHandlerContext ctx, ByteBuf bytes) {
                                received.release(bytes.readableBytes());
                            }
                        })
                        .connect(address)
                        .sync()
                        .channel());
            }
            // Long enough for a loop that counts as unused to be suspended, several times over.
            Thread.sleep(1000);

            for (Channel client : clients) {
                client.writeAndFlush(Unpooled.wrappedBuffer(new byte[BYTES]));
            }

            assertTrue(received.tryAcquire(CONNECTIONS * BYTES, 20, TimeUnit.SECONDS), () -> "only " + received);
            for (Channel client : clients) {
                assertTrue(client.isOpen());
                client.close().sync();
            }
        } finally {
            assertTrue(group.shutdownGracefully(0, 10, TimeUnit.SECONDS).await(20, TimeUnit.SECONDS));
        }
    }
}
