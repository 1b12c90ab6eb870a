/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.testsuite;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.traffic.ChannelTrafficShapingHandler;
import io.netty.handler.traffic.GlobalTrafficShapingHandler;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapComboFactory;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/**
 * Traffic shaping works by delaying writes, by turning auto-read off and on from a timer, and by user-defined
 * writability. A transport that reads on while auto-read is off shows here as a transfer that is too fast, one that
 * forgets to resume as one that never ends.
 */
public abstract class AbstractTrafficShapingTest extends AbstractLocalTransportTest {
    private static final int TOTAL = 192 * 1024;
    private static final int CHUNK = 8 * 1024;
    private static final long LIMIT = 256 * 1024;
    private static final long CHECK_INTERVAL_MILLIS = 100;
    /** TOTAL takes 750 ms at LIMIT; the shaper lets the first interval's worth pass, and more when it rounds. */
    private static final long SHORTEST_MILLIS = 300;

    protected AbstractTrafficShapingTest(LocalTestPermutation permutation) {
        super(permutation);
    }

    /** Time passes here, so one pair of bootstraps and one allocator per run, different ones each time. */
    @Override
    protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
        return permutation().nextSocket();
    }

    @Override
    protected List<ByteBufAllocator> newAllocators() {
        return permutation().nextAllocator();
    }

    @Test
    void unshapedTransferArrives(TestInfo testInfo) throws Throwable {
        run(testInfo, (sb, cb) -> transfer(sb, cb, null, null, 0, false));
    }

    @Test
    void limitedWriterTakesItsTime(TestInfo testInfo) throws Throwable {
        run(
                testInfo,
                (sb, cb) -> transfer(
                        sb,
                        cb,
                        new ChannelTrafficShapingHandler(LIMIT, 0, CHECK_INTERVAL_MILLIS),
                        null,
                        SHORTEST_MILLIS,
                        false));
    }

    @Test
    void limitedReaderTakesItsTime(TestInfo testInfo) throws Throwable {
        run(
                testInfo,
                (sb, cb) -> transfer(
                        sb,
                        cb,
                        null,
                        new ChannelTrafficShapingHandler(0, LIMIT, CHECK_INTERVAL_MILLIS),
                        SHORTEST_MILLIS,
                        false));
    }

    @Test
    void limitsOfBothSidesTogetherArrive(TestInfo testInfo) throws Throwable {
        run(
                testInfo,
                (sb, cb) -> transfer(
                        sb,
                        cb,
                        new ChannelTrafficShapingHandler(LIMIT, 0, CHECK_INTERVAL_MILLIS),
                        new ChannelTrafficShapingHandler(0, LIMIT, CHECK_INTERVAL_MILLIS),
                        SHORTEST_MILLIS,
                        false));
    }

    @Test
    void globallyLimitedWriterTakesItsTime(TestInfo testInfo) throws Throwable {
        run(testInfo, (sb, cb) -> global(sb, cb, true));
    }

    @Test
    void globallyLimitedReaderTakesItsTime(TestInfo testInfo) throws Throwable {
        run(testInfo, (sb, cb) -> global(sb, cb, false));
    }

    private static void global(ServerBootstrap sb, Bootstrap cb, boolean write) throws Throwable {
        GlobalTrafficShapingHandler shaper = new GlobalTrafficShapingHandler(
                cb.config().group(), write ? LIMIT : 0, write ? 0 : LIMIT, CHECK_INTERVAL_MILLIS);
        try {
            transfer(sb, cb, write ? shaper : null, write ? null : shaper, SHORTEST_MILLIS, false);
        } finally {
            shaper.release();
        }
    }

    @Test
    void limitedReaderThatAlsoTogglesAutoReadGetsEverything(TestInfo testInfo) throws Throwable {
        run(
                testInfo,
                (sb, cb) -> transfer(
                        sb,
                        cb,
                        null,
                        new ChannelTrafficShapingHandler(0, LIMIT, CHECK_INTERVAL_MILLIS),
                        SHORTEST_MILLIS,
                        true));
    }

    /** The client sends, the server receives; each side may have a shaper. */
    private static void transfer(
            ServerBootstrap sb,
            Bootstrap cb,
            ChannelHandler writerShaper,
            ChannelHandler readerShaper,
            long shortestMillis,
            boolean toggleAutoRead)
            throws Throwable {
        Receiver receiver = new Receiver(toggleAutoRead);
        sb.childHandler(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel ch) {
                if (readerShaper != null) {
                    ch.pipeline().addLast(readerShaper);
                }
                ch.pipeline().addLast(receiver);
            }
        });
        cb.handler(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel ch) {
                if (writerShaper != null) {
                    ch.pipeline().addLast(writerShaper);
                }
                ch.pipeline().addLast(new ChannelInboundHandlerAdapter());
            }
        });
        Channel server = sb.bind().sync().channel();
        Channel client = null;
        try {
            client = cb.connect(server.localAddress()).sync().channel();
            long start = System.nanoTime();
            for (int sent = 0; sent < TOTAL; sent += CHUNK) {
                ByteBuf chunk = client.alloc().buffer(CHUNK);
                for (int i = 0; i < CHUNK; i++) {
                    chunk.writeByte(sent + i);
                }
                client.writeAndFlush(chunk);
            }
            assertTrue(
                    receiver.done.await(20, TimeUnit.SECONDS),
                    () -> "only " + receiver.received + " of " + TOTAL + " bytes arrived");
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            assertNull(receiver.failure.get());
            assertTrue(millis >= shortestMillis, () -> TOTAL + " bytes arrived within " + millis + " ms");
        } finally {
            close(client, server);
        }
    }

    private static final class Receiver extends SimpleChannelInboundHandler<ByteBuf> {
        private final boolean toggleAutoRead;
        private final AtomicInteger received = new AtomicInteger();
        private final CountDownLatch done = new CountDownLatch(1);
        private final AtomicReference<Throwable> failure = new AtomicReference<>();

        Receiver(boolean toggleAutoRead) {
            this.toggleAutoRead = toggleAutoRead;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf msg) {
            int begin = received.get();
            int offset = begin;
            while (msg.isReadable()) {
                byte expected = (byte) offset++;
                byte actual = msg.readByte();
                if (actual != expected) {
                    failure.compareAndSet(
                            null, new AssertionError("byte " + (offset - 1) + " is " + actual + ", not " + expected));
                }
            }
            received.set(offset);
            // Not for each read, which may be of a byte.
            if (toggleAutoRead && offset / CHUNK > begin / CHUNK) {
                ctx.channel().config().setAutoRead(false);
                ctx.executor().schedule(() -> ctx.channel().config().setAutoRead(true), 10, TimeUnit.MILLISECONDS);
            }
            if (offset >= TOTAL) {
                done.countDown();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            failure.compareAndSet(null, cause);
            ctx.close();
        }
    }
}
