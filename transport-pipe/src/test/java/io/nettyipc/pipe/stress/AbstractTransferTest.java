/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.stress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.util.internal.PlatformDependent;
import io.nettyipc.base.testing.TestSize;
import io.nettyipc.base.testing.TestedTransport;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Both directions at once, as fast as they go: nothing stands still, nothing is lost, nothing is changed. */
public abstract class AbstractTransferTest extends AbstractStressTest {
    private static final long MEBIBYTE = 1024 * 1024;

    private final long bytes;

    /**
     * Runs over a transport.
     *
     * @param bytes each way
     */
    protected AbstractTransferTest(TestedTransport transport, long bytes) {
        super(transport);
        this.bytes = bytes;
    }

    @Test
    void bothDirectionsAtOnceArriveUnchanged() throws Exception {
        transfer(newGroup(1), newGroup(1), newGroup(1), false);
    }

    @Test
    void bothDirectionsAtOnceArriveUnchangedOnOneLoop() throws Exception {
        EventLoopGroup one = newGroup(1);
        transfer(one, one, one, false);
    }

    @Test
    void bothDirectionsAtOnceArriveUnchangedWhileAutoReadGoesOnAndOff() throws Exception {
        transfer(newGroup(1), newGroup(1), newGroup(1), true);
    }

    private void transfer(EventLoopGroup boss, EventLoopGroup worker, EventLoopGroup clients, boolean toggle)
            throws Exception {
        long start = System.nanoTime();
        Side[] sides = {new Side(1, toggle), new Side(2, toggle)};
        Channel server = server(boss, worker, ch -> ch.pipeline().addLast(sides[0]))
                .bind(newAddress())
                .sync()
                .channel();
        Channel client = client(clients, ch -> ch.pipeline().addLast(sides[1]))
                .connect(server.localAddress())
                .sync()
                .channel();
        for (Side side : sides) {
            assertTrue(
                    side.done.await(TestSize.of(100, 280), TimeUnit.SECONDS),
                    () -> "stands still: " + sides[0] + ", " + sides[1]);
        }
        client.close().sync();
        server.close().sync();
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf("%d MiB each way in %.1f s%n", bytes / MEBIBYTE, seconds);
        assertEquals(sides[0].sentHash(), sides[1].receivedHash());
        assertEquals(sides[1].sentHash(), sides[0].receivedHash());
    }

    private final class Side extends ChannelInboundHandlerAdapter {
        private final SplittableRandom random;
        private final boolean toggle;
        private final byte[] pool = new byte[128 * 1024];
        private final MessageDigest sentDigest = sha256();
        private final MessageDigest receivedDigest = sha256();
        private final CountDownLatch done = new CountDownLatch(2);
        private volatile long sent;
        private volatile long received;

        Side(long seed, boolean toggle) {
            random = new SplittableRandom(seed);
            this.toggle = toggle;
            PlatformDependent.splittableRandomNextBytes(random, pool);
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            send(ctx);
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            send(ctx);
        }

        private void send(ChannelHandlerContext ctx) {
            boolean wrote = false;
            while (ctx.channel().isWritable() && sent < bytes) {
                // From single bytes to more than a pipe's quota or a small ring holds; the content differs from chunk
                // to chunk.
                int length =
                        (int) Math.min(1 + random.nextInt(random.nextInt(8) == 0 ? pool.length : 8192), bytes - sent);
                int offset = random.nextInt(pool.length - length + 1);
                pool[offset]++;
                sentDigest.update(pool, offset, length);
                ctx.write(ctx.alloc().buffer(length).writeBytes(pool, offset, length));
                long total = sent + length;
                sent = total;
                wrote = true;
                if (total == bytes) {
                    done.countDown();
                }
            }
            if (wrote) {
                ctx.flush();
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf data = (ByteBuf) msg;
            long total = received + data.readableBytes();
            received = total;
            receivedDigest.update(data.nioBuffer());
            data.release();
            if (toggle && ctx.channel().config().isAutoRead() && (total & 7) == 0) {
                ctx.channel().config().setAutoRead(false);
                ctx.executor().schedule(() -> ctx.channel().config().setAutoRead(true), 50, TimeUnit.MICROSECONDS);
            }
            if (total == bytes) {
                done.countDown();
            }
        }

        String sentHash() {
            return HexFormat.of().formatHex(sentDigest.digest());
        }

        String receivedHash() {
            assertEquals(bytes, received);
            return HexFormat.of().formatHex(receivedDigest.digest());
        }

        private static MessageDigest sha256() {
            try {
                return MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public String toString() {
            return sent + " sent and " + received + " received";
        }
    }
}
