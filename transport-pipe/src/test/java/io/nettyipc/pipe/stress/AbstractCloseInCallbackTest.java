/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.ReferenceCountUtil;
import io.nettyipc.base.testing.TestedTransport;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A handler may close its channel in whatever it is called for. Both sides hear of it, once, and everything is
 * released.
 */
public abstract class AbstractCloseInCallbackTest extends AbstractStressTest {
    private final int times;

    /**
     * Runs over a transport.
     *
     * @param times how often each
     */
    protected AbstractCloseInCallbackTest(TestedTransport transport, int times) {
        super(transport);
        this.times = times;
    }

    private static final int CHUNK = 16 * 1024;
    private static final int CHUNKS = 16;

    private enum Callback {
        HANDLER_ADDED,
        REGISTERED,
        ACTIVE,
        READ,
        READ_COMPLETE,
        WRITABILITY_CHANGED,
        WRITE_PROMISE,
        INACTIVE,
        USER_EVENT
    }

    @ParameterizedTest
    @EnumSource(Callback.class)
    void clientClosesIn(Callback callback) throws Exception {
        closeIn(callback, null);
    }

    @ParameterizedTest
    @EnumSource(Callback.class)
    void serverClosesIn(Callback callback) throws Exception {
        closeIn(null, callback);
    }

    @ParameterizedTest
    @EnumSource(Callback.class)
    void bothCloseIn(Callback callback) throws Exception {
        closeIn(callback, callback);
    }

    @Test
    void clientClosesInItsConnectPromise() throws Exception {
        EventLoopGroup group = newGroup(2);
        EchoHandler echo = new EchoHandler();
        Channel server = server(group, group, ch -> ch.pipeline().addLast(echo))
                .bind(newAddress())
                .sync()
                .channel();
        Bootstrap bootstrap = client(newGroup(1), ch -> {});
        for (int i = 0; i < times; i++) {
            ChannelFuture connect = bootstrap.connect(server.localAddress());
            connect.addListener(future -> connect.channel().close());
            assertTrue(ends(connect, "connect"));
            ends(connect.channel().closeFuture(), "client");
        }
        await(() -> echo.inactive.get() == times, () -> "only " + echo.inactive + " ended at the server");
        server.close().sync();
    }

    @Test
    void acceptorClosesTheServerInItsFirstRead() throws Exception {
        EventLoopGroup boss = newGroup(1);
        EventLoopGroup worker = newGroup(1);
        EventLoopGroup clients = newGroup(1);
        for (int i = 0; i < times; i++) {
            Channel server = server(boss, worker, ch -> {})
                    .handler(new ChannelInboundHandlerAdapter() {
                        @Override
                        public void channelRead(ChannelHandlerContext ctx, Object msg) {
                            ctx.close();
                            ((Channel) msg).unsafe().closeForcibly();
                        }
                    })
                    .bind(newAddress())
                    .sync()
                    .channel();
            ChannelFuture connect = client(clients, ch -> {}).connect(server.localAddress());
            ends(connect, "connect");
            ends(server.closeFuture(), "server");
            ends(connect.channel().closeFuture(), "client");
        }
    }

    private void closeIn(Callback atClient, Callback atServer) throws Exception {
        EventLoopGroup one = newGroup(1);
        EventLoopGroup boss = newGroup(1);
        EventLoopGroup worker = newGroup(1);
        EventLoopGroup clients = newGroup(1);
        for (int i = 0; i < times; i++) {
            boolean together = i % 2 == 0;
            Closer clientCloser = new Closer(atClient);
            Closer serverCloser = new Closer(atServer);
            ServerBootstrap sb = together
                    ? server(one, one, ch -> ch.pipeline().addLast(serverCloser))
                    : server(boss, worker, ch -> ch.pipeline().addLast(serverCloser));
            WriteBufferWaterMark marks = new WriteBufferWaterMark(CHUNK, 2 * CHUNK);
            Channel server = sb.childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, marks)
                    .bind(newAddress())
                    .sync()
                    .channel();
            ChannelFuture connect = client(
                            together ? one : clients, ch -> ch.pipeline().addLast(clientCloser))
                    .option(ChannelOption.WRITE_BUFFER_WATER_MARK, marks)
                    .connect(server.localAddress());
            if (!ends(connect, "connect")) {
                // Closed before it was connected.
                assertInstanceOf(IOException.class, connect.cause());
            }
            ends(connect.channel().closeFuture(), "client");
            // The server may never have seen a client that left so early; a child it did see must end.
            ends(server.close(), "server");
            clientCloser.assertOver("client");
            serverCloser.assertOver("child");
        }
    }

    /**
     * Sends and receives a little, and closes when it is called back in the chosen way. Without one it waits for the
     * other side's close.
     */
    private static final class Closer extends ChannelInboundHandlerAdapter {
        private final Callback when;
        private final AtomicInteger active = new AtomicInteger();
        private final AtomicInteger inactive = new AtomicInteger();
        private final AtomicInteger pendingWrites = new AtomicInteger();
        private final CountDownLatch added = new CountDownLatch(1);
        private final CountDownLatch removed = new CountDownLatch(1);

        Closer(Callback when) {
            this.when = when;
        }

        private void on(Callback callback, ChannelHandlerContext ctx) {
            if (callback == when) {
                ctx.close();
            }
        }

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            added.countDown();
            on(Callback.HANDLER_ADDED, ctx);
        }

        @Override
        public void channelRegistered(ChannelHandlerContext ctx) {
            on(Callback.REGISTERED, ctx);
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            active.incrementAndGet();
            for (int i = 0; i < CHUNKS; i++) {
                pendingWrites.incrementAndGet();
                ctx.write(ctx.alloc().buffer(CHUNK).writeZero(CHUNK)).addListener(future -> {
                    pendingWrites.decrementAndGet();
                    on(Callback.WRITE_PROMISE, ctx);
                });
            }
            ctx.flush();
            on(Callback.ACTIVE, ctx);
            ctx.pipeline().fireUserEventTriggered("now");
            if (when == Callback.INACTIVE) {
                ctx.executor().schedule(() -> ctx.close(), 1, TimeUnit.MILLISECONDS);
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object evt) {
            on(Callback.USER_EVENT, ctx);
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            on(Callback.READ, ctx);
            ReferenceCountUtil.release(msg);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            on(Callback.READ_COMPLETE, ctx);
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            on(Callback.WRITABILITY_CHANGED, ctx);
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            inactive.incrementAndGet();
            on(Callback.INACTIVE, ctx);
        }

        @Override
        public void handlerRemoved(ChannelHandlerContext ctx) {
            removed.countDown();
        }

        void assertOver(String side) throws InterruptedException {
            if (added.getCount() > 0) {
                return;
            }
            assertTrue(removed.await(30, TimeUnit.SECONDS), side + " does not end");
            assertTrue(inactive.get() <= 1, side + " ends once");
            // An accepted channel that is closed before Netty has told it that it is active still hears that it is not.
            assertTrue(active.get() <= inactive.get(), side + " began and did not end");
            assertEquals(0, pendingWrites.get(), side + " has writes without an answer");
        }
    }
}
