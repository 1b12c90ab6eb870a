/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.workload;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.DefaultFileRegion;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.nettyipc.benchmarks.transport.NettyClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Sends a file as a {@link DefaultFileRegion}, Netty's way to send files, which TCP serves with {@code sendfile}. The
 * server keeps it in memory and answers when it has all of it; that is the time measured. What the last transfer of a
 * round has left there it then hashes.
 */
public final class FileTransfer implements Workload {
    private static final int SHA_256_BYTES = 32;
    /** Asks for the hash, where the length of a file would be. */
    private static final long HASH = -1;

    private static final int SLICES = 2;

    private final Path file;
    private byte[] expected;
    /**
     * Where the server puts the file. Kept from one transfer to the next: fresh memory would add the kernel's page
     * faults to the measurement. Only one transfer runs at a time.
     */
    private ByteBuffer memory = ByteBuffer.allocate(0);

    FileTransfer(Path file) {
        this.file = file;
    }

    @Override
    public String id() {
        return "file";
    }

    @Override
    public String title() {
        return "a file, SHA-256 checked";
    }

    @Override
    public List<Measure> measures() {
        return List.of(Measure.BYTES);
    }

    @Override
    public void initServer(ChannelPipeline pipeline) {
        pipeline.addLast(new Receiver());
    }

    @Override
    public int slices() {
        return SLICES;
    }

    /** A transfer has thousands, and their number says nothing beside its time. */
    @Override
    public boolean countsSystemCalls() {
        return false;
    }

    @Override
    public Session open(NettyClient client, int index) throws IOException, InterruptedException {
        if (expected == null) {
            expected = sha256(file);
        }
        Sender sender = new Sender(file, expected);
        client.connect(index, sender);
        return sender;
    }

    private static byte[] sha256(Path file) throws IOException {
        MessageDigest digest = newDigest();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return digest.digest();
    }

    private static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    private static final class Sender extends Exchange {
        private final Path file;
        private final byte[] expected;
        private final ByteBuf answer = Unpooled.buffer(SHA_256_BYTES);
        private int transfers;
        private boolean hashing;
        private long start;
        private long allBytes;
        private long allNanos;

        Sender(Path file, byte[] expected) {
            this.file = file;
            this.expected = expected;
        }

        @Override
        protected long operations() {
            return 1;
        }

        @Override
        public void reset() {
            allBytes = 0;
            allNanos = 0;
        }

        @Override
        public void record(Figures figures) {
            figures.put(Measure.BYTES, allBytes / (double) allNanos * 1e3);
        }

        @Override
        protected void begin(ChannelHandlerContext ctx, long durationNanos) {
            long length = file.toFile().length();
            allBytes += length;
            transfers++;
            start = System.nanoTime();
            ctx.write(ctx.alloc().directBuffer(Long.BYTES).writeLong(length), ctx.voidPromise());
            ctx.writeAndFlush(new DefaultFileRegion(file.toFile(), 0, length), ctx.voidPromise());
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf in = (ByteBuf) msg;
            if (!hashing) {
                allNanos += System.nanoTime() - start;
                in.release();
                // The first one doesn't count.
                if (transfers % (1 + SLICES) == 0) {
                    hashing = true;
                    answer.clear();
                    ctx.writeAndFlush(ctx.alloc().directBuffer(Long.BYTES).writeLong(HASH), ctx.voidPromise());
                } else {
                    succeed();
                }
                return;
            }
            answer.writeBytes(in);
            in.release();
            if (answer.readableBytes() == SHA_256_BYTES) {
                hashing = false;
                byte[] actual = new byte[SHA_256_BYTES];
                answer.readBytes(actual);
                if (MessageDigest.isEqual(actual, expected)) {
                    succeed();
                } else {
                    HexFormat hex = HexFormat.of();
                    fail(new IOException("the file arrived damaged: SHA-256 " + hex.formatHex(actual) + " instead of "
                            + hex.formatHex(expected)));
                }
            }
        }
    }

    /** Reads the length, lets {@link Store} read that many bytes, and then the next length. */
    private final class Receiver extends ByteToMessageDecoder {
        @Override
        protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
            if (in.readableBytes() < Long.BYTES) {
                return;
            }
            long lengthOrHash = in.readLong();
            if (lengthOrHash == HASH) {
                hash(ctx);
                return;
            }
            int length = Math.toIntExact(lengthOrHash);
            if (memory.capacity() < length) {
                memory = ByteBuffer.allocateDirect(length);
            }
            ctx.pipeline().addLast(new Store(memory.clear().limit(length)));
            ctx.pipeline().remove(this);
        }

        private void hash(ChannelHandlerContext ctx) {
            CompletableFuture.runAsync(() -> {
                MessageDigest digest = newDigest();
                digest.update(memory.flip());
                ctx.writeAndFlush(
                        ctx.alloc().directBuffer(SHA_256_BYTES).writeBytes(digest.digest()), ctx.voidPromise());
            });
        }
    }

    private final class Store extends ChannelInboundHandlerAdapter {
        private final ByteBuffer memory;

        Store(ByteBuffer memory) {
            this.memory = memory;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf in = (ByteBuf) msg;
            int end = memory.limit();
            in.readBytes(memory.limit(memory.position() + in.readableBytes()));
            memory.limit(end);
            in.release();
            if (!memory.hasRemaining()) {
                ctx.pipeline().replace(this, null, new Receiver());
                ctx.writeAndFlush(ctx.alloc().directBuffer(1).writeByte(1), ctx.voidPromise());
            }
        }
    }
}
