/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.workload;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.nettyipc.benchmarks.transport.NettyClient;
import io.nettyipc.shm.ShmChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Large messages in one direction of which the sender fills every byte and the receiver sums every byte: what copies
 * cost an application that touches its data. Shared memory with leases allocates them where the receiver reads them;
 * all others write four buffers of their own in turn, as far as these are sent. The server answers with its sum.
 */
public final class Filled implements Workload {
    private static final byte MORE = 0;
    private static final byte LAST = 1;
    private static final int BUFFERS = 4;

    private final int size;
    private final boolean touched;

    Filled(int size) {
        this(size, true);
    }

    private Filled(int size, boolean touched) {
        this.size = size;
        this.touched = touched;
    }

    /** The same with only the first word of each message filled and summed: what passing it costs. */
    static Filled untouched(int size) {
        return new Filled(size, false);
    }

    /** Whether every byte is filled and summed. */
    public boolean isTouched() {
        return touched;
    }

    /** Of a message, in bytes. */
    public int size() {
        return size;
    }

    @Override
    public String id() {
        return (touched ? "lease-" : "lease-untouched-") + Workloads.sizeId(size);
    }

    @Override
    public String title() {
        return Workloads.sizeTitle(size)
                + (touched ? " filled, one way, summed" : " one way, of which 8 B are written and read");
    }

    @Override
    public List<Measure> measures() {
        return List.of(Measure.BYTES, Measure.OPERATIONS);
    }

    @Override
    public int slices() {
        return 3;
    }

    @Override
    public int sliceMillis() {
        return 150;
    }

    @Override
    public void initServer(ChannelPipeline pipeline) {
        pipeline.addLast(new Summer(size, filled()));
    }

    @Override
    public Session open(NettyClient client, int index) throws InterruptedException {
        Filler filler = new Filler(size, filled());
        client.connect(index, filler);
        return filler;
    }

    /** Returns how many of a message's bytes are filled and summed. */
    private int filled() {
        return touched ? size : Long.BYTES;
    }

    /** Fills memory, and returns the sum of its words. The lowest byte of each word is the message's kind. */
    public static long fill(ByteBuffer memory, long seed, byte kind) {
        ByteBuffer words = memory.order(ByteOrder.LITTLE_ENDIAN);
        int from = words.position();
        int length = words.remaining();
        for (int i = 0; i < length; i += Long.BYTES) {
            words.putLong(from + i, (seed + i) << Byte.SIZE | kind);
        }
        long count = length / Long.BYTES;
        long numbers = count * seed + count * (count - 1) / 2 * Long.BYTES;
        return (numbers << Byte.SIZE) + count * kind;
    }

    /** Returns the sum of all words. */
    public static long sum(ByteBuffer memory) {
        ByteBuffer words = memory.order(ByteOrder.LITTLE_ENDIAN);
        int end = words.limit();
        long sum = 0;
        for (int i = words.position(); i < end; i += Long.BYTES) {
            sum += words.getLong(i);
        }
        return sum;
    }

    private static final class Filler extends Exchange {
        private final int size;
        private final int filled;
        private final ByteBuf[] own = new ByteBuf[BUFFERS];
        private boolean sending;
        private long start;
        private long duration;
        private long writes;
        private long sum;
        private long allWrites;
        private long allNanos;

        Filler(int size, int filled) {
            this.size = size;
            this.filled = filled;
        }

        @Override
        protected long operations() {
            return writes;
        }

        @Override
        public void reset() {
            allWrites = 0;
            allNanos = 0;
        }

        @Override
        public void record(Figures figures) {
            figures.put(Measure.BYTES, allWrites * (double) size / allNanos * 1e3);
            figures.put(Measure.OPERATIONS, allWrites * 1e9 / allNanos);
        }

        @Override
        protected void begin(ChannelHandlerContext ctx, long durationNanos) {
            writes = 0;
            sum = 0;
            duration = durationNanos;
            sending = true;
            start = System.nanoTime();
            send(ctx);
        }

        private void send(ChannelHandlerContext ctx) {
            Channel channel = ctx.channel();
            while (sending && channel.isWritable()) {
                sending = System.nanoTime() - start < duration;
                ByteBuf message = next(channel);
                sum += fill(message.internalNioBuffer(0, filled), writes++, sending ? MORE : LAST);
                ctx.writeAndFlush(message.setIndex(0, size), ctx.voidPromise());
            }
        }

        private ByteBuf next(Channel channel) {
            ByteBufAllocator shared = channel instanceof ShmChannel shm ? shm.sharedAllocator() : channel.alloc();
            if (shared != channel.alloc()) {
                return shared.directBuffer(size, size);
            }
            int index = (int) (writes % BUFFERS);
            if (own[index] == null) {
                own[index] = shared.directBuffer(size, size);
            }
            return own[index].refCnt() == 1 ? own[index].retainedDuplicate() : shared.directBuffer(size, size);
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            send(ctx);
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf answer = (ByteBuf) msg;
            // The server writes its eight bytes at once into an otherwise unused direction: they arrive together.
            long summed = answer.readLong();
            answer.release();
            allNanos += System.nanoTime() - start;
            allWrites += writes;
            if (summed == sum) {
                succeed();
            } else {
                fail(new IOException("sent a sum of " + sum + " and the server received " + summed));
            }
        }

        @Override
        public void handlerRemoved(ChannelHandlerContext ctx) {
            for (int i = 0; i < BUFFERS; i++) {
                if (own[i] != null) {
                    own[i].release();
                    own[i] = null;
                }
            }
        }
    }

    private static final class Summer extends ChannelInboundHandlerAdapter {
        private final int size;
        private final int filled;
        private int offset;
        private byte kind;
        private long sum;
        /** The bytes of a word that came in two buffers. */
        private long word;

        Summer(int size, int filled) {
            this.size = size;
            this.filled = filled;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf in = (ByteBuf) msg;
            while (in.isReadable()) {
                if (offset == 0) {
                    kind = in.getByte(in.readerIndex());
                }
                int whole = Math.min(filled - offset, in.readableBytes()) & -Long.BYTES;
                if (offset >= filled) {
                    int rest = Math.min(size - offset, in.readableBytes());
                    in.skipBytes(rest);
                    offset += rest;
                } else if (offset % Long.BYTES == 0 && whole > 0) {
                    sum += sum(in.nioBuffer(in.readerIndex(), whole));
                    in.skipBytes(whole);
                    offset += whole;
                } else {
                    word |= (in.readByte() & 0xFFL) << (offset % Long.BYTES * Byte.SIZE);
                    if (++offset % Long.BYTES == 0) {
                        sum += word;
                        word = 0;
                    }
                }
                if (offset == size) {
                    offset = 0;
                    if (kind == LAST) {
                        ctx.writeAndFlush(ctx.alloc().directBuffer(Long.BYTES).writeLong(sum), ctx.voidPromise());
                        sum = 0;
                    }
                }
            }
            in.release();
        }
    }
}
