/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.testsuite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/**
 * With auto-read off and nobody reading, a side still learns that its peer has gone, and loses nothing the peer sent
 * before.
 */
public abstract class AbstractDetectPeerCloseWithoutReadTest extends AbstractLocalTransportTest {
    private static final int BYTES = 100;

    protected AbstractDetectPeerCloseWithoutReadTest(LocalTestPermutation permutation) {
        super(permutation);
    }

    @Test
    void serverSeesItsIdleClientClose(TestInfo testInfo) throws Throwable {
        assumeTrue(permutation().seesCloseWithoutReading(), "such a channel sees the end only when it reads");
        run(testInfo, this::serverSeesItsIdleClientClose);
    }

    private void serverSeesItsIdleClientClose(ServerBootstrap sb, Bootstrap cb) throws Throwable {
        Reader reader = new Reader(false);
        sb.childOption(ChannelOption.AUTO_READ, false).childHandler(reader);
        cb.handler(new CloseWhenActive(0));
        Channel server = sb.bind().sync().channel();
        try {
            cb.connect(server.localAddress()).sync();
            reader.assertInactive();
        } finally {
            close(server);
        }
    }

    @Test
    void clientSeesItsIdleServerClose(TestInfo testInfo) throws Throwable {
        assumeTrue(permutation().seesCloseWithoutReading(), "such a channel sees the end only when it reads");
        run(testInfo, this::clientSeesItsIdleServerClose);
    }

    private void clientSeesItsIdleServerClose(ServerBootstrap sb, Bootstrap cb) throws Throwable {
        Reader reader = new Reader(false);
        sb.childHandler(new CloseWhenActive(0));
        cb.option(ChannelOption.AUTO_READ, false).handler(reader);
        Channel server = sb.bind().sync().channel();
        try {
            cb.connect(server.localAddress());
            reader.assertInactive();
        } finally {
            close(server);
        }
    }

    @Test
    void serverGetsWhatItsClientSentBeforeItClosed(TestInfo testInfo) throws Throwable {
        run(testInfo, this::serverGetsWhatItsClientSent);
    }

    private void serverGetsWhatItsClientSent(ServerBootstrap sb, Bootstrap cb) throws Throwable {
        Reader reader = new Reader(true);
        sb.childOption(ChannelOption.AUTO_READ, false).childHandler(reader);
        cb.handler(new CloseWhenActive(BYTES));
        Channel server = sb.bind().sync().channel();
        try {
            cb.connect(server.localAddress()).sync().channel().closeFuture().sync();
            reader.readAllLater();
        } finally {
            close(server);
        }
    }

    @Test
    void clientGetsWhatItsServerSentBeforeItClosed(TestInfo testInfo) throws Throwable {
        run(testInfo, this::clientGetsWhatItsServerSent);
    }

    private void clientGetsWhatItsServerSent(ServerBootstrap sb, Bootstrap cb) throws Throwable {
        Reader reader = new Reader(true);
        sb.childHandler(new CloseWhenActive(BYTES));
        cb.option(ChannelOption.AUTO_READ, false).handler(reader);
        Channel server = sb.bind().sync().channel();
        try {
            cb.connect(server.localAddress()).sync();
            reader.readAllLater();
        } finally {
            close(server);
        }
    }

    @ChannelHandler.Sharable
    private static final class CloseWhenActive extends ChannelInboundHandlerAdapter {
        private final int bytes;

        CloseWhenActive(int bytes) {
            this.bytes = bytes;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            if (bytes == 0) {
                ctx.close();
            } else {
                ctx.writeAndFlush(ctx.alloc().buffer(bytes).writeZero(bytes)).addListener(ChannelFutureListener.CLOSE);
            }
        }
    }

    private static final class Reader extends SimpleChannelInboundHandler<ByteBuf> {
        private final boolean keepReading;
        private final AtomicInteger received = new AtomicInteger();
        private final CountDownLatch active = new CountDownLatch(1);
        private final CountDownLatch inactive = new CountDownLatch(1);
        private volatile Channel channel;

        Reader(boolean keepReading) {
            this.keepReading = keepReading;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            channel = ctx.channel();
            active.countDown();
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf msg) {
            received.addAndGet(msg.readableBytes());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            if (keepReading) {
                ctx.read();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            inactive.countDown();
        }

        void assertInactive() throws InterruptedException {
            assertTrue(inactive.await(20, TimeUnit.SECONDS), "the peer's close was not noticed");
            assertEquals(0, received.get());
        }

        /**
         * Asks for data only after the peer's close has had time to arrive. Some transports deliver everything then,
         * unasked.
         */
        void readAllLater() throws InterruptedException {
            assertTrue(active.await(20, TimeUnit.SECONDS), "never active");
            Thread.sleep(100);
            channel.read();
            assertTrue(inactive.await(20, TimeUnit.SECONDS), "the end was not reached");
            assertEquals(BYTES, received.get());
        }
    }
}
