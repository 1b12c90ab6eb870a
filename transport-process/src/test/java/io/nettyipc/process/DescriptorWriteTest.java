/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.DefaultMaxBytesRecvByteBufAllocator;
import io.netty.channel.FileRegion;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.IllegalReferenceCountException;
import io.nettyipc.mailslot.Mailslot;
import io.nettyipc.mailslot.MailslotAddress;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipeAddress;
import io.nettyipc.pipe.PipeFixture;
import io.nettyipc.pipe.unix.UnixTransport;
import java.io.File;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Writes of every kind, and half-closure, over each channel on a descriptor of our own. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "two of them are Linux's")
@Timeout(60)
@ParameterizedClass
@MethodSource("io.nettyipc.pipe.UnixTransports#all")
class DescriptorWriteTest {
    /** What carries bytes one after the other, and what keeps boundaries. */
    enum Kind {
        PROCESS,
        FIFO,
        MAILSLOT,
        MESSAGE_PIPE
    }

    @Parameter
    UnixTransport transport;

    @TempDir
    Path directory;

    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private MultiThreadIoEventLoopGroup group;
    private RecvByteBufAllocator allocator = new FixedRecvByteBufAllocator(2048);

    @BeforeEach
    void start() {
        group = new MultiThreadIoEventLoopGroup(1, transport.newIoHandlerFactory());
    }

    @AfterEach
    void stop() {
        assertTrue(group.shutdownGracefully(0, 10, TimeUnit.SECONDS).awaitUninterruptibly(20, TimeUnit.SECONDS));
    }

    private ChannelInboundHandlerAdapter reader() {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object msg) {
                ByteBuf bytes = (ByteBuf) msg;
                received.add(bytes.toString(StandardCharsets.US_ASCII));
                bytes.release();
            }
        };
    }

    private Bootstrap bootstrap(Class<? extends Channel> type) {
        return new Bootstrap()
                .group(group)
                .channel(type)
                .option(ChannelOption.RECVBUF_ALLOCATOR, allocator)
                .handler(reader());
    }

    /** Returns the writer; what it writes is received. */
    private DuplexChannel open(Kind kind) {
        ChannelFuture connect = switch (kind) {
            case PROCESS -> bootstrap(ChildProcess.channelType()).connect(ProcessAddress.of("cat"));
            case FIFO -> {
                FifoAddress address = FifoAddress.of(directory.resolve("fifo").toString());
                bootstrap(Fifo.channelType()).bind(address).syncUninterruptibly();
                yield bootstrap(Fifo.channelType()).connect(address);
            }
            case MAILSLOT -> {
                MailslotAddress address = MailslotAddress.of(PipeFixture.newName());
                bootstrap(Mailslot.channelType()).bind(address).syncUninterruptibly();
                yield bootstrap(Mailslot.channelType()).connect(address);
            }
            case MESSAGE_PIPE -> {
                NamedPipeAddress address = PipeFixture.newAddress();
                new ServerBootstrap()
                        .group(group)
                        .channel(NamedPipe.messageServerChannelType())
                        .childOption(ChannelOption.RECVBUF_ALLOCATOR, allocator)
                        .childHandler(new ChannelInitializer<>() {
                            @Override
                            protected void initChannel(Channel ch) {
                                ch.pipeline().addLast(reader());
                            }
                        })
                        .bind(address)
                        .syncUninterruptibly();
                yield bootstrap(NamedPipe.messageChannelType()).connect(address);
            }
        };
        return (DuplexChannel) connect.syncUninterruptibly().channel();
    }

    private void assertReceives(String expected) throws InterruptedException {
        StringBuilder all = new StringBuilder();
        while (all.length() < expected.length()) {
            String part = received.poll(20, TimeUnit.SECONDS);
            assertTrue(part != null, () -> "only " + all);
            all.append(part);
        }
        assertEquals(expected, all.toString());
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"PROCESS", "FIFO"})
    void aFileRegionThatIsReleasedHurtsNoOther(Kind kind) throws Exception {
        DuplexChannel channel = open(kind);
        File file = new File(DescriptorWriteTest.class
                .getResource("DescriptorWriteTest.class")
                .toURI());
        ChannelFuture released = channel.eventLoop()
                .submit(() -> {
                    FileRegion region = new DefaultFileRegion(file, 0, 100);
                    ChannelFuture write = channel.write(region);
                    region.release();
                    channel.writeAndFlush(direct("good"));
                    return write;
                })
                .get(20, TimeUnit.SECONDS);

        assertReceives("good");
        assertInstanceOf(IllegalReferenceCountException.class, released.await().cause());
        channel.close().sync();
    }

    private static ByteBuf direct(String text) {
        return Unpooled.directBuffer().writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aMessageThatIsReleasedOrCancelledHurtsNoOther(Kind kind) throws Exception {
        DuplexChannel channel = open(kind);
        List<String> order = new ArrayList<>();
        List<ChannelFuture> good = new ArrayList<>();
        List<ChannelFuture> released = new ArrayList<>();
        StringBuilder expected = new StringBuilder();
        channel.eventLoop()
                .submit(() -> {
                    for (int i = 0; i < 40; i++) {
                        String text = "message " + i + ';';
                        ByteBuf bytes = i % 3 == 0
                                ? Unpooled.wrappedBuffer(direct(text.substring(0, 3)), direct(text.substring(3)))
                                : i % 3 == 1 ? Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII) : direct(text);
                        switch (i % 5) {
                            case 1 -> {
                                ByteBuf early = direct("released");
                                released.add(channel.write(early));
                                early.release();
                            }
                            case 2 ->
                                assertTrue(channel.write(direct("cancelled")).cancel(false));
                            case 3 -> channel.write(direct("void;"), channel.voidPromise());
                            default -> channel.write(Unpooled.EMPTY_BUFFER);
                        }
                        if (i % 5 == 3) {
                            expected.append("void;");
                        }
                        expected.append(text);
                        ChannelPromise promise = i % 2 == 0 ? channel.newPromise() : channel.newProgressivePromise();
                        good.add(channel.write(bytes, promise).addListener(done -> order.add(text)));
                    }
                    channel.flush();
                })
                .sync();

        StringBuilder texts = new StringBuilder();
        for (ChannelFuture write : good) {
            write.sync();
        }
        channel.eventLoop().submit(() -> order.forEach(texts::append)).sync();
        assertReceives(expected.toString());
        assertEquals(expected.toString().replace("void;", ""), texts.toString());
        for (ChannelFuture write : released) {
            assertInstanceOf(IllegalReferenceCountException.class, write.await().cause());
        }
        channel.close().sync();
    }

    static Stream<Supplier<RecvByteBufAllocator>> allocators() {
        return Stream.of(
                () -> new DefaultMaxBytesRecvByteBufAllocator(1024, 1024), () -> new FixedRecvByteBufAllocator(1));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void whateverBuffersTheReaderUsesEverythingArrives(Kind kind) throws Exception {
        for (Supplier<RecvByteBufAllocator> next : allocators().toList()) {
            allocator = next.get();
            DuplexChannel channel = open(kind);
            StringBuilder expected = new StringBuilder();
            for (int i = 0; i < 300; i++) {
                String text = "message " + i + ';';
                expected.append(text);
                channel.write(i % 2 == 0 ? direct(text) : Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
            }
            channel.flush();
            assertReceives(expected.toString());
            channel.close().sync();
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void shutdownEndsBothDirectionsAndLeavesTheChannelOpen(Kind kind) throws Exception {
        DuplexChannel channel = open(kind);

        channel.shutdown().sync();

        assertTrue(channel.isInputShutdown() && channel.isOutputShutdown() && channel.isShutdown());
        assertFalse(channel.closeFuture().await(100));
        assertTrue(channel.isOpen());
        channel.close().sync();
        assertInstanceOf(
                ClosedChannelException.class, channel.shutdown().await().cause());
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aCancelledOrVoidPromiseOfAShutdownThrowsNothing(Kind kind) throws Exception {
        DuplexChannel channel = open(kind);
        channel.eventLoop()
                .submit(() -> {
                    ChannelPromise cancelled = channel.newPromise();
                    assertTrue(cancelled.cancel(false));
                    channel.shutdownInput(cancelled);
                    channel.shutdownOutput(cancelled);
                    channel.shutdown(cancelled);
                    assertFalse(channel.isShutdown());
                })
                .sync();
        channel.writeAndFlush(direct("still there")).sync();
        assertReceives("still there");
        ChannelPromise one = channel.newPromise();
        channel.shutdownOutput(one).sync();
        // Open or not: the peer may have ended the other direction by now.
        assertTrue(channel.isOutputShutdown());
        channel.close().sync();
    }
}
