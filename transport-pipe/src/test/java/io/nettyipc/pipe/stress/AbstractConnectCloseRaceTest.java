/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.stress;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.nettyipc.base.testing.TestedTransport;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Either side may go at any moment of a connect: everybody is told, and the listener goes on. */
public abstract class AbstractConnectCloseRaceTest extends AbstractStressTest {
    private final int races;

    /**
     * Runs over a transport.
     *
     * @param races how many of each
     */
    protected AbstractConnectCloseRaceTest(TestedTransport transport, int races) {
        super(transport);
        this.races = races;
    }

    @Test
    void clientsThatCloseAtAnyMomentHarmNobody() throws Exception {
        EchoHandler echo = new EchoHandler();
        Channel server = server(newGroup(1), newGroup(2), ch -> ch.pipeline().addLast(echo))
                .bind(newAddress())
                .sync()
                .channel();
        Bootstrap bootstrap = client(
                newGroup(2),
                ch -> ch.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelActive(ChannelHandlerContext ctx) {
                        if (ThreadLocalRandom.current().nextBoolean()) {
                            ctx.writeAndFlush(ctx.alloc().buffer(8).writeLong(1));
                        }
                    }
                }));
        AtomicInteger connected = new AtomicInteger();
        Runnable quarter = () -> {
            List<ChannelFuture> connects = new ArrayList<>();
            for (int i = 0; i < races / 4; i++) {
                ChannelFuture connect = bootstrap.connect(server.localAddress());
                connects.add(connect);
                if (ThreadLocalRandom.current().nextInt(4) == 0) {
                    ends(connect, "connect");
                } else {
                    randomPause();
                }
                connect.channel().close();
                if (connects.size() == 32) {
                    connected.addAndGet(settle(connects));
                }
            }
            connected.addAndGet(settle(connects));
        };
        inParallel(4, quarter);

        // A client that was connected long enough to be accepted has an end at the server, too.
        await(
                () -> echo.active.get() == echo.inactive.get(),
                () -> echo.active + " accepted, only " + echo.inactive + " ended");
        assertTrue(connected.get() > 0, "no race let a connect succeed");
        assertWorks(server.localAddress());
        server.close().sync();
        System.out.println(connected + " of " + races + " connected, " + echo.active + " accepted");
    }

    /** Waits for the end of each connect and each channel, and says how many had connected. */
    private static int settle(List<ChannelFuture> connects) {
        int connected = 0;
        for (ChannelFuture connect : connects) {
            if (ends(connect, "connect")) {
                connected++;
            } else if (!(connect.cause() instanceof IOException)
                    && !(connect.cause() instanceof CancellationException)) {
                throw new AssertionError("unexpected failure", connect.cause());
            }
            ends(connect.channel().closeFuture(), "close");
        }
        connects.clear();
        return connected;
    }

    @Test
    void everySequentialConnectSucceedsWhileTheServerListens() throws Exception {
        Channel server = server(newGroup(1), newGroup(1), ch -> {})
                .bind(newAddress())
                .sync()
                .channel();
        Bootstrap bootstrap = client(newGroup(1), ch -> {});
        for (int i = 0; i < 1_000; i++) {
            bootstrap.connect(server.localAddress()).sync().channel().close().sync();
        }
        server.close().sync();
    }

    @Test
    void serverMayCloseDuringAnyConnectAndItsNameIsFreeAgain() throws Exception {
        EventLoopGroup boss = newGroup(1);
        EventLoopGroup worker = newGroup(1);
        EventLoopGroup clients = newGroup(1);
        SocketAddress address = newAddress();
        ChannelGroup accepted = new DefaultChannelGroup(boss.next());
        // An accepted client is closed by its child, one that was not accepted in time by the listener's end.
        ServerBootstrap serverBootstrap = server(
                        boss,
                        worker,
                        ch -> ch.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                            @Override
                            public void channelActive(ChannelHandlerContext ctx) {
                                ctx.close();
                            }
                        }))
                .handler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object msg) {
                        accepted.add((Channel) msg);
                        ctx.fireChannelRead(msg);
                    }

                    @Override
                    public boolean isSharable() {
                        return true;
                    }
                });
        Bootstrap bootstrap = client(clients, ch -> {});
        int connected = 0;
        for (int i = 0; i < races; i++) {
            Channel server = serverBootstrap.bind(address).sync().channel();
            // Either first: where a connect is much faster than a close, or slower, one order alone would never race.
            boolean closesFirst = (i & 1) == 0;
            ChannelFuture close = closesFirst ? server.close() : null;
            if (closesFirst && i % 64 == 0) {
                ends(close, "close of the server");
            } else if (closesFirst) {
                randomPause();
            }
            ChannelFuture connect = bootstrap.connect(address);
            if (!closesFirst) {
                randomPause();
                close = server.close();
            }
            ends(close, "close of the server");
            if (ends(connect, "connect")) {
                connected++;
            } else {
                assertInstanceOf(IOException.class, connect.cause());
            }
            ends(connect.channel().closeFuture(), "client");
            // On Windows the name is free when the accepted connections are closed as well, and over shared memory a
            // client sees the end before that.
            accepted.newCloseFuture().sync();
        }
        assertTrue(connected > 0 && connected < races, connected + " of " + races + " connected: no race");
        assertWorks(server(boss, worker, ch -> ch.pipeline().addLast(new EchoHandler()))
                .bind(address)
                .sync()
                .channel()
                .localAddress());
        System.out.println(connected + " of " + races + " connected before the server closed");
    }

    @Test
    void connectThatRacesWithBindEndsAndTheServerWorks() throws Exception {
        EventLoopGroup boss = newGroup(1);
        EventLoopGroup worker = newGroup(1);
        EventLoopGroup clients = newGroup(1);
        for (int i = 0; i < 200; i++) {
            SocketAddress address = newAddress();
            ChannelFuture connect = client(clients, ch -> {}).connect(address);
            randomPause();
            Channel server = server(boss, worker, ch -> {}).bind(address).sync().channel();
            if (!ends(connect, "connect")) {
                assertInstanceOf(IOException.class, connect.cause());
            }
            client(clients, ch -> {}).connect(address).sync().channel().close().sync();
            connect.channel().close().sync();
            server.close().sync();
        }
    }

    @Test
    void serverThatNeverAcceptsClosesAndItsClientsSeeTheEnd() throws Exception {
        EventLoopGroup boss = newGroup(1);
        EventLoopGroup clients = newGroup(1);
        for (int i = 0; i < 200; i++) {
            Channel server = server(boss, boss, ch -> {})
                    .option(ChannelOption.AUTO_READ, false)
                    .bind(newAddress())
                    .sync()
                    .channel();
            List<ChannelFuture> connects = new ArrayList<>();
            for (int n = 0; n < 3; n++) {
                connects.add(client(clients, ch -> {}).connect(server.localAddress()));
            }
            randomPause();
            ends(server.close(), "close of the server");
            for (ChannelFuture connect : connects) {
                ends(connect, "connect");
                ends(connect.channel().closeFuture(), "client");
            }
        }
    }

    private void assertWorks(SocketAddress address) throws Exception {
        AtomicInteger echoed = new AtomicInteger();
        Channel channel = client(
                        newGroup(1),
                        ch -> ch.pipeline().addLast(new SimpleChannelInboundHandler<ByteBuf>() {
                            @Override
                            protected void channelRead0(ChannelHandlerContext ctx, ByteBuf msg) {
                                echoed.addAndGet(msg.readableBytes());
                            }
                        }))
                .connect(address)
                .sync()
                .channel();
        channel.writeAndFlush(channel.alloc().buffer(8).writeLong(1)).sync();
        await(() -> echoed.get() == 8, () -> "the server does not answer any more");
        channel.close().sync();
    }

    static void inParallel(int threads, Runnable work) throws InterruptedException {
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        List<Thread> started = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Thread thread = new Thread(work, "race-" + i);
            thread.setUncaughtExceptionHandler((t, failure) -> failures.add(failure));
            thread.start();
            started.add(thread);
        }
        for (Thread thread : started) {
            thread.join();
        }
        if (!failures.isEmpty()) {
            throw new AssertionError(failures.size() + " threads failed", failures.get(0));
        }
    }
}
