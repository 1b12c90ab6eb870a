/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelProgressiveFuture;
import io.netty.channel.ChannelProgressiveFutureListener;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.internal.PlatformDependent;
import io.nettyipc.base.testing.PeerProgram;
import io.nettyipc.pipe.NamedPipe;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What is written to a child that sends everything back, on every platform. */
@Timeout(120)
class ProcessWriteTest {

    @TempDir
    Path directory;

    private MultiThreadIoEventLoopGroup group;

    @BeforeEach
    void start() {
        group = new MultiThreadIoEventLoopGroup(1, NamedPipe.newIoHandlerFactory());
    }

    @AfterEach
    void stop() {
        assertTrue(group.shutdownGracefully(0, 10, TimeUnit.SECONDS).awaitUninterruptibly(20, TimeUnit.SECONDS));
    }

    private ProcessChannel cat(ChannelInboundHandlerAdapter handler) throws Exception {
        ProcessAddress cat = PlatformDependent.isWindows()
                ? ProcessAddress.of(PeerProgram.child("cat").toArray(String[]::new))
                : ProcessAddress.of("cat");
        return (ProcessChannel) new Bootstrap()
                .group(group)
                .channel(ChildProcess.channelType())
                .handler(handler)
                .connect(cat)
                .sync()
                .channel();
    }

    private static void end(ProcessChannel child) {
        child.close().syncUninterruptibly();
        assertTrue(child.exitFuture().awaitUninterruptibly(30, TimeUnit.SECONDS), "the child lives on");
    }

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    /** Runs something on the channel's event loop and waits for it. */
    private static void onLoop(Channel channel, Runnable action) throws Exception {
        channel.eventLoop().submit(action).get(20, TimeUnit.SECONDS);
    }

    @Test
    void aWriteInTheListenerOfAnotherIsSentHoweverItWasMade() throws Exception {
        Bytes bytes = new Bytes();
        ProcessChannel child = cat(bytes);
        StringBuilder expected = new StringBuilder();

        // A listener added behind the write, by another thread.
        child.writeAndFlush(text("line 0\n")).addListener(new Chain(false, 9));
        expected.append(lines(9));
        bytes.await(expected.toString());
        // One of a promise that the write is made with, so that it is always called by the write itself.
        onLoop(
                child,
                () -> child.writeAndFlush(text("line 0\n"), child.newPromise().addListener(new Chain(true, 9))));
        expected.append(lines(9));
        bytes.await(expected.toString());
        // A longer chain than a flush may go on for.
        onLoop(
                child,
                () -> child.writeAndFlush(text("line 0\n"), child.newPromise().addListener(new Chain(true, 100))));
        expected.append(lines(100));
        bytes.await(expected.toString());
        end(child);
    }

    @Test
    void whatTheListenerOfTheLastOfSeveralMessagesFlushesIsSent() throws Exception {
        Bytes bytes = new Bytes();
        ProcessChannel child = cat(bytes);

        onLoop(child, () -> {
            child.write(text("first,"));
            child.writeAndFlush(
                    text("second,"), child.newPromise().addListener(written -> child.writeAndFlush(text("third."))));
        });

        bytes.await("first,second,third.");
        end(child);
    }

    @Test
    void aHandlerThatRefillsTheChannelWheneverItIsWritableSendsEverything() throws Exception {
        int total = 8 << 20;
        byte[] data = new byte[total];
        new Random(4).nextBytes(data);
        class Refill extends Bytes {
            private final Random sizes = new Random(5);
            private int sent;

            private void refill(ChannelHandlerContext ctx) {
                while (sent < total && ctx.channel().isWritable()) {
                    int size = Math.min(total - sent, 1 + sizes.nextInt(60_000));
                    ByteBuf next = ctx.alloc().directBuffer(size).writeBytes(data, sent, size);
                    // Before the write, which may come back here.
                    sent += size;
                    ctx.write(next);
                }
                ctx.flush();
            }

            @Override
            public void channelActive(ChannelHandlerContext ctx) {
                refill(ctx);
            }

            @Override
            public void channelWritabilityChanged(ChannelHandlerContext ctx) {
                refill(ctx);
            }
        }
        Refill refill = new Refill();
        ProcessChannel child = cat(refill);

        assertArrayEquals(data, refill.await(total));
        end(child);
    }

    @Test
    void cancelledAndVoidWritesInTheMiddleLeaveTheOthersOnceAndInOrder() throws Exception {
        Bytes bytes = new Bytes();
        ProcessChannel child = cat(bytes);
        List<String> done = Collections.synchronizedList(new ArrayList<>());

        onLoop(child, () -> {
            for (int i = 0; i < 200; i++) {
                String name = i + ",";
                if (i % 5 == 3) {
                    child.write(text(name), child.voidPromise());
                } else {
                    ChannelFuture write = child.write(text(name));
                    write.addListener(f -> done.add(name + f.isSuccess()));
                    if (i % 5 == 1) {
                        assertTrue(write.cancel(false));
                    }
                }
            }
            child.flush();
        });

        StringBuilder expected = new StringBuilder();
        List<String> successes = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            if (i % 5 != 1) {
                expected.append(i).append(',');
                if (i % 5 != 3) {
                    successes.add(i + ",true");
                }
            }
        }
        bytes.await(expected.toString());
        child.writeAndFlush(text(".")).sync();
        assertEquals(
                successes, done.stream().filter(entry -> entry.endsWith("true")).toList());
        end(child);
    }

    @Test
    @EnabledOnOs(OS.WINDOWS)
    void aMessageThatWasReleasedTooEarlyFailsAlone() throws Exception {
        Bytes bytes = new Bytes();
        ProcessChannel child = cat(bytes);
        List<ChannelFuture> writes = Collections.synchronizedList(new ArrayList<>());

        onLoop(child, () -> {
            for (int i = 0; i < 100; i++) {
                ByteBuf message =
                        i % 2 == 0 ? text(i + ",") : Unpooled.directBuffer().writeBytes(text(i + ","));
                writes.add(child.write(message));
                if (i % 10 == 4 || i % 10 == 9) {
                    message.release();
                }
            }
            child.flush();
        });

        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            ChannelFuture write = writes.get(i);
            assertTrue(write.awaitUninterruptibly(20, TimeUnit.SECONDS), "write " + i + " isn't done");
            if (i % 10 == 4 || i % 10 == 9) {
                assertInstanceOf(IllegalReferenceCountException.class, write.cause());
            } else {
                assertTrue(write.isSuccess(), () -> String.valueOf(write.cause()));
                expected.append(i).append(',');
            }
        }
        bytes.await(expected.toString());
        assertFalse(child.isOutputShutdown());
        end(child);
    }

    /** What follows would be taken for the rest of it. On Windows the child's pipe has a reference of its own. */
    @Test
    void nothingFollowsAPartOfAMessageThatWasReleasedTooEarly() throws Exception {
        int length = 8 << 20;
        boolean arrives = PlatformDependent.isWindows();
        Bytes bytes = new Bytes();
        ProcessChannel child = cat(bytes);
        // So the child stops in the middle of the message.
        child.config().setAutoRead(false);
        ByteBuf message = Unpooled.directBuffer(length).writeZero(length);

        List<ChannelFuture> writes = child.eventLoop()
                .submit(() -> {
                    ChannelFuture released = child.writeAndFlush(message);
                    message.release();
                    return List.of(released, child.writeAndFlush(text("behind")));
                })
                .get(20, TimeUnit.SECONDS);
        child.config().setAutoRead(true);

        for (ChannelFuture write : writes) {
            assertTrue(write.awaitUninterruptibly(20, TimeUnit.SECONDS), "a write isn't done");
            assertEquals(arrives, write.isSuccess(), () -> String.valueOf(write.cause()));
        }
        child.shutdownOutput();
        assertTrue(child.closeFuture().awaitUninterruptibly(20, TimeUnit.SECONDS), "the child lives on");
        byte[] received = bytes.await(0);
        byte[] zeros = new byte[arrives ? length : received.length];
        assertArrayEquals(zeros, Arrays.copyOf(received, zeros.length));
        assertEquals(
                arrives ? "behind" : "",
                new String(received, zeros.length, received.length - zeros.length, StandardCharsets.US_ASCII));
        assertTrue(arrives || received.length < length, "all of it has come");
    }

    @Test
    void progressOfAMessageAndOfAFileIsReportedUpToItsEnd() throws Exception {
        byte[] content = new byte[3_000_001];
        Path file = Files.write(directory.resolve("file"), content);
        Bytes bytes = new Bytes();
        ProcessChannel child = cat(bytes);
        Progress message = new Progress();
        Progress region = new Progress();

        child.write(text("before"));
        child.write(text("message"), child.newProgressivePromise().addListener(message));
        child.writeAndFlush(
                        new DefaultFileRegion(file.toFile(), 0, content.length),
                        child.newProgressivePromise().addListener(region))
                .sync();

        bytes.await(6 + 7 + content.length);
        assertEquals(List.of(7L), message.seen);
        List<Long> rising = new ArrayList<>(region.seen);
        Collections.sort(rising);
        assertEquals(rising, region.seen);
        assertTrue(region.seen.size() > 2, region.seen::toString);
        assertEquals(content.length, region.seen.get(region.seen.size() - 1));
        end(child);
    }

    private static String lines(int last) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i <= last; i++) {
            lines.append("line ").append(i).append('\n');
        }
        return lines.toString();
    }

    /** Writes and flushes the next line when the last is written. */
    private static final class Chain implements ChannelFutureListener {
        private final boolean promise;
        private final int last;
        private int line;

        Chain(boolean promise, int last) {
            this.promise = promise;
            this.last = last;
        }

        @Override
        public void operationComplete(ChannelFuture future) {
            if (line == last) {
                return;
            }
            Channel channel = future.channel();
            ByteBuf next = text("line " + ++line + '\n');
            if (promise) {
                channel.writeAndFlush(next, channel.newPromise().addListener(this));
            } else {
                channel.writeAndFlush(next).addListener(this);
            }
        }
    }

    private static final class Progress implements ChannelProgressiveFutureListener {
        final List<Long> seen = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void operationProgressed(ChannelProgressiveFuture future, long progress, long total) {
            seen.add(progress);
        }

        @Override
        public void operationComplete(ChannelProgressiveFuture future) {
            // Only what comes before it matters.
        }
    }

    private static class Bytes extends ChannelInboundHandlerAdapter {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) throws IOException {
            ByteBuf buf = (ByteBuf) msg;
            try {
                synchronized (bytes) {
                    buf.readBytes(bytes, buf.readableBytes());
                    bytes.notifyAll();
                }
            } finally {
                buf.release();
            }
        }

        byte[] await(int count) throws InterruptedException {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            synchronized (bytes) {
                while (bytes.size() < count) {
                    long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                    assertTrue(left > 0, () -> "only " + bytes.size() + " of " + count + " bytes came back");
                    bytes.wait(left);
                }
                return bytes.toByteArray();
            }
        }

        void await(String text) throws InterruptedException {
            assertEquals(text, new String(await(text.length()), StandardCharsets.US_ASCII));
        }
    }
}
