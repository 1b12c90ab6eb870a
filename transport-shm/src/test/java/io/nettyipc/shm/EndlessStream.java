/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;

/** Sends an endless stream as fast as it goes, and checks every byte of the one that comes. */
final class EndlessStream extends ChannelInboundHandlerAdapter {

    /** Repeated for ever; its length shares no factor with any ring's. */
    private static final byte[] PATTERN = new byte[1_000_003];

    private static final int MAX_WRITE = 20_000;

    static {
        new Random(1).nextBytes(PATTERN);
    }

    private final int index;
    private final LongConsumer committed;
    private final Random random = new Random();
    private final AtomicInteger writesUnderWay = new AtomicInteger();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private long sent;
    private long written;
    private boolean reporting;
    private int peersIndex;
    private long received = -Integer.BYTES;
    private String wrong;
    private long endedAt;

    /**
     * @param index     told the peer
     * @param committed told on the event loop how many bytes the peer can read for certain
     */
    EndlessStream(int index, LongConsumer committed) {
        this.index = index;
        this.committed = committed;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        ctx.write(ctx.alloc().buffer(Integer.BYTES).writeInt(index));
        send(ctx);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        send(ctx);
    }

    private void send(ChannelHandlerContext ctx) {
        boolean any = false;
        while (ctx.channel().isActive() && ctx.channel().isWritable()) {
            int offset = (int) (sent % PATTERN.length);
            int length = Math.min(1 + random.nextInt(MAX_WRITE), PATTERN.length - offset);
            sent += length;
            any = true;
            writesUnderWay.incrementAndGet();
            ctx.write(ctx.alloc().buffer(length).writeBytes(PATTERN, offset, length))
                    .addListener(future -> {
                        writesUnderWay.decrementAndGet();
                        if (future.isSuccess()) {
                            written += length;
                            report(ctx);
                        }
                    });
        }
        if (any) {
            ctx.flush();
        }
    }

    /** A write is done when the ring has its bytes; it is committed when the flush that it belongs to returns. */
    private void report(ChannelHandlerContext ctx) {
        if (!reporting) {
            reporting = true;
            ctx.executor().execute(() -> {
                reporting = false;
                committed.accept(written);
            });
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        ByteBuf bytes = (ByteBuf) msg;
        // At once: the leak detector writes down every access.
        byte[] found = ByteBufUtil.getBytes(bytes);
        for (byte next : found) {
            if (received < 0) {
                peersIndex = peersIndex << Byte.SIZE | next;
            } else if (next != PATTERN[(int) (received % PATTERN.length)] && wrong == null) {
                wrong = "byte " + received + " of the stream is " + next;
            }
            received++;
        }
        bytes.release();
        begun.countDown();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        endedAt = System.nanoTime();
        // Behind the failures of the writes, which are told after this.
        ctx.executor().execute(ended::countDown);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (wrong == null) {
            wrong = cause.toString();
        }
        ctx.close();
    }

    /** Counted down when the first bytes have come. */
    CountDownLatch begun() {
        return begun;
    }

    /** Counted down when the channel is inactive; then the others may be called. */
    CountDownLatch ended() {
        return ended;
    }

    long endedAt() {
        return endedAt;
    }

    int peersIndex() {
        return peersIndex;
    }

    long received() {
        return received;
    }

    int writesUnderWay() {
        return writesUnderWay.get();
    }

    /** What was wrong with what came, or {@code null}. */
    String wrong() {
        return wrong;
    }
}
