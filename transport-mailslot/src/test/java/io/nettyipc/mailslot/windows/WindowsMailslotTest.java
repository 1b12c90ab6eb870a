/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.mailslot.windows;

import static io.nettyipc.base.testing.PeerProgram.data;
import static io.nettyipc.base.testing.PeerProgram.filled;
import static io.nettyipc.base.testing.PeerProgram.hex;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.nettyipc.base.os.Win32Error;
import io.nettyipc.base.testing.PeerProgram;
import io.nettyipc.mailslot.Mailslot;
import io.nettyipc.mailslot.MailslotAddress;
import io.nettyipc.mailslot.MailslotChannel;
import io.nettyipc.mailslot.MailslotChannelOption;
import io.nettyipc.mailslot.MailslotInfo;
import io.nettyipc.mailslot.MailslotReadTimeout;
import io.nettyipc.pipe.MessageTooLongException;
import io.nettyipc.pipe.NamedPipeSecurity;
import io.nettyipc.pipe.windows.Messages;
import io.nettyipc.pipe.windows.PipeFixture;
import io.nettyipc.pipe.windows.Wine;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.channels.NotYetConnectedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mailslots, with a plain Win32 program as the other end. */
@EnabledOnOs(OS.WINDOWS)
@Timeout(120)
class WindowsMailslotTest extends PipeFixture {

    private final MailslotAddress mailslot = MailslotAddress.of(address.name());
    private final Messages messages = new Messages();

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    private Bootstrap mailslots(ChannelHandler handler) {
        return new Bootstrap().group(clients).channel(Mailslot.channelType()).handler(handler);
    }

    private MailslotChannel read(Bootstrap bootstrap) throws Exception {
        return (MailslotChannel) bootstrap.bind(mailslot).sync().channel();
    }

    private PeerProgram peerReader(int max, int timeout) throws Exception {
        PeerProgram peer = new PeerProgram();
        peer.does("mailslot " + mailslot.path() + ' ' + max + ' ' + timeout);
        return peer;
    }

    @Test
    void aLoopOfAnotherKindIsRefusedSayingWhichOneIsNeeded() {
        EventLoopGroup nio = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            ChannelFuture bind = new Bootstrap()
                    .group(nio)
                    .channel(Mailslot.channelType())
                    .handler(messages)
                    .bind(mailslot);
            assertTrue(bind.awaitUninterruptibly(20, TimeUnit.SECONDS));
            assertEquals(
                    "WindowsMailslotChannel needs an event loop of"
                            + " new MultiThreadIoEventLoopGroup(NamedPipe.newIoHandlerFactory()), and was registered"
                            + " with a SingleThreadIoEventLoop that serves NIO only",
                    bind.cause().getMessage());
        } finally {
            nio.shutdownGracefully(0, 10, TimeUnit.SECONDS);
        }
    }

    @Test
    void messagesOfAnotherProcessArriveOneByOne() throws Exception {
        MailslotChannel channel = read(mailslots(messages));
        assertEquals(mailslot, channel.localAddress());
        assertNull(channel.remoteAddress());
        assertTrue(channel.isActive());
        try (PeerProgram writer = new PeerProgram()) {
            for (int i = 0; i < 100; i++) {
                writer.does("post " + mailslot.path() + ' ' + hex("message " + i));
            }
            for (int i = 0; i < 100; i++) {
                assertEquals("message " + i, messages.next());
            }
            writer.does("post " + mailslot.path() + " -");
            writer.does("post " + mailslot.path() + ' ' + hex("behind nothing"));
            assertEquals("", messages.next());
            assertEquals("behind nothing", messages.next());
        }
        assertTrue(messages.failures.isEmpty(), messages.failures::toString);
    }

    @Test
    void whatWeWriteAnotherProcessReads() throws Exception {
        try (PeerProgram reader = peerReader(0, -1)) {
            Channel channel = mailslots(messages).connect(mailslot).sync().channel();
            assertEquals(mailslot, channel.remoteAddress());
            assertNull(channel.localAddress());
            channel.write(text("one"));
            channel.write(Unpooled.wrappedBuffer(text("t"), text("wo")));
            channel.write(Unpooled.EMPTY_BUFFER);
            channel.writeAndFlush(Unpooled.directBuffer().writeBytes(new byte[] {'3'}))
                    .sync();
            assertEquals(data("one"), reader.ask("read 100"));
            assertEquals(data("two"), reader.ask("read 100"));
            assertEquals(data(""), reader.ask("read 100"));
            assertEquals(data("3"), reader.ask("read 100"));
            channel.writeAndFlush(Unpooled.wrappedBuffer(filled(60_000, 1))).sync();
            assertEquals("max 0 next 60000 count 1 timeout -1", reader.ask("mailinfo"));
        }
    }

    @Test
    void aMessageThatWasReleasedTooEarlyFailsAloneAndOthersKeepTheirOrder() throws Exception {
        read(mailslots(messages));
        Channel writer = mailslots(new Recorder()).connect(mailslot).sync().channel();
        List<String> done = Collections.synchronizedList(new ArrayList<>());
        writer.eventLoop()
                .submit(() -> {
                    writer.write(text("one")).addListener(f -> done.add("one " + f.isSuccess()));
                    ByteBuf released = Unpooled.directBuffer().writeByte('x');
                    writer.write(released)
                            .addListener(
                                    f -> done.add("released " + (f.cause() instanceof IllegalReferenceCountException)));
                    released.release();
                    writer.write(text("two"), writer.voidPromise());
                    writer.write(text("three"), writer.newPromise().addListener(f -> {
                        done.add("three " + f.isSuccess());
                        writer.writeAndFlush(text("four"));
                    }));
                    writer.flush();
                })
                .sync();
        for (String message : new String[] {"one", "two", "three", "four"}) {
            assertEquals(message, messages.next());
        }
        assertEquals(List.of("one true", "released true", "three true"), done);
    }

    @Test
    void closingDoesntWaitForWhoeverKeepsTheGlobalExecutorBusy() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        GlobalEventExecutor.INSTANCE.execute(() -> {
            try {
                busy.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        try {
            MailslotChannel reader = read(mailslots(messages));
            assertTrue(reader.close().await(20, TimeUnit.SECONDS), "it isn't closed");
            read(mailslots(messages));
        } finally {
            busy.countDown();
        }
    }

    @Test
    void aWriteThatWasCancelledBeforeTheFlushIsNoMessage() throws Exception {
        read(mailslots(messages));
        Channel writer = mailslots(new Recorder()).connect(mailslot).sync().channel();
        writer.eventLoop()
                .submit(() -> {
                    cancelledWrite(writer);
                    writer.write(text("one"));
                    cancelledWrite(writer);
                    writer.write(Unpooled.EMPTY_BUFFER);
                    cancelledWrite(writer);
                    writer.flush();
                })
                .sync();
        writer.writeAndFlush(text("two")).sync();
        assertEquals("one", messages.next());
        assertEquals("", messages.next());
        assertEquals("two", messages.next());
        assertFalse(messages.hasNext());
    }

    private static void cancelledWrite(Channel channel) {
        ChannelPromise promise = channel.newPromise();
        channel.write(text("cancelled"), promise);
        promise.cancel(false);
    }

    @Test
    void aWriterLeavesTheEventLoopToOthersAfterEachSpin() throws Exception {
        read(mailslots(messages));
        Channel writer = mailslots(new Recorder())
                .option(ChannelOption.WRITE_SPIN_COUNT, 4)
                .connect(mailslot)
                .sync()
                .channel();
        AtomicInteger written = new AtomicInteger();
        BlockingQueue<Integer> writtenBefore = new LinkedBlockingQueue<>();
        writer.eventLoop()
                .submit(() -> {
                    for (int i = 0; i < 100; i++) {
                        writer.write(text("message " + i)).addListener(f -> written.incrementAndGet());
                    }
                    writer.eventLoop().execute(() -> writtenBefore.add(written.get()));
                    writer.flush();
                })
                .sync();
        for (int i = 0; i < 100; i++) {
            assertEquals("message " + i, messages.next());
        }
        assertTrue(writtenBefore.take() <= 4, "the task waited for more than four writes");
    }

    @Test
    void manyWritersReachOneReaderInTheirOrder() throws Exception {
        read(mailslots(messages));
        Channel[] writers = new Channel[3];
        for (int i = 0; i < writers.length; i++) {
            writers[i] = new Bootstrap()
                    .group(workers)
                    .channel(Mailslot.channelType())
                    .handler(new Recorder())
                    .connect(mailslot)
                    .sync()
                    .channel();
        }
        for (int i = 0; i < 1000; i++) {
            for (int writer = 0; writer < writers.length; writer++) {
                writers[writer].writeAndFlush(text(writer + " " + i));
            }
        }
        int[] seen = new int[writers.length];
        for (int i = 0; i < 1000 * writers.length; i++) {
            String message = messages.next();
            int writer = message.charAt(0) - '0';
            assertEquals(writer + " " + seen[writer]++, message);
        }
    }

    @Test
    void aMessageOverTheLimitFailsItsWriteAndTheNextOneArrives() throws Exception {
        read(mailslots(messages).option(MailslotChannelOption.MAILSLOT_MAX_MESSAGE_SIZE, 100));
        Channel writer = mailslots(new Recorder())
                .option(MailslotChannelOption.MAILSLOT_MAX_MESSAGE_SIZE, 100)
                .connect(mailslot)
                .sync()
                .channel();
        ChannelFuture tooLong = writer.writeAndFlush(Unpooled.wrappedBuffer(new byte[101]));
        MessageTooLongException failure = assertInstanceOf(
                MessageTooLongException.class, tooLong.awaitUninterruptibly().cause());
        assertEquals(100, failure.limit());
        writer.writeAndFlush(Unpooled.wrappedBuffer(filled(100, 1))).sync();
        assertArrayEquals(filled(100, 1), messages.nextBytes());
        try (PeerProgram other = new PeerProgram()) {
            String answer = other.ask("post " + mailslot.path() + ' ' + hex("x".repeat(101)));
            other.does("post " + mailslot.path() + ' ' + hex("next"));
            assertEquals("next", messages.next());
            if (Wine.isWine()) {
                // Lets it through to the reader.
                assertEquals("ok", answer);
                assertEquals(
                        100,
                        assertInstanceOf(MessageTooLongException.class, messages.failures.remove())
                                .limit());
            } else {
                assertTrue(List.of("error 87", "error 122").contains(answer), answer);
            }
            assertTrue(messages.failures.isEmpty(), messages.failures::toString);
        }
    }

    /** What a Windows writer is told of a message over the reader's limit; a Wine writer never is. */
    @ParameterizedTest
    @ValueSource(ints = {Win32Error.INVALID_PARAMETER, Win32Error.INSUFFICIENT_BUFFER})
    void aReadersRefusalNamesNoLimit(int error) {
        IOException failure = MailslotWriter.writeFailure(mailslot, 101, error);
        assertEquals(
                -1, assertInstanceOf(MessageTooLongException.class, failure).limit());
        assertTrue(failure.getMessage().contains("a message of 101 bytes"), failure.getMessage());
        assertTrue(failure.getMessage().contains("(" + error + ")"), failure.getMessage());
    }

    @Test
    void theReadersFiguresAreThoseThatWereAskedFor() throws Exception {
        MailslotChannel channel = read(mailslots(messages)
                .option(ChannelOption.AUTO_READ, false)
                .option(MailslotChannelOption.MAILSLOT_MAX_MESSAGE_SIZE, 1000)
                .option(MailslotChannelOption.MAILSLOT_READ_TIMEOUT_MILLIS, 60_000));
        assertEquals(new MailslotInfo(1000, -1, 0, 60_000), channel.info());
        try (PeerProgram writer = new PeerProgram()) {
            writer.does("post " + mailslot.path() + ' ' + hex("four"));
            writer.does("post " + mailslot.path() + ' ' + hex("five5"));
        }
        assertEquals(new MailslotInfo(1000, 4, 2, 60_000), channel.info());
        channel.read();
        assertEquals("four", messages.next());
        channel.read();
        assertEquals("five5", messages.next());
        channel.close().sync();
        assertThrows(ChannelException.class, channel::info);
    }

    @Test
    void withAutoReadOffMessagesWaitUntilTheyAreAskedFor() throws Exception {
        MailslotChannel channel = read(mailslots(messages)
                .option(ChannelOption.AUTO_READ, false)
                .option(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new io.netty.channel.FixedRecvByteBufAllocator(64).maxMessagesPerRead(1)));
        channel.read();
        try (PeerProgram writer = new PeerProgram()) {
            for (int i = 0; i < 4; i++) {
                writer.does("post " + mailslot.path() + ' ' + hex("message " + i));
            }
            for (int i = 0; i < 4; i++) {
                assertEquals("message " + i, messages.next());
                channel.eventLoop().submit(() -> {}).sync();
                assertFalse(messages.hasNext());
                channel.read();
            }
        }
    }

    @Test
    void silenceIsToldAsOftenAsTheTimeoutPasses() throws Exception {
        read(mailslots(messages).option(MailslotChannelOption.MAILSLOT_READ_TIMEOUT_MILLIS, 100));
        long start = System.nanoTime();
        assertSame(MailslotReadTimeout.INSTANCE, messages.awaitEvent());
        assertSame(MailslotReadTimeout.INSTANCE, messages.awaitEvent());
        assertTrue(System.nanoTime() - start >= 150_000_000L);
        try (PeerProgram writer = new PeerProgram()) {
            writer.does("post " + mailslot.path() + ' ' + hex("here"));
            assertEquals("here", messages.next());
        }
        messages.events.clear();
        assertSame(MailslotReadTimeout.INSTANCE, messages.awaitEvent());
    }

    @Test
    void aMailslotHasOneReaderAndItsNameIsFreeAfterItsClose() throws Exception {
        for (int i = 0; i < 50; i++) {
            MailslotChannel channel = read(mailslots(messages));
            if (i == 0) {
                Throwable cause = mailslots(messages)
                        .bind(mailslot)
                        .awaitUninterruptibly()
                        .cause();
                assertInstanceOf(BindException.class, cause);
                assertTrue(cause.getMessage().contains("ERROR_ALREADY_EXISTS (183)"), cause.getMessage());
            }
            channel.close().sync();
        }
        assertInstanceOf(
                ConnectException.class,
                mailslots(messages).connect(mailslot).awaitUninterruptibly().cause());
    }

    @Test
    void whatAnEndCantDoFailsAndSaysSo() throws Exception {
        MailslotChannel reader = read(mailslots(messages));
        assertInstanceOf(
                UnsupportedOperationException.class,
                reader.writeAndFlush(text("x")).awaitUninterruptibly().cause());
        assertInstanceOf(
                BindException.class,
                reader.bind(MailslotAddress.of("another"))
                        .awaitUninterruptibly()
                        .cause());
        assertTrue(reader.isActive());
        MailslotChannel writer =
                (MailslotChannel) mailslots(messages).connect(mailslot).sync().channel();
        assertThrows(NotYetConnectedException.class, writer::info);
        assertInstanceOf(
                UnsupportedOperationException.class,
                writer.writeAndFlush("text").awaitUninterruptibly().cause());
        assertInstanceOf(
                IllegalArgumentException.class,
                mailslots(messages)
                        .connect(new InetSocketAddress(1))
                        .awaitUninterruptibly()
                        .cause());
        assertInstanceOf(
                BindException.class,
                mailslots(messages)
                        .bind(MailslotAddress.broadcast("x"))
                        .awaitUninterruptibly()
                        .cause());
        Throwable badSecurity = mailslots(messages)
                .option(MailslotChannelOption.MAILSLOT_SECURITY, NamedPipeSecurity.ofSddl("nonsense"))
                .bind(MailslotAddress.of(address.name() + "-2"))
                .awaitUninterruptibly()
                .cause();
        assertInstanceOf(IOException.class, badSecurity);
        assertTrue(badSecurity.getMessage().contains("nonsense"), badSecurity.getMessage());
    }

    @Test
    void aBroadcastNeedsANetworkThatWineHasnt() {
        assumeTrue(Wine.isWine(), "Windows may have one");
        Throwable cause = mailslots(messages)
                .connect(MailslotAddress.broadcast(address.name()))
                .awaitUninterruptibly()
                .cause();
        assertInstanceOf(ConnectException.class, cause);
        assertEquals(
                "\\\\*\\mailslot\\" + address.name() + ": CreateFile: ERROR_PATH_NOT_FOUND (3)", cause.getMessage());
    }

    @Test
    void aBroadcastOverTheProtocolsLimitFails() {
        assumeFalse(Wine.isWine(), "Wine has no broadcasts");
        ChannelFuture connect = mailslots(messages)
                .connect(MailslotAddress.broadcast(address.name()))
                .awaitUninterruptibly();
        assumeTrue(connect.isSuccess(), () -> "new versions of Windows have no broadcasts: " + connect.cause());
        Throwable cause = connect.channel()
                .writeAndFlush(Unpooled.wrappedBuffer(new byte[425]))
                .awaitUninterruptibly()
                .cause();
        assertEquals(424, assertInstanceOf(MessageTooLongException.class, cause).limit());
    }

    @Test
    void aWritersLimitIsTheOptionsAndForABroadcastTheProtocols() {
        MailslotAddress broadcast = MailslotAddress.broadcast("x");
        assertEquals(0, MailslotWriter.writeLimit(mailslot, 0));
        assertEquals(1000, MailslotWriter.writeLimit(mailslot, 1000));
        assertEquals(424, MailslotWriter.writeLimit(broadcast, 0));
        assertEquals(424, MailslotWriter.writeLimit(broadcast, 1000));
        assertEquals(100, MailslotWriter.writeLimit(broadcast, 100));
    }

    @Test
    void aWriteWhoseReaderHasGoneFails() throws Exception {
        assumeFalse(Wine.isWine(), "Wine's writers aren't told");
        try (PeerProgram reader = peerReader(0, -1)) {
            Channel channel = mailslots(messages).connect(mailslot).sync().channel();
            reader.does("close");
            assertInstanceOf(
                    IOException.class,
                    channel.writeAndFlush(text("x")).awaitUninterruptibly().cause());
            messages.awaitInactive();
        }
    }

    @Test
    void theReadersThreadEndsWithItsChannelAndWithItsEventLoop() throws Exception {
        String name = "nettyipc-mailslot-" + mailslot.name();
        MailslotChannel channel = read(mailslots(messages));
        assertTrue(hasThread(name));
        channel.close().sync();
        assertFalse(hasThread(name));
        read(mailslots(messages));
        assertTrue(hasThread(name));
        clients.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
        assertFalse(hasThread(name));
    }

    private static boolean hasThread(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals(name));
    }
}
