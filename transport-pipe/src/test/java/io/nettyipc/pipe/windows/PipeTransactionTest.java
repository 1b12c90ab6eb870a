/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import static io.nettyipc.base.testing.PeerProgram.data;
import static io.nettyipc.base.testing.PeerProgram.hex;
import static io.nettyipc.base.testing.PeerProgram.more;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.util.concurrent.Future;
import io.nettyipc.base.testing.PeerProgram;
import io.nettyipc.pipe.MessageTooLongException;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipeAvailable;
import io.nettyipc.pipe.NamedPipeChannel;
import io.nettyipc.pipe.NamedPipeChannelOption;
import io.nettyipc.pipe.NamedPipeInfo;
import io.nettyipc.pipe.NamedPipeMode;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Requests and replies over pipes of messages, and what pipes tell about themselves; the peer is a Win32 program. */
@EnabledOnOs(OS.WINDOWS)
@Timeout(120)
class PipeTransactionTest extends PipeFixture {

    private final Messages messages = new Messages();

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    private static String text(Future<ByteBuf> future) throws Exception {
        ByteBuf reply = future.get(30, TimeUnit.SECONDS);
        try {
            return reply.toString(StandardCharsets.US_ASCII);
        } finally {
            reply.release();
        }
    }

    private static Throwable failure(Future<?> future) {
        return assertThrows(ExecutionException.class, () -> future.get(30, TimeUnit.SECONDS))
                .getCause();
    }

    private PeerProgram peerServer() throws Exception {
        PeerProgram peer = new PeerProgram();
        peer.does("serve " + address.path() + " message message duplex 4");
        return peer;
    }

    private Bootstrap messageClient() {
        return client(messages).option(NamedPipeChannelOption.PIPE_READ_MODE, NamedPipeMode.MESSAGE);
    }

    private ServerBootstrap messageServer() {
        return server(messages).option(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.MESSAGE);
    }

    private NamedPipeChannel connect(Bootstrap client, PeerProgram server) throws Exception {
        Channel channel = client.connect(address).sync().channel();
        server.does("accept");
        return (NamedPipeChannel) channel;
    }

    @Test
    void aTransactionBringsTheReplyAndMessagesBetweenTransactionsArriveAsUsual() throws Exception {
        try (PeerProgram server = peerServer()) {
            NamedPipeChannel channel = connect(messageClient(), server);
            for (int i = 0; i < 50; i++) {
                Future<ByteBuf> reply = channel.transact(text("request " + i), 100, 0);
                assertEquals(data("request " + i), server.ask("read 100"));
                server.does("write " + hex("reply " + i));
                assertEquals("reply " + i, text(reply));
                if (i % 10 == 0) {
                    server.does("write " + hex("event " + i));
                    assertEquals("event " + i, messages.next());
                }
            }
            assertFalse(messages.hasNext());
            Future<ByteBuf> empty = channel.transact(Unpooled.EMPTY_BUFFER, 10, 0);
            assertEquals(data(""), server.ask("read 100"));
            server.does("write -");
            assertEquals("", text(empty));
        }
    }

    @Test
    void transactionsAndWritesKeepTheirOrder() throws Exception {
        try (PeerProgram server = peerServer()) {
            NamedPipeChannel channel = connect(messageClient(), server);
            channel.write(text("write 0"));
            List<Future<ByteBuf>> replies = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                replies.add(channel.transact(text("request " + i), 100, 0));
            }
            ChannelFuture last = channel.writeAndFlush(text("write 1"));
            assertEquals(data("write 0"), server.ask("read 100"));
            for (int i = 0; i < 3; i++) {
                assertEquals(data("request " + i), server.ask("read 100"));
                assertFalse(last.isDone());
                server.does("write " + hex("reply " + i));
                assertEquals("reply " + i, text(replies.get(i)));
            }
            assertEquals(data("write 1"), server.ask("read 100"));
            assertTrue(last.awaitUninterruptibly().isSuccess());
        }
    }

    @Test
    void aReplyThatIsTooLongFailsAndTheNextOneIsFine() throws Exception {
        try (PeerProgram server = peerServer()) {
            NamedPipeChannel channel = connect(messageClient(), server);
            Future<ByteBuf> reply = channel.transact(text("a"), 10, 0);
            assertEquals(data("a"), server.ask("read 100"));
            server.does("fill 200000 1");
            assertEquals(
                    10,
                    assertInstanceOf(MessageTooLongException.class, failure(reply))
                            .limit());
            Future<ByteBuf> next = channel.transact(text("b"), 10, 0);
            assertEquals(data("b"), server.ask("read 100"));
            server.does("write " + hex("0123456789"));
            assertEquals("0123456789", text(next));
            server.does("write " + hex("event"));
            assertEquals("event", messages.next());
        }
    }

    @Test
    void aMessageThatNobodyHasReadFailsTheTransactionAndIsNotLost() throws Exception {
        try (PeerProgram server = peerServer()) {
            NamedPipeChannel channel = connect(messageClient().option(ChannelOption.AUTO_READ, false), server);
            server.does("write " + hex("unread"));
            List<Future<ByteBuf>> failed = new ArrayList<>();
            ChannelFuture behind = channel.eventLoop()
                    .submit(() -> {
                        failed.add(channel.transact(text("request"), 10, 0));
                        failed.add(channel.transact(text("request"), 10, 0));
                        return channel.writeAndFlush(text("behind"));
                    })
                    .get();
            for (Future<ByteBuf> future : failed) {
                Throwable cause = failure(future);
                assertTrue(cause.getMessage().contains("ERROR_PIPE_BUSY (231)"), cause.getMessage());
            }
            assertEquals(data("behind"), server.ask("read 100"));
            assertTrue(behind.awaitUninterruptibly().isSuccess());
            channel.read();
            assertEquals("unread", messages.next());
            Future<ByteBuf> reply = channel.transact(text("request"), 10, 0);
            assertEquals(data("request"), server.ask("read 100"));
            server.does("write " + hex("reply"));
            assertEquals("reply", text(reply));
        }
    }

    @Test
    void aReplyThatDoesntComeTimesOutAndClosesTheChannel() throws Exception {
        try (PeerProgram server = peerServer()) {
            NamedPipeChannel channel = connect(messageClient(), server);
            Future<ByteBuf> reply = channel.transact(text("request"), 10, 200);
            Future<ByteBuf> behind = channel.transact(text("behind"), 10, 0);
            assertInstanceOf(TimeoutException.class, failure(reply));
            assertInstanceOf(ClosedChannelException.class, failure(behind));
            messages.awaitInactive();
            assertEquals(data("request"), server.ask("read 100"));
            assertEquals("error 109", server.ask("read 100"));
            assertInstanceOf(ClosedChannelException.class, failure(channel.transact(text("late"), 10, 0)));
        }
    }

    @Test
    void aTransactionThatIsCancelledBeforeItsTurnIsNeverSent() throws Exception {
        try (PeerProgram server = peerServer()) {
            NamedPipeChannel channel = connect(messageClient(), server);
            Future<ByteBuf> first = channel.transact(text("first"), 10, 0);
            Future<ByteBuf> cancelled = channel.transact(text("cancelled"), 10, 0);
            Future<ByteBuf> third = channel.transact(text("third"), 10, 0);
            assertEquals(data("first"), server.ask("read 100"));
            assertFalse(first.cancel(false));
            assertTrue(cancelled.cancel(false));
            server.does("write " + hex("1"));
            assertEquals("1", text(first));
            assertEquals(data("third"), server.ask("read 100"));
            server.does("write " + hex("3"));
            assertEquals("3", text(third));
        }
    }

    @Test
    void aServerThatDiesFailsTheTransaction() throws Exception {
        try (PeerProgram server = peerServer()) {
            NamedPipeChannel channel = connect(messageClient(), server);
            Future<ByteBuf> reply = channel.transact(text("request"), 10, 0);
            assertEquals(data("request"), server.ask("read 100"));
            server.kill();
            assertInstanceOf(IOException.class, failure(reply));
            messages.awaitInactive();
        }
    }

    @Test
    void aTransactionInTheWrongModeFailsAndSaysSo() throws Exception {
        try (PeerProgram server = peerServer()) {
            NamedPipeChannel channel = connect(client(messages), server);
            Throwable cause = failure(channel.transact(text("request"), 10, 0));
            assertInstanceOf(UnsupportedOperationException.class, cause);
            assertTrue(cause.getMessage().contains("PIPE_READ_MODE"), cause.getMessage());
            ByteBuf request = text("request");
            assertThrows(IllegalArgumentException.class, () -> channel.transact(request, 0, 0));
            assertEquals(0, request.refCnt());
        }
    }

    @Test
    void aWin32ClientsTransactionsAndCallsAreServed() throws Exception {
        server(new Echo())
                .option(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.MESSAGE)
                .bind(address)
                .sync();
        try (PeerProgram client = new PeerProgram()) {
            assertEquals(data("call"), client.ask("call " + address.path() + ' ' + hex("call") + " 100 5000"));
            assertEquals(more("lon"), client.ask("call " + address.path() + ' ' + hex("long") + " 3 5000"));
            client.does("open " + address.path() + " message rw");
            assertEquals(data("transact"), client.ask("transact " + hex("transact") + " 100"));
            assertEquals(more("tra"), client.ask("transact " + hex("transact") + " 3"));
            assertEquals(data("nsact"), client.ask("read 100"));
        }
    }

    @Test
    void aCallConnectsAsksAndCloses() throws Exception {
        try (PeerProgram server = peerServer()) {
            server.tell("accept");
            Future<ByteBuf> reply = NamedPipe.call(clients, address, text("question"), 100, 20_000);
            assertEquals("ok", server.answer());
            assertEquals(data("question"), server.ask("read 100"));
            server.does("write " + hex("answer"));
            assertEquals("answer", text(reply));
            assertEquals("error 109", server.ask("read 100"));
        }
    }

    @Test
    void aCallFailsByNameLengthTimeAndSilence() throws Exception {
        assertInstanceOf(ConnectException.class, failure(NamedPipe.call(clients, address, text("q"), 100, 1000)));
        try (PeerProgram server = peerServer()) {
            server.tell("accept");
            Future<ByteBuf> tooLong = NamedPipe.call(clients, address, text("q"), 10, 20_000);
            server.answer();
            server.does("fill 100 1");
            assertInstanceOf(MessageTooLongException.class, failure(tooLong));
            server.does("disconnect");
            server.tell("accept");
            Future<ByteBuf> silent = NamedPipe.call(clients, address, text("q"), 10, 300);
            server.answer();
            assertInstanceOf(TimeoutException.class, failure(silent));
            server.does("disconnect");
            server.tell("accept");
            Future<ByteBuf> closed = NamedPipe.call(clients, address, text("q"), 10, 20_000);
            server.answer();
            server.does("close");
            assertInstanceOf(IOException.class, failure(closed));
        }
    }

    @Test
    void aCallToABusyServerFailsWithAConnectTimeout() throws Exception {
        server(new Recorder())
                .option(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.MESSAGE)
                .option(NamedPipeChannelOption.PIPE_MAX_INSTANCES, 1)
                .bind(address)
                .sync();
        messageClient().connect(address).sync();
        for (int i = 0; i < 20; i++) {
            ByteBuf request = text("q");

            Future<ByteBuf> call = NamedPipe.call(clients, address, request, 100, 20 + i);

            assertInstanceOf(ConnectTimeoutException.class, failure(call));
            assertEquals(0, request.refCnt());
        }
    }

    @Test
    void whatIsThereToBeReadIsToldWithoutReadingIt() throws Exception {
        try (PeerProgram server = peerServer()) {
            NamedPipeChannel channel = connect(
                    messageClient()
                            .option(ChannelOption.AUTO_READ, false)
                            .option(
                                    ChannelOption.RECVBUF_ALLOCATOR,
                                    new FixedRecvByteBufAllocator(60).maxMessagesPerRead(1)),
                    server);
            assertEquals(new NamedPipeAvailable(0, 0), channel.available().get());
            server.does("fill 100 1");
            server.does("fill 50 1");
            // What the channel has read ahead counts.
            assertEquals(new NamedPipeAvailable(150, 100), channel.available().get());
            channel.read();
            assertEquals(60, messages.nextBytes().length);
            assertEquals(new NamedPipeAvailable(90, 40), channel.available().get());
            channel.read();
            assertEquals(40, messages.nextBytes().length);
            assertEquals(new NamedPipeAvailable(50, 50), channel.available().get());
            server.does("close");
            channel.read();
            assertEquals(50, messages.nextBytes().length);
            channel.close().sync();
            assertInstanceOf(
                    io.netty.channel.ChannelException.class,
                    channel.available().await().cause());
            channel.writeAndFlush(text("x")).awaitUninterruptibly();
        }
    }

    @Test
    void bothEndsKnowThePipesTypeModesQuotasAndInstances() throws Exception {
        messageServer()
                .option(NamedPipeChannelOption.PIPE_IN_QUOTA, 8192)
                .option(NamedPipeChannelOption.PIPE_OUT_QUOTA, 16384)
                .option(NamedPipeChannelOption.PIPE_PENDING_INSTANCES, 2)
                .bind(address)
                .sync();
        NamedPipeChannel channel = (NamedPipeChannel)
                client(new Messages()).connect(address).sync().channel();
        NamedPipeChannel child = (NamedPipeChannel) messages.awaitActive();
        NamedPipeInfo info = channel.info();
        assertEquals(
                new NamedPipeInfo(NamedPipeMode.MESSAGE, NamedPipeMode.BYTE, false, 8192, 16384, 255, info.instances()),
                info);
        assertTrue(info.instances() >= 3, info.toString());
        NamedPipeInfo childInfo = child.info();
        assertEquals(
                new NamedPipeInfo(
                        NamedPipeMode.MESSAGE, NamedPipeMode.MESSAGE, true, 8192, 16384, 255, childInfo.instances()),
                childInfo);
        try (PeerProgram client = new PeerProgram()) {
            client.does("open " + address.path() + " message rw");
            assertTrue(client.ask("info").startsWith("flags 4 out 16384 in 8192 "));
        }
        channel.close().sync();
        assertThrows(io.netty.channel.ChannelException.class, channel::info);
    }
}
