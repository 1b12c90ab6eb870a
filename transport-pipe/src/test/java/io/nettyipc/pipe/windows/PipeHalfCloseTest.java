/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import static io.nettyipc.base.testing.PeerProgram.data;
import static io.nettyipc.base.testing.PeerProgram.filled;
import static io.nettyipc.base.testing.PeerProgram.hex;
import static io.nettyipc.base.testing.PeerProgram.sum;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.channel.socket.DuplexChannel;
import io.nettyipc.base.testing.PeerProgram;
import io.nettyipc.pipe.NamedPipeChannelOption;
import io.nettyipc.pipe.NamedPipeMode;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Closing one direction by an empty message, with a plain Win32 program at the other end. */
@EnabledOnOs(OS.WINDOWS)
@Timeout(120)
class PipeHalfCloseTest extends PipeFixture {

    private final Messages messages = new Messages();

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    private PeerProgram peerServer(String modes) throws Exception {
        PeerProgram peer = new PeerProgram();
        peer.does("serve " + address.path() + ' ' + modes + " duplex 4");
        return peer;
    }

    private Bootstrap halfClosing() {
        return client(messages)
                .option(NamedPipeChannelOption.PIPE_HALF_CLOSE, true)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true);
    }

    private DuplexChannel connect(Bootstrap client, PeerProgram server) throws Exception {
        Channel channel = client.connect(address).sync().channel();
        server.does("accept");
        return (DuplexChannel) channel;
    }

    /** 55 */
    @Test
    void afterOurEndThePeersAnswerArrivesAndThenItsEnd() throws Exception {
        try (PeerProgram server = peerServer("message byte")) {
            DuplexChannel channel = connect(halfClosing(), server);
            channel.writeAndFlush(text("question")).sync();
            ChannelFuture end = channel.shutdownOutput();
            assertEquals(data("question"), server.ask("read 100"));
            assertEquals(data(""), server.ask("read 100"));
            assertTrue(end.awaitUninterruptibly().isSuccess(), () -> String.valueOf(end.cause()));
            assertTrue(channel.isOutputShutdown());
            assertFalse(channel.isInputShutdown());
            server.does("write " + hex("answer"));
            assertEquals("answer", messages.next());
            server.does("flush");
            server.does("write -");
            Object event = messages.awaitEvent();
            while (!(event instanceof ChannelInputShutdownEvent)) {
                event = messages.awaitEvent();
            }
            assertSame(ChannelInputShutdownReadComplete.INSTANCE, messages.awaitEvent());
            assertTrue(channel.isShutdown());
            assertTrue(channel.isActive());
            assertInstanceOf(
                    ClosedChannelException.class,
                    channel.writeAndFlush(text("late")).awaitUninterruptibly().cause());
            server.does("close");
            messages.awaitInactive();
        }
    }

    @Test
    void aListenerOfWhatWasNeverFlushedMayCloseTheChannelWhileItsOutputEnds() throws Exception {
        try (PeerProgram server = peerServer("message byte")) {
            DuplexChannel channel = connect(halfClosing(), server);

            ChannelFuture end = channel.eventLoop()
                    .submit(() -> {
                        channel.write(
                                text("never flushed"), channel.newPromise().addListener(ChannelFutureListener.CLOSE));
                        return channel.shutdownOutput();
                    })
                    .get(20, TimeUnit.SECONDS);

            assertTrue(end.await(20, TimeUnit.SECONDS), "the end of the output isn't told");
            assertInstanceOf(ClosedChannelException.class, end.cause());
            assertTrue(channel.closeFuture().await(20, TimeUnit.SECONDS));
        }
    }

    @Test
    void whatAPeerWritesAfterItsEndIsDroppedAndItsCloseIsSeen() throws Exception {
        for (String modes : new String[] {"message byte", "message message"}) {
            try (PeerProgram server = peerServer(modes)) {
                connect(
                        halfClosing()
                                .option(
                                        NamedPipeChannelOption.PIPE_READ_MODE,
                                        modes.endsWith("message") ? NamedPipeMode.MESSAGE : NamedPipeMode.BYTE),
                        server);
                server.does("write -");
                Object event = messages.awaitEvent();
                while (!(event instanceof ChannelInputShutdownReadComplete)) {
                    event = messages.awaitEvent();
                }
                for (int i = 0; i < 20; i++) {
                    server.does("write " + hex("against the rules"));
                    server.does("write -");
                    server.does("fill 300000 1");
                }
                server.does("close");
                messages.awaitInactive();
                assertFalse(messages.hasNext());
                assertTrue(messages.failures.isEmpty(), messages.failures::toString);
            }
        }
    }

    @Test
    void anEndThatReadsMessagesEndsAndIsEndedTheSameWay() throws Exception {
        try (PeerProgram server = peerServer("message message")) {
            DuplexChannel channel =
                    connect(halfClosing().option(NamedPipeChannelOption.PIPE_READ_MODE, NamedPipeMode.MESSAGE), server);
            channel.write(Unpooled.EMPTY_BUFFER); // would be an end, so it is not sent
            channel.writeAndFlush(text("one")).sync();
            channel.shutdownOutput();
            assertEquals(data("one"), server.ask("read 100"));
            assertEquals(data(""), server.ask("read 100"));
            server.does("write " + hex("two"));
            server.does("write -");
            assertEquals("two", messages.next());
            Object event = messages.awaitEvent();
            while (!(event instanceof ChannelInputShutdownEvent)) {
                event = messages.awaitEvent();
            }
        }
        messages.awaitInactive();
    }

    @Test
    void withoutHalfClosureThePeersEndClosesTheChannel() throws Exception {
        try (PeerProgram server = peerServer("message byte")) {
            connect(halfClosing().option(ChannelOption.ALLOW_HALF_CLOSURE, false), server);
            server.does("write -");
            messages.awaitInactive();
            assertEquals("error 109", server.ask("read 1"));
        }
    }

    @Test
    void twoNettyEndsEchoAfterTheEnd() throws Exception {
        server(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel ch) {
                        ch.pipeline().addLast(new Reverser());
                    }
                })
                .option(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.MESSAGE)
                .childOption(NamedPipeChannelOption.PIPE_HALF_CLOSE, true)
                .childOption(NamedPipeChannelOption.PIPE_READ_MODE, NamedPipeMode.BYTE)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .bind(address)
                .sync();
        for (int i = 0; i < 20; i++) {
            Messages reply = new Messages();
            DuplexChannel channel = (DuplexChannel) client(reply)
                    .option(NamedPipeChannelOption.PIPE_HALF_CLOSE, true)
                    .connect(address)
                    .sync()
                    .channel();
            channel.write(text("abc"));
            channel.writeAndFlush(text("def"));
            channel.shutdownOutput().sync();
            assertEquals("fedcba", reply.next());
            reply.awaitInactive();
        }
    }

    @Test
    void everythingFlushedArrivesBeforeTheEnd() throws Exception {
        try (PeerProgram server = peerServer("message message")) {
            DuplexChannel channel = connect(halfClosing(), server);
            ChannelFuture large = channel.write(Unpooled.wrappedBuffer(filled(500_000, 1)));
            ChannelFuture small = channel.writeAndFlush(text("small"));
            ChannelFuture unflushed = channel.write(text("unflushed"));
            ChannelFuture end = channel.shutdownOutput();
            assertInstanceOf(
                    ChannelOutputShutdownException.class,
                    channel.write(text("late")).awaitUninterruptibly().cause());
            assertEquals(sum(filled(500_000, 1)), server.ask("sum 65536"));
            assertEquals(data("small"), server.ask("read 100"));
            assertEquals(data(""), server.ask("read 100"));
            assertTrue(end.awaitUninterruptibly().isSuccess());
            assertTrue(large.isSuccess());
            assertTrue(small.isSuccess());
            assertInstanceOf(
                    ChannelOutputShutdownException.class,
                    unflushed.awaitUninterruptibly().cause());
            assertInstanceOf(
                    ChannelOutputShutdownException.class,
                    channel.shutdownOutput().awaitUninterruptibly().cause());
        }
    }

    /** 54 */
    @Test
    void aPeerThatDoesntReadHoldsUpTheEndButNotTheLoopNorTheClose() throws Exception {
        try (PeerProgram server = peerServer("message byte")) {
            DuplexChannel channel = connect(halfClosing(), server);
            channel.writeAndFlush(text("unread")).sync();
            ChannelFuture end = channel.shutdownOutput();
            Thread flush = awaitFlushThread();
            assertFalse(end.await(200));
            // The loop goes on, and so does this channel's other direction.
            server.does("write " + hex("hello"));
            assertEquals("hello", messages.next());
            channel.close().sync();
            assertInstanceOf(
                    ClosedChannelException.class, end.awaitUninterruptibly().cause());
            flush.join(TimeUnit.SECONDS.toMillis(20));
            assertFalse(flush.isAlive());
            assertEquals(data("unread"), server.ask("read 100"));
            assertEquals("error 109", server.ask("read 100"));
        }
    }

    /** At whatever moment of the flush the close comes, and a silent peer still sees the end. */
    @Test
    void closingRightBehindTheEndLeavesNoThreadBehind() throws Exception {
        Recorder accepted = new Recorder();
        server(accepted)
                .option(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.MESSAGE)
                .childOption(NamedPipeChannelOption.PIPE_HALF_CLOSE, true)
                .bind(address)
                .sync();
        Random random = new Random(1);
        for (int i = 0; i < 200; i++) {
            long wait = random.nextInt(500_000);
            try (RawPipe client = RawPipe.connect(address)) {
                DuplexChannel child = (DuplexChannel) accepted.awaitActive();
                child.eventLoop()
                        .submit(() -> {
                            child.writeAndFlush(text("unread"));
                            child.shutdownOutput();
                            for (long end = System.nanoTime() + wait; System.nanoTime() < end; ) {
                                Thread.onSpinWait();
                            }
                            child.close();
                        })
                        .sync();
                for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20); flushThread() != null; ) {
                    assertTrue(System.nanoTime() < end, "round " + i + ": the thread goes on");
                    Thread.sleep(1);
                }
                assertEquals("unread", new String(client.read(100), StandardCharsets.US_ASCII));
                assertNull(client.read(1));
            }
        }
    }

    @Test
    void aPeerThatDiesWithoutReadingFailsTheEnd() throws Exception {
        try (PeerProgram server = peerServer("message byte")) {
            DuplexChannel channel = connect(halfClosing(), server);
            channel.writeAndFlush(text("unread")).sync();
            ChannelFuture end = channel.shutdownOutput();
            awaitFlushThread();
            server.kill();
            assertInstanceOf(IOException.class, end.awaitUninterruptibly().cause());
            messages.awaitInactive();
        }
    }

    @Test
    void withoutTheConventionClosingOneDirectionFailsAndSaysWhy() throws Exception {
        try (PeerProgram server = peerServer("message byte")) {
            DuplexChannel channel =
                    connect(halfClosing().option(NamedPipeChannelOption.PIPE_HALF_CLOSE, false), server);
            Throwable cause = channel.shutdownOutput().awaitUninterruptibly().cause();
            assertInstanceOf(UnsupportedOperationException.class, cause);
            assertTrue(cause.getMessage().contains("PIPE_HALF_CLOSE"), cause.getMessage());
            channel.writeAndFlush(text("still here")).sync();
            assertEquals(data("still here"), server.ask("read 100"));
        }
        try (PeerProgram server = new PeerProgram()) {
            server.does("serve " + address.path() + " byte byte duplex 1");
            DuplexChannel channel = connect(halfClosing(), server);
            Throwable cause = channel.shutdown().awaitUninterruptibly().cause();
            assertInstanceOf(UnsupportedOperationException.class, cause);
            assertTrue(cause.getMessage().contains("byte-mode"), cause.getMessage());
            assertTrue(channel.isActive());
        }
    }

    /** Answers everything, backwards, when its input has ended. */
    private static final class Reverser extends ChannelInboundHandlerAdapter {
        private final StringBuilder all = new StringBuilder();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            all.append(((ByteBuf) msg).toString(StandardCharsets.US_ASCII));
            ((ByteBuf) msg).release();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                ctx.writeAndFlush(text(all.reverse().toString()));
                ((DuplexChannel) ctx.channel()).shutdownOutput();
            }
        }
    }

    private static Thread awaitFlushThread() throws InterruptedException {
        Thread found = null;
        for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
                found == null && System.nanoTime() < end;
                Thread.sleep(5)) {
            found = flushThread();
        }
        assertNotNull(found, "no thread flushes");
        return found;
    }

    private static Thread flushThread() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("nettyipc-pipe-flush"))
                .findAny()
                .orElse(null);
    }
}
