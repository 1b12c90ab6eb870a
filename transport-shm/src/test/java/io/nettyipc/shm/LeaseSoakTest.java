/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.util.internal.PlatformDependent;
import io.nettyipc.base.testing.ChildJvm;
import io.nettyipc.base.testing.TestSize;
import io.nettyipc.shm.segment.SystemResources;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Messages that another process lends are held for a random time and released by several threads: for some seconds, or
 * ten minutes in a run of full size.
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES)
class LeaseSoakTest {

    private static final int SECONDS = TestSize.of(3, 600);
    private static final int MOST_MILLIS = TestSize.of(200, 5_000);
    private static final int PAUSE_MILLIS = TestSize.of(1, 10);

    private static final int MAX_LEASES = 64;
    /** So many messages are held, lent or copied, before nothing more is read. */
    private static final int MOST_HELD = 96;

    @TempDir
    Path directory;

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, Shm.newIoHandlerFactory());
    private final ScheduledExecutorService releasers = Executors.newScheduledThreadPool(2);
    private final SplittableRandom random = new SplittableRandom();
    private final AtomicInteger held = new AtomicInteger();
    private final AtomicInteger mostLent = new AtomicInteger();
    private final AtomicLong released = new AtomicLong();
    private final AtomicLong lent = new AtomicLong();
    private final AtomicReference<Throwable> wrong = new AtomicReference<>();
    private final CountDownLatch inputEnded = new CountDownLatch(1);
    private final CompletableFuture<ShmChannel> connected = new CompletableFuture<>();

    @Test
    void noSlotIsLostHoweverLongAndInWhateverOrderMessagesAreHeld() throws Exception {
        ShmAddress address =
                ShmAddress.of("lease-soak-" + ProcessHandle.current().pid());
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Channel server = bind(address);
        SystemResources before = SystemResources.count();
        try (ChildJvm lender = ChildJvm.withOptions(
                List.of("-Djava.io.tmpdir=" + directory),
                LeaseSoakProgram.class,
                address.control().path(),
                String.valueOf(PAUSE_MILLIS),
                String.valueOf(seed))) {
            assertEquals("here", lender.answer());
            ShmChannel child = connected.get(20, TimeUnit.SECONDS);
            long directAtFirst = soak();
            lender.tell("end");
            String sent = lender.answer();
            assertTrue(inputEnded.await(60, TimeUnit.SECONDS), "no end of the input");
            while (held.get() > 0 && wrong.get() == null) {
                Thread.sleep(1);
            }
            assertNull(wrong.get());
            assertEquals(Long.parseLong(sent), released.get());
            assertEquals(0, child.leaseMetrics().held());
            assertTrue(mostLent.get() <= MAX_LEASES, () -> mostLent + " leases");
            assertTrue(
                    PlatformDependent.usedDirectMemory() <= directAtFirst + (MOST_HELD + 8L) * LeaseSoakProgram.LARGEST,
                    "direct memory");
            child.writeAndFlush(Unpooled.wrappedBuffer(new byte[1])).sync();
            assertEquals("0 bytes in use, 0 held", lender.answer());
            assertEquals(Long.toString(child.leaseMetrics().received()), lender.answer());
            System.out.println(sent + " messages, " + lent + " of them lent, up to " + mostLent + " at a time");
            assertTrue(lent.get() > 0);
            lender.kill();
            assertTrue(child.closeFuture().await(60, TimeUnit.SECONDS));
        }
        LargeMemories.awaitUnmapped();
        SystemResources.count().assertNotMoreThan(before);
        server.close().sync();
        releasers.shutdown();
        assertTrue(group.shutdownGracefully(0, 10, TimeUnit.SECONDS).awaitUninterruptibly(20, TimeUnit.SECONDS));
    }

    /** Returns how much direct memory was used at its beginning. */
    private long soak() throws InterruptedException {
        long before = PlatformDependent.usedDirectMemory();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (System.nanoTime() < end && wrong.get() == null) {
            Thread.sleep(100);
            // What is held of copies; Netty's pool keeps no more than that needed.
            long direct = PlatformDependent.usedDirectMemory() - before;
            assertTrue(direct <= 2L * (MOST_HELD + 8) * LeaseSoakProgram.LARGEST, () -> direct + " bytes");
        }
        assertNull(wrong.get());
        return before;
    }

    private Channel bind(ShmAddress address) throws InterruptedException {
        return new ServerBootstrap()
                .group(group)
                .channel(ShmServerChannel.class)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ShmChannelOption.SHM_LEASE_RECEIVE_MEMORY, LeaseSoakProgram.MEMORY)
                .childOption(ShmChannelOption.SHM_MAX_LEASES, MAX_LEASES)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(
                                        new LengthFieldBasedFrameDecoder(
                                                LeaseSoakProgram.HEADER + LeaseSoakProgram.LARGEST, 0, 4, 0, 4),
                                        new Holder());
                    }
                })
                .bind(address)
                .sync()
                .channel();
    }

    private final class Holder extends ChannelInboundHandlerAdapter {

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            connected.complete((ShmChannel) ctx.channel());
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf message = (ByteBuf) msg;
            if (message.isReadOnly()) {
                lent.incrementAndGet();
            }
            mostLent.accumulateAndGet(
                    ((ShmChannel) ctx.channel()).leaseMetrics().held(), Math::max);
            if (held.incrementAndGet() >= MOST_HELD) {
                ctx.channel().config().setAutoRead(false);
            }
            releasers.schedule(
                    () -> release(ctx.channel(), message), random.nextInt(MOST_MILLIS), TimeUnit.MILLISECONDS);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event == ChannelInputShutdownEvent.INSTANCE) {
                inputEnded.countDown();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            wrong.compareAndSet(null, cause);
        }
    }

    /** What was lent has to be what it was when it came. */
    private void release(Channel channel, ByteBuf message) {
        try {
            long checksum = message.readLong();
            assertEquals(checksum, LeaseSoakProgram.checksum(ByteBufUtil.getBytes(message)));
            message.release();
            released.incrementAndGet();
            if (held.decrementAndGet() < MOST_HELD / 2) {
                channel.config().setAutoRead(true);
            }
        } catch (Throwable t) {
            wrong.compareAndSet(null, t);
        }
    }
}
