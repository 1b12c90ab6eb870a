/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.workload;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.DefaultFileRegion;
import io.nettyipc.benchmarks.transport.NettyClient;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Messages of one size in one direction, as fast as the channel stays writable; the server answers with its count. They
 * are flushed when it is not writable any more, or after every so many. Those of a file are pieces of one of 64 MiB,
 * one after the other: no processor's own cache holds that.
 */
public final class Stream implements Workload {
    private static final byte MORE = 0;
    private static final byte LAST = 1;
    /** From here on a message is written again and again: getting that much memory costs more than sending it. */
    private static final int SHARED = 256 * 1024;

    private static final int WHEN_FULL = Integer.MAX_VALUE;
    private static final int FILE_BYTES = 64 << 20;

    private final int size;
    private final int flushEvery;
    private final boolean ofFile;

    Stream(int size) {
        this(size, WHEN_FULL, false);
    }

    Stream(int size, int flushEvery) {
        this(size, flushEvery, false);
    }

    private Stream(int size, int flushEvery, boolean ofFile) {
        this.size = size;
        this.flushEvery = flushEvery;
        this.ofFile = ofFile;
    }

    static Stream ofFile(int size) {
        return new Stream(size, WHEN_FULL, true);
    }

    /** Whether messages are regions of a file, of which only Netty knows. */
    public boolean isOfFile() {
        return ofFile;
    }

    public int size() {
        return size;
    }

    /** Whether the same memory is written again and again. */
    public boolean isShared() {
        return size >= SHARED;
    }

    @Override
    public String id() {
        return "stream-" + (ofFile ? "file-" : "") + Workloads.sizeId(size)
                + (flushesWhenFull() ? "" : "-flush-" + flushEvery);
    }

    /** Whether as much as possible is sent at once. */
    public boolean flushesWhenFull() {
        return flushEvery == WHEN_FULL;
    }

    public String sizeTitle() {
        return Workloads.sizeTitle(size);
    }

    @Override
    public String title() {
        return Workloads.sizeTitle(size)
                + (ofFile ? " of a file" : "")
                + (flushesWhenFull() ? " messages one way" : " one way, flush every " + flushEvery);
    }

    @Override
    public List<Measure> measures() {
        return List.of(Measure.BYTES, Measure.OPERATIONS);
    }

    @Override
    public void initServer(ChannelPipeline pipeline) {
        pipeline.addLast(new Sink(size));
    }

    @Override
    public int slices() {
        return 3;
    }

    /**
     * Long enough for the first milliseconds not to count much, in which caches fill and the system finds a processor
     * for each loop. In slices of 25 ms shared memory had 70 to 80 % of its rate for 64 KiB messages, and sockets all
     * of theirs.
     */
    @Override
    public int sliceMillis() {
        return 100;
    }

    @Override
    public Session open(NettyClient client, int index) throws IOException, InterruptedException {
        Source source = new Source(size, flushEvery, ofFile ? fileOfMore() : null);
        client.connect(index, source);
        return source;
    }

    /** Makes a file whose every byte says that more follows. */
    private static File fileOfMore() throws IOException {
        Path file = Files.write(Files.createTempFile("nettyipc", ".stream"), new byte[FILE_BYTES]);
        file.toFile().deleteOnExit();
        return file.toFile();
    }

    /** The first byte of each message says whether it is the last. */
    private static final class Source extends Exchange {
        private final int size;
        private final int flushEvery;
        /** Or null. */
        private final File file;

        private ByteBuf shared;
        private ByteBuf sharedLast;
        private boolean sending;
        private int unflushed;
        private long start;
        private long duration;
        private long writes;
        private long allWrites;
        private long allNanos;

        Source(int size, int flushEvery, File file) {
            this.size = size;
            this.flushEvery = flushEvery;
            this.file = file;
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
            if (size >= SHARED && shared == null) {
                shared = message(ctx, MORE);
                sharedLast = message(ctx, LAST);
            }
            writes = 0;
            duration = durationNanos;
            sending = true;
            start = System.nanoTime();
            send(ctx);
        }

        private ByteBuf message(ChannelHandlerContext ctx, byte kind) {
            // The rest of the buffer is whatever was there: filling it would be measured too.
            return ctx.alloc().directBuffer(size, size).setByte(0, kind).writerIndex(size);
        }

        private void send(ChannelHandlerContext ctx) {
            Channel channel = ctx.channel();
            while (sending && channel.isWritable()) {
                sending = System.nanoTime() - start < duration;
                writes++;
                Object message;
                if (file != null && sending) {
                    message = new DefaultFileRegion(file, writes * size % FILE_BYTES, size);
                } else if (shared == null) {
                    message = message(ctx, sending ? MORE : LAST);
                } else {
                    message = (sending ? shared : sharedLast).retainedDuplicate();
                }
                ctx.write(message, ctx.voidPromise());
                if (++unflushed >= flushEvery) {
                    unflushed = 0;
                    ctx.flush();
                }
            }
            ctx.flush();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            send(ctx);
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf answer = (ByteBuf) msg;
            // The server writes its eight bytes at once into an otherwise unused direction: they arrive together.
            long counted = answer.readLong();
            answer.release();
            allNanos += System.nanoTime() - start;
            allWrites += writes;
            if (counted == writes * size) {
                succeed();
            } else {
                fail(new IOException("sent " + writes * size + " bytes and the server received " + counted));
            }
        }

        @Override
        public void handlerRemoved(ChannelHandlerContext ctx) {
            if (shared != null) {
                shared.release();
                sharedLast.release();
                shared = null;
            }
        }
    }

    private static final class Sink extends ChannelInboundHandlerAdapter {
        private final int size;
        private long received;
        private int offset;
        private boolean last;

        Sink(int size) {
            this.size = size;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf in = (ByteBuf) msg;
            while (in.isReadable()) {
                if (offset == 0) {
                    last = in.getByte(in.readerIndex()) == LAST;
                }
                int n = Math.min(size - offset, in.readableBytes());
                in.skipBytes(n);
                received += n;
                offset += n;
                if (offset == size) {
                    offset = 0;
                    if (last) {
                        ctx.writeAndFlush(ctx.alloc().directBuffer(Long.BYTES).writeLong(received), ctx.voidPromise());
                        received = 0;
                    }
                }
            }
            in.release();
        }
    }
}
