/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import static io.nettyipc.base.testing.PeerProgram.data;
import static io.nettyipc.base.testing.PeerProgram.filled;
import static io.nettyipc.base.testing.PeerProgram.hex;
import static io.nettyipc.base.testing.PeerProgram.more;
import static io.nettyipc.base.testing.PeerProgram.sum;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.nettyipc.base.testing.PeerProgram;
import io.nettyipc.pipe.MessageTooLongException;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipeAccess;
import io.nettyipc.pipe.NamedPipeChannelOption;
import io.nettyipc.pipe.NamedPipeMessageAggregator;
import io.nettyipc.pipe.NamedPipeMode;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Pipes that carry messages, with a plain Win32 program at the other end. */
@EnabledOnOs(OS.WINDOWS)
@Timeout(120)
class PipeMessageTest extends PipeFixture {

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    ServerBootstrap messageServer(ChannelHandler handler) {
        return server(handler).option(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.MESSAGE);
    }

    Bootstrap messageClient(ChannelHandler handler) {
        return client(handler).option(NamedPipeChannelOption.PIPE_READ_MODE, NamedPipeMode.MESSAGE);
    }

    private PeerProgram peerServer(String modes) throws Exception {
        PeerProgram peer = new PeerProgram();
        peer.does("serve " + address.path() + ' ' + modes + " duplex 4");
        return peer;
    }

    private PeerProgram peerClient(String mode) throws Exception {
        PeerProgram peer = new PeerProgram();
        peer.does("open " + address.path() + ' ' + mode + " rw");
        return peer;
    }

    /** 35 */
    @Test
    void eachWriteIsOneMessageInBothDirections() throws Exception {
        Messages messages = new Messages();
        messageServer(messages).bind(address).sync();
        try (PeerProgram client = peerClient("message")) {
            for (String message : new String[] {"a", "bc", "def"}) {
                client.does("write " + hex(message));
            }
            assertEquals("a", messages.next());
            assertEquals("bc", messages.next());
            assertEquals("def", messages.next());
            Channel child = messages.awaitActive();
            child.write(text("1"));
            child.write(Unpooled.wrappedBuffer(text("2"), text("3")));
            child.write(Unpooled.directBuffer().writeBytes("456".getBytes(StandardCharsets.US_ASCII)));
            child.writeAndFlush(text("7")).sync();
            for (String message : new String[] {"1", "23", "456", "7"}) {
                assertEquals(data(message), client.ask("read 100"));
            }
        }
        messages.awaitInactive();
    }

    /** 35, the control: on a byte pipe the same writes come as one. */
    @Test
    void aBytePipeKeepsNoBoundaries() throws Exception {
        Recorder recorder = new Recorder();
        bind(recorder);
        try (PeerProgram client = peerClient("byte")) {
            Channel child = recorder.awaitActive();
            child.write(text("1"));
            child.write(text("23"));
            child.writeAndFlush(text("456")).sync();
            assertEquals(data("123456"), client.ask("read 100"));
        }
    }

    /** 36 */
    @Test
    void aMessageLongerThanTheBufferComesInPartsWithAMarkOnTheLast() throws Exception {
        Messages messages = new Messages();
        try (PeerProgram server = peerServer("message message")) {
            Channel channel = messageClient(messages)
                    .option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(4))
                    .connect(address)
                    .sync()
                    .channel();
            server.does("accept");
            server.does("write " + hex("0123456789"));
            server.does("write " + hex("four"));
            server.does("write " + hex("eight888"));
            assertEquals("0123+", messages.next());
            assertEquals("4567+", messages.next());
            assertEquals("89.", messages.next());
            assertEquals("four", messages.next());
            assertEquals("eigh+", messages.next());
            assertEquals("t888.", messages.next());

            channel.writeAndFlush(text("0123456789")).sync();
            assertEquals(more("0123"), server.ask("read 4"));
            assertEquals(more("4567"), server.ask("read 4"));
            assertEquals(data("89"), server.ask("read 4"));
        }
    }

    @Test
    void messagesOfEverySizeArriveWhole() throws Exception {
        Messages messages = new Messages();
        messageServer(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel ch) {
                        ch.pipeline().addLast(new NamedPipeMessageAggregator(1 << 20), messages);
                    }
                })
                .bind(address)
                .sync();
        try (PeerProgram client = peerClient("message")) {
            Channel child = messages.awaitActive();
            for (int size : new int[] {1, 31, 32, 33, 64, 2047, 2048, 2049, 65535, 65536, 65537, 300_000, 1 << 20}) {
                client.does("fill " + size + ' ' + size);
                assertArrayEquals(filled(size, size), messages.nextBytes());
                child.writeAndFlush(Unpooled.wrappedBuffer(filled(size, 1)));
                assertEquals(sum(filled(size, 1)), client.ask("sum 10000"));
            }
            client.does("fill 100 5");
            assertArrayEquals(filled(100, 5), messages.nextBytes());
        }
    }

    /** The idle channel's wait has brought the beginning when the buffer for the whole is asked for. */
    @Test
    void aMessageWhoseBufferCantBeHadAtFirstArrivesWholeAllTheSame() throws Exception {
        IllegalStateException full = new IllegalStateException("no memory now");
        Messages messages = new Messages();
        messageServer(messages)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, new FailingOnce(full))
                .bind(address)
                .sync();
        try (PeerProgram client = peerClient("message")) {
            client.does("fill 500 3");
            assertArrayEquals(filled(500, 3), messages.nextBytes());
            assertSame(full, messages.failures.poll());
            client.does("fill 600 4");
            assertArrayEquals(filled(600, 4), messages.nextBytes());
        }
        messages.awaitInactive();
        assertTrue(messages.failures.isEmpty(), messages.failures::toString);
    }

    private static final class FailingOnce extends FixedRecvByteBufAllocator {
        private final RuntimeException failure;

        FailingOnce(RuntimeException failure) {
            super(2048);
            this.failure = failure;
        }

        @Override
        @SuppressWarnings("deprecation") // RecvByteBufAllocator.Handle is what it has to give
        public Handle newHandle() {
            return new DelegatingHandle(super.newHandle()) {
                private boolean failed;

                @Override
                public ByteBuf allocate(ByteBufAllocator alloc) {
                    if (!failed) {
                        failed = true;
                        throw failure;
                    }
                    return super.allocate(alloc);
                }
            };
        }
    }

    @Test
    void aMessageOverTheAggregatorsLimitFailsAndTheNextArrives() throws Exception {
        Messages messages = new Messages();
        messageServer(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel ch) {
                        ch.pipeline().addLast(new NamedPipeMessageAggregator(100_000), messages);
                    }
                })
                .bind(address)
                .sync();
        try (PeerProgram client = peerClient("message")) {
            client.does("fill 300000 1");
            client.does("write " + hex("next"));
            assertEquals("next", messages.next());
            MessageTooLongException failure = assertInstanceOf(MessageTooLongException.class, messages.failures.poll());
            assertEquals(100_000, failure.limit());
        }
        assertTrue(messages.failures.isEmpty(), messages.failures::toString);
    }

    /** 37 */
    @Test
    void anEmptyMessageIsAnEmptyMessageByDefault() throws Exception {
        Messages messages = new Messages();
        messageServer(messages).bind(address).sync();
        try (PeerProgram client = peerClient("message")) {
            Channel child = messages.awaitActive();
            client.does("write -");
            assertEquals("", messages.next());
            client.does("write " + hex("x"));
            client.does("write -");
            client.does("write -");
            client.does("write " + hex("y"));
            assertEquals("x", messages.next());
            assertEquals("", messages.next());
            assertEquals("", messages.next());
            assertEquals("y", messages.next());
            child.write(Unpooled.EMPTY_BUFFER);
            child.write(text("z"));
            child.write(Unpooled.EMPTY_BUFFER);
            child.writeAndFlush(Unpooled.EMPTY_BUFFER).sync();
            assertEquals(data(""), client.ask("read 10"));
            assertEquals(data("z"), client.ask("read 10"));
            assertEquals(data(""), client.ask("read 10"));
            assertEquals(data(""), client.ask("read 10"));
            assertTrue(child.isActive());
        }
    }

    /** Netty puts its empty buffer in the place of a cancelled message. */
    @Test
    void aCancelledMessageIsNoEmptyOne() throws Exception {
        Messages messages = new Messages();
        messageServer(messages).bind(address).sync();
        try (PeerProgram client = peerClient("message")) {
            Channel child = messages.awaitActive();
            List<ChannelFuture> cancelled = new ArrayList<>();
            child.eventLoop()
                    .submit(() -> {
                        child.write(text("a"));
                        cancelled.add(child.write(text("never sent")));
                        cancelled.add(child.write(Unpooled.EMPTY_BUFFER));
                        child.write(Unpooled.EMPTY_BUFFER);
                        child.write(text("b"));
                        cancelled.add(child.write(text("never sent")));
                        cancelled.forEach(write -> write.cancel(false));
                        child.flush();
                    })
                    .sync();
            cancelled.forEach(write -> assertTrue(write.isCancelled()));
            assertEquals(data("a"), client.ask("read 10"));
            assertEquals(data(""), client.ask("read 10"));
            assertEquals(data("b"), client.ask("read 10"));
            child.writeAndFlush(text("c")).sync();
            assertEquals(data("c"), client.ask("read 10"));
        }
    }

    @Test
    void anEmptyMessageMeansNothingToAnEndThatReadsBytes() throws Exception {
        Recorder recorder = new Recorder();
        messageServer(recorder)
                .childOption(NamedPipeChannelOption.PIPE_READ_MODE, NamedPipeMode.BYTE)
                .bind(address)
                .sync();
        try (PeerProgram client = peerClient("message")) {
            Channel child = recorder.awaitActive();
            client.does("write -");
            client.does("write " + hex("ab"));
            client.does("write -");
            client.does("write " + hex("c"));
            assertEquals("abc", new String(recorder.awaitBytes(3), StandardCharsets.US_ASCII));
            // Nor does it send any, which HTTP's encoder would for the end of each response.
            child.write(Unpooled.EMPTY_BUFFER);
            child.writeAndFlush(text("d")).sync();
            assertEquals(data("d"), client.ask("read 10"));
        }
    }

    @Test
    void aClientThatReadsBytesIsServedByAServerOfMessages() throws Exception {
        Recorder recorder = new Recorder();
        try (PeerProgram server = peerServer("message byte")) {
            Channel channel = client(recorder).connect(address).sync().channel();
            server.does("accept");
            server.does("fill 40000 3");
            server.does("write " + hex("!"));
            byte[] all = recorder.awaitBytes(40_001);
            assertArrayEquals(filled(40_000, 3), java.util.Arrays.copyOf(all, 40_000));
            File file = File.createTempFile("nettyipc", ".txt");
            try {
                java.nio.file.Files.writeString(file.toPath(), "from a file");
                channel.writeAndFlush(new DefaultFileRegion(file, 0, 11)).sync();
                assertEquals(data("from a file"), server.ask("read 100"));
            } finally {
                assertTrue(file.delete());
            }
            server.does("close");
            recorder.awaitInactive();
        }
    }

    /** 39 */
    @Test
    void readingMessagesFromABytePipeFailsAndSaysSo() throws Exception {
        try (PeerProgram server = peerServer("byte byte")) {
            Throwable cause = messageClient(new Recorder())
                    .connect(address)
                    .awaitUninterruptibly()
                    .cause();
            assertInstanceOf(IOException.class, cause);
            assertTrue(cause.getMessage().contains("ERROR_INVALID_PARAMETER (87)"), cause.getMessage());
            assertTrue(cause.getMessage().contains("PIPE_READ_MODE"), cause.getMessage());
            server.does("close");
        }
        Recorder recorder = new Recorder();
        server(recorder)
                .childOption(NamedPipeChannelOption.PIPE_READ_MODE, NamedPipeMode.MESSAGE)
                .bind(address)
                .sync();
        try (PeerProgram client = peerClient("byte")) {
            assertEquals("error 109", client.ask("read 1"));
        }
        assertEquals("error 87", openWithMessageMode());
    }

    private String openWithMessageMode() throws Exception {
        try (PeerProgram client = new PeerProgram()) {
            return client.ask("open " + address.path() + " message rw");
        }
    }

    @Test
    void aFileRegionIsNoMessage() throws Exception {
        messageServer(new Messages()).bind(address).sync();
        Channel channel = messageClient(new Messages()).connect(address).sync().channel();
        ChannelFuture write = channel.writeAndFlush(new DefaultFileRegion(new File("x"), 0, 1))
                .awaitUninterruptibly();
        assertInstanceOf(UnsupportedOperationException.class, write.cause());
        assertTrue(channel.isActive());
    }

    @Test
    void theChannelTypesForMessagesNeedNoOptions() throws Exception {
        Messages served = new Messages();
        new ServerBootstrap()
                .group(boss, workers)
                .channel(NamedPipe.messageServerChannelType())
                .childHandler(served)
                .bind(address)
                .sync();
        Messages received = new Messages();
        Channel channel = new Bootstrap()
                .group(clients)
                .channel(NamedPipe.messageChannelType())
                .handler(received)
                .connect(address)
                .sync()
                .channel();
        channel.write(text("a"));
        channel.write(Unpooled.EMPTY_BUFFER);
        channel.writeAndFlush(text("b")).sync();
        assertEquals("a", served.next());
        assertEquals("", served.next());
        assertEquals("b", served.next());
        Channel child = served.awaitActive();
        child.write(text("c"));
        child.writeAndFlush(text("d")).sync();
        assertEquals("c", received.next());
        assertEquals("d", received.next());
    }

    /** 40, with messages */
    @Test
    void oneWayPipesCarryMessagesInEachDirection() throws Exception {
        try (PeerProgram server = new PeerProgram()) {
            server.does("serve " + address.path() + " message message outbound 1");
            Messages messages = new Messages();
            Channel channel = messageClient(messages)
                    .option(NamedPipeChannelOption.PIPE_ACCESS, NamedPipeAccess.INBOUND)
                    .connect(address)
                    .sync()
                    .channel();
            server.does("accept");
            server.does("write " + hex("out"));
            server.does("write -");
            server.does("write " + hex("again"));
            assertEquals("out", messages.next());
            assertEquals("", messages.next());
            assertEquals("again", messages.next());
            channel.close().sync();
        }
        Messages messages = new Messages();
        messageServer(messages)
                .option(NamedPipeChannelOption.PIPE_ACCESS, NamedPipeAccess.INBOUND)
                .bind(address)
                .sync();
        try (PeerProgram client = new PeerProgram()) {
            client.does("open " + address.path() + " byte w");
            client.does("write " + hex("in"));
            client.does("write " + hex("and in"));
            assertEquals("in", messages.next());
            assertEquals("and in", messages.next());
        }
    }

    /** 43 for messages: with AUTO_READ off each read brings one. */
    @Test
    void eachReadBringsOneMessage() throws Exception {
        Messages messages = new Messages();
        messageServer(messages)
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(2048).maxMessagesPerRead(1))
                .bind(address)
                .sync();
        try (PeerProgram client = peerClient("message")) {
            Channel child = messages.awaitActive();
            for (int i = 0; i < 5; i++) {
                client.does("write " + hex("message " + i + " of more than thirty-two bytes"));
            }
            for (int i = 0; i < 5; i++) {
                assertFalse(messages.hasNext());
                child.read();
                assertEquals("message " + i + " of more than thirty-two bytes", messages.next());
                child.eventLoop().submit(() -> {}).sync();
            }
            assertFalse(messages.hasNext());
        }
    }

    /** 53 */
    @Test
    void aServerThatDisconnectsEndsItsClient() throws Exception {
        Messages messages = new Messages();
        try (PeerProgram server = peerServer("message message")) {
            messageClient(messages).connect(address).sync();
            server.does("accept");
            server.does("write " + hex("last"));
            assertEquals("last", messages.next());
            server.does("disconnect");
            messages.awaitInactive();
            assertTrue(messages.failures.isEmpty(), messages.failures::toString);
        }
    }

    @Test
    void whatALongMessageLeftInThePipeIsReadAfterItsWritersClose() throws Exception {
        Messages messages = new Messages();
        messageServer(messages)
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(50).maxMessagesPerRead(1))
                .bind(address)
                .sync();
        Channel child;
        try (PeerProgram client = peerClient("message")) {
            child = messages.awaitActive();
            client.does("fill 120 0");
            child.read();
            assertEquals(50, messages.nextBytes().length);
        }
        child.config().setAutoRead(true);
        assertEquals(50, messages.nextBytes().length);
        assertEquals(20, messages.nextBytes().length);
        messages.awaitInactive();
    }

    @Test
    void twoThousandMessagesStayApart() throws Exception {
        Messages messages = new Messages();
        messageServer(new Echo()).bind(address).sync();
        Channel channel = messageClient(messages).connect(address).sync().channel();
        for (int i = 0; i < 2_000; i++) {
            channel.write(text("message " + i));
            if (i % 37 == 0) {
                channel.flush();
            }
        }
        channel.flush();
        for (int i = 0; i < 2_000; i++) {
            assertEquals("message " + i, messages.next());
        }
    }
}
