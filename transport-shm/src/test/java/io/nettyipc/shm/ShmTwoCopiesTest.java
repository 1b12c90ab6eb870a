/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.nettyipc.base.testing.ChildJvm;
import io.nettyipc.base.testing.TestSize;
import io.nettyipc.base.testing.TwoCopies;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two copies of the library in one JVM, each with servers and connections of its own. */
@Timeout(300)
class ShmTwoCopiesTest {

    @ParameterizedTest
    @ValueSource(strings = {"-Dnettyipc.none", "-Dio.nettyipc.shm.segment=file"})
    void serversAndConnectionsOfBothAreOpenedAndClosedAtOnce(String option) throws Exception {
        int names = TestSize.of(100, 2000);
        List<String> options = List.of(option);
        try (ChildJvm copies = TwoCopies.start(options, Connections.class, names)) {
            assertEquals(Integer.toString(names), copies.answer());
            assertEquals(Integer.toString(names), copies.answer());
        }
    }

    /** Servers with a connection each. */
    public static final class Connections implements TwoCopies.Part {
        private final EventLoopGroup group =
                new MultiThreadIoEventLoopGroup(2, Shm.newIoHandlerFactory(ShmSpinStrategy.NONE));

        public Connections() {}

        @Override
        public void use(String name) throws Exception {
            ShmAddress address = ShmAddress.of(name);
            Channel server = done(new ServerBootstrap()
                    .group(group)
                    .channel(Shm.serverChannelType())
                    .childHandler(new ChannelInboundHandlerAdapter())
                    .bind(address));
            Channel client = done(new Bootstrap()
                    .group(group)
                    .channel(Shm.channelType())
                    .handler(new ChannelInboundHandlerAdapter())
                    .connect(address));
            done(client.close());
            done(server.close());
        }

        private static Channel done(ChannelFuture future) throws InterruptedException {
            if (!future.await(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("it doesn't end: " + future);
            }
            return future.sync().channel();
        }

        @Override
        public void close() {
            group.shutdownGracefully(0, 10, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }
}
