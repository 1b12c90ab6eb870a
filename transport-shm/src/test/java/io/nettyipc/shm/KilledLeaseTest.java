/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.nettyipc.base.testing.ChildJvm;
import io.nettyipc.base.testing.TestSize;
import io.nettyipc.shm.segment.SystemResources;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process is killed while leases are out: what the other holds stays, and what it has lent is its own again. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class KilledLeaseTest {

    static final int KEPT = 30;
    private static final int KILLS = TestSize.of(1, 50);

    @TempDir
    Path directory;

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, Shm.newIoHandlerFactory());
    private final ShmAddress address =
            ShmAddress.of("killed-lease-" + ProcessHandle.current().pid());
    private final BlockingQueue<ShmChannel> children = new LinkedBlockingQueue<>();
    private final BlockingQueue<ByteBuf> received = new LinkedBlockingQueue<>();
    private final ExecutorService releasers = Executors.newFixedThreadPool(2);
    private final SplittableRandom random = new SplittableRandom();

    @AfterEach
    void shutDown() {
        releasers.shutdown();
        assertTrue(group.shutdownGracefully(0, 10, TimeUnit.SECONDS).awaitUninterruptibly(20, TimeUnit.SECONDS));
    }

    private Channel bind() throws InterruptedException {
        return new ServerBootstrap()
                .group(group)
                .channel(ShmServerChannel.class)
                .childOption(ShmChannelOption.SHM_LEASE_SEND_MEMORY, KilledLeaseProgram.MEMORY)
                .childOption(ShmChannelOption.SHM_LEASE_RECEIVE_MEMORY, KilledLeaseProgram.MEMORY)
                .childHandler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public boolean isSharable() {
                        return true;
                    }

                    @Override
                    public void channelActive(ChannelHandlerContext ctx) {
                        children.add((ShmChannel) ctx.channel());
                    }

                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object msg) {
                        received.add((ByteBuf) msg);
                    }
                })
                .bind(address)
                .sync()
                .channel();
    }

    private ChildJvm start(String role) throws Exception {
        return ChildJvm.withOptions(
                List.of("-Djava.io.tmpdir=" + directory),
                KilledLeaseProgram.class,
                address.control().path(),
                role);
    }

    private ShmChannel nextChild() throws InterruptedException {
        ShmChannel child = children.poll(60, TimeUnit.SECONDS);
        assertNotNull(child);
        return child;
    }

    @Test
    void whatASenderHasLentOutlivesIt() throws Exception {
        Channel server = bind();
        SystemResources before = null;
        for (int kill = 0; kill <= KILLS; kill++) {
            List<ByteBuf> held = new ArrayList<>();
            List<Future<?>> releases = new ArrayList<>();
            try (ChildJvm sender = start("send")) {
                ShmChannel child = nextChild();
                int killAt = random.nextInt(50, 500);
                for (int i = 0; i < killAt; i++) {
                    ByteBuf message = received.poll(60, TimeUnit.SECONDS);
                    assertNotNull(message);
                    held.add(message);
                    while (held.size() > random.nextInt(20)) {
                        releases.add(release(held.remove(random.nextInt(held.size()))));
                    }
                }
                sender.kill();
                child.closeFuture().await(60, TimeUnit.SECONDS);
                assertTrue(child.leaseMetrics().received() > 0);
            }
            held.addAll(received);
            received.clear();
            held.forEach(message -> releases.add(release(message)));
            for (Future<?> release : releases) {
                release.get();
            }
            LargeMemories.awaitUnmapped();
            if (before == null) {
                before = SystemResources.count();
            } else {
                SystemResources.count().assertNotMoreThan(before);
            }
        }
        server.close().sync();
    }

    /** A part of a copied message may be missing, and where such a part begins can't be seen. */
    private Future<?> release(ByteBuf message) {
        return releasers.submit(() -> {
            if (message.isReadOnly()) {
                long number = message.getLong(0);
                assertTrue(message.readableBytes() >= KilledLeaseProgram.SIZE);
                for (int i = 0; i < message.readableBytes(); i += Long.BYTES) {
                    assertEquals(number, message.getLong(i));
                }
            }
            message.release();
        });
    }

    @Test
    void whatAKilledReceiverHoldsIsTheSendersAgain() throws Exception {
        Channel server = bind();
        for (int kill = 0; kill < KILLS; kill++) {
            try (ChildJvm keeper = start("keep")) {
                ShmChannel child = nextChild();
                assertEquals("here", keeper.answer());
                CountDownLatch written = new CountDownLatch(KEPT);
                for (int i = 0; i < KEPT; i++) {
                    child.writeAndFlush(KilledLeaseProgram.message(child.sharedAllocator(), i))
                            .addListener(future -> written.countDown());
                }
                assertTrue(written.await(60, TimeUnit.SECONDS));
                assertEquals("kept", keeper.answer());
                assertEquals(KEPT, child.leaseMetrics().peerHolds());
                ByteBuf unsent = KilledLeaseProgram.message(child.sharedAllocator(), 1);
                keeper.kill();
                assertTrue(child.closeFuture().await(60, TimeUnit.SECONDS));
                assertEquals(1, unsent.getLong(0));
                unsent.release();
                assertEquals(0, child.leaseMetrics().peerHolds());
                assertEquals(0, child.leaseMetrics().memoryInUse());
            }
        }
        server.close().sync();
    }
}
