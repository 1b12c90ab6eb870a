/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.util.AttributeKey;
import io.netty.util.internal.PlatformDependent;
import io.nettyipc.base.testing.TestSize;
import io.nettyipc.pipe.testing.Pipes;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers: of open connections, and of clients that want one at the same moment. */
class ManyConnectionsTest extends AbstractStressTest {
    private static final int CONNECTIONS = 2_000;
    private static final int PARALLEL = 250;
    private static final int ROUNDS = TestSize.of(3, 10);

    ManyConnectionsTest() {
        super(new Pipes());
    }

    @Test
    void twoThousandConnectionsAreOpenAtOnceAndEachGetsItsOwnAnswers() throws Exception {
        EchoHandler echo = new EchoHandler();
        Channel server = server(newGroup(1), newGroup(2), ch -> ch.pipeline().addLast(echo))
                .option(ChannelOption.SO_BACKLOG, 128)
                .bind(newAddress())
                .sync()
                .channel();
        Answers answers = new Answers();
        Bootstrap bootstrap = client(newGroup(2), answers::check);
        List<Channel> clients = new ArrayList<>();
        while (clients.size() < CONNECTIONS) {
            clients.addAll(connectAll(bootstrap, server.localAddress(), 50));
        }
        await(() -> echo.active.get() == CONNECTIONS, () -> "only " + echo.active + " accepted");
        assertEquals(0, echo.inactive.get());
        for (int round = 1; round <= 2; round++) {
            for (int i = 0; i < CONNECTIONS; i++) {
                Channel client = clients.get(i);
                client.attr(Answers.EXPECTED).set((long) round * CONNECTIONS + i);
                client.writeAndFlush(client.alloc().buffer(Long.BYTES).writeLong((long) round * CONNECTIONS + i));
            }
            int expected = round * CONNECTIONS;
            await(
                    () -> answers.right.get() + answers.wrong.get() == expected,
                    () -> answers.right + " right and " + answers.wrong + " wrong answers of " + expected);
            assertEquals(0, answers.wrong.get());
        }
        for (Channel client : clients) {
            client.close();
        }
        for (Channel client : clients) {
            ends(client.closeFuture(), "close");
        }
        await(() -> echo.inactive.get() == CONNECTIONS, () -> "only " + echo.inactive + " ended at the server");
        server.close().sync();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 16})
    void parallelConnectsAllSucceedWhateverTheBacklog(int backlog) throws Exception {
        EchoHandler echo = new EchoHandler();
        EventLoopGroup boss = newGroup(1);
        Channel server = server(boss, newGroup(2), ch -> ch.pipeline().addLast(echo))
                .option(ChannelOption.SO_BACKLOG, backlog)
                .bind(newAddress())
                .sync()
                .channel();
        Answers answers = new Answers();
        Bootstrap bootstrap = client(newGroup(2), answers::check);
        for (int round = 1; round <= ROUNDS; round++) {
            List<Channel> clients = connectAll(bootstrap, server.localAddress(), PARALLEL);
            for (int i = 0; i < PARALLEL; i++) {
                Channel client = clients.get(i);
                client.attr(Answers.EXPECTED).set((long) i);
                client.writeAndFlush(client.alloc().buffer(Long.BYTES).writeLong(i));
            }
            int expected = round * PARALLEL;
            await(() -> answers.right.get() == expected, () -> answers.right + " answers of " + expected);
            for (Channel client : clients) {
                client.close();
            }
            for (Channel client : clients) {
                ends(client.closeFuture(), "close");
            }
        }
        assertEquals(0, answers.wrong.get());
        await(() -> echo.inactive.get() == ROUNDS * PARALLEL, () -> "only " + echo.inactive + " ended at the server");
        server.close().sync();
    }

    /** All at once, and all must succeed. */
    private static List<Channel> connectAll(Bootstrap bootstrap, SocketAddress address, int count) throws Exception {
        List<ChannelFuture> connects = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            connects.add(bootstrap.connect(address));
        }
        List<Channel> channels = new ArrayList<>();
        for (ChannelFuture connect : connects) {
            // On Unix a full backlog refuses a connect that does not block (EAGAIN); on Windows the transport waits for
            // an instance.
            for (int again = 0;
                    !ends(connect, "connect") && !PlatformDependent.isWindows() && again < 10_000;
                    again++) {
                Thread.sleep(1);
                connect = bootstrap.connect(address);
            }
            assertTrue(connect.isSuccess(), String.valueOf(connect.cause()));
            channels.add(connect.channel());
        }
        return channels;
    }

    private static final class Answers {
        static final AttributeKey<Long> EXPECTED = AttributeKey.valueOf(Answers.class, "expected");
        final AtomicInteger right = new AtomicInteger();
        final AtomicInteger wrong = new AtomicInteger();

        void check(Channel channel) {
            channel.pipeline().addLast(new SimpleChannelInboundHandler<ByteBuf>() {
                private int bytes;
                private long value;

                @Override
                protected void channelRead0(ChannelHandlerContext ctx, ByteBuf msg) {
                    while (msg.isReadable()) {
                        value = value << Byte.SIZE | msg.readUnsignedByte();
                        if (++bytes == Long.BYTES) {
                            (value == ctx.channel().attr(EXPECTED).get() ? right : wrong).incrementAndGet();
                            bytes = 0;
                            value = 0;
                        }
                    }
                }
            });
        }
    }
}
