/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.DuplexChannel;
import io.nettyipc.base.testing.OpenHandles;
import io.nettyipc.pipe.unix.UnixTransport;
import java.io.File;
import java.io.IOException;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Pipes that carry messages, over Linux's sockets that keep boundaries. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "Windows has its own tests, and macOS no such sockets")
@Timeout(60)
@ParameterizedClass
@MethodSource("io.nettyipc.pipe.UnixTransports#all")
class UnixMessagePipeTest {
    @Parameter
    UnixTransport transport;

    private final NamedPipeAddress address = PipeFixture.newAddress();
    private MultiThreadIoEventLoopGroup group;
    private final BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();

    @BeforeEach
    void start() {
        group = new MultiThreadIoEventLoopGroup(2, transport.newIoHandlerFactory());
    }

    @AfterEach
    void stop() {
        assertTrue(group.shutdownGracefully(0, 10, TimeUnit.SECONDS).awaitUninterruptibly(20, TimeUnit.SECONDS));
        assertFalse(Files.exists(Path.of(address.path())), "the socket file is left");
    }

    private ServerBootstrap serverBootstrap() {
        return new ServerBootstrap()
                .group(group)
                .channel(NamedPipe.messageServerChannelType())
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel ch) {
                        ch.pipeline().addLast(new Echo());
                        accepted.add(ch);
                    }
                });
    }

    private Channel server() {
        return serverBootstrap().bind(address).syncUninterruptibly().channel();
    }

    private Bootstrap bootstrap(Messages messages) {
        return new Bootstrap()
                .group(group)
                .channel(NamedPipe.messageChannelType())
                .handler(messages);
    }

    private ChannelFuture connect(Messages messages) {
        return bootstrap(messages).connect(address);
    }

    private DuplexChannel client(Messages messages) {
        return (DuplexChannel) connect(messages).syncUninterruptibly().channel();
    }

    private static ByteBuf bytes(int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) length);
        return Unpooled.wrappedBuffer(bytes);
    }

    /** On its loop, where no message can come in between. */
    private static void replaceEcho(Channel child, Messages read) {
        child.eventLoop()
                .submit(() -> child.pipeline().replace(Echo.class, "read", read))
                .syncUninterruptibly();
    }

    /** What is a message, and how long it may be. */
    @Nested
    class Boundaries {
        /** 35. */
        @Test
        void eachWriteComesBackAsOneMessage() throws Exception {
            server();
            Messages messages = new Messages();
            Channel client = client(messages);

            // With the server's file of a composite and a heap buffer.
            for (int length = 1; length <= 100; length++) {
                client.write(length % 2 == 0 ? bytes(length) : Unpooled.wrappedBuffer(bytes(1), bytes(length - 1)));
            }
            client.flush();

            for (int length = 1; length <= 100; length++) {
                assertEquals(length, messages.next().length);
            }
            assertEquals(address, client.remoteAddress());
            assertEquals(address, accepted.take().localAddress());
        }

        /** 33, 33a: the receive buffer has no part in it. */
        @Test
        void aLongMessageArrivesWhole() throws Exception {
            server();
            Messages messages = new Messages();
            byte[] message = ByteBufUtil.getBytes(bytes(150_000));

            client(messages).writeAndFlush(Unpooled.wrappedBuffer(message));

            assertArrayEquals(message, messages.next());
        }

        @Test
        void aMessageOverTheLimitFailsAndTheChannelGoesOn() throws Exception {
            server();
            Messages messages = new Messages();
            Channel client = client(messages);

            Throwable cause = PipeFixture.cause(client.writeAndFlush(bytes(10_000_000)));
            client.writeAndFlush(bytes(3)).syncUninterruptibly();

            MessageTooLongException tooLong = assertInstanceOf(MessageTooLongException.class, cause);
            assertTrue(tooLong.getMessage().contains("message of 10000000 bytes"), tooLong.getMessage());
            assertEquals(3, messages.next().length);
        }

        @Test
        void theLimitIsWhatTheSendBufferTakesAndNoByteMore() throws Exception {
            server();
            Messages messages = new Messages();
            Channel client = bootstrap(messages)
                    .option(ChannelOption.SO_SNDBUF, 20_000)
                    .connect(address)
                    .syncUninterruptibly()
                    .channel();
            // Linux doubles it.
            assertEquals(40_000, client.config().getOption(ChannelOption.SO_SNDBUF));

            MessageTooLongException tooLong = assertInstanceOf(
                    MessageTooLongException.class, PipeFixture.cause(client.writeAndFlush(bytes(40_000))));
            int limit = (int) tooLong.limit();
            assertInstanceOf(MessageTooLongException.class, PipeFixture.cause(client.writeAndFlush(bytes(limit + 1))));
            client.writeAndFlush(bytes(limit)).syncUninterruptibly();
            assertEquals(limit, messages.next().length);

            client.config().setOption(ChannelOption.SO_SNDBUF, 30_000);
            client.writeAndFlush(bytes(limit + 1)).syncUninterruptibly();
            assertEquals(limit + 1, messages.next().length);
        }

        @Test
        void anAcceptedChannelHasTheSendBufferThatWasAskedFor() throws Exception {
            serverBootstrap()
                    .childOption(ChannelOption.SO_SNDBUF, 20_000)
                    .bind(address)
                    .syncUninterruptibly();
            Channel client = client(new Messages());

            Channel child = accepted.take();

            assertEquals(40_000, child.config().getOption(ChannelOption.SO_SNDBUF));
            assertEquals(40_000, child.config().getOptions().get(ChannelOption.SO_SNDBUF));
            client.close().syncUninterruptibly();
            child.closeFuture().syncUninterruptibly();
            assertTrue(child.config().setOption(ChannelOption.SO_SNDBUF, 1000), "closed, and yet refused");
        }

        /** 37. */
        @Test
        void anEmptyMessageIsAMessage() throws Exception {
            server();
            Messages messages = new Messages();
            Channel client = client(messages);

            client.write(bytes(1));
            client.write(Unpooled.EMPTY_BUFFER);
            client.writeAndFlush(bytes(2)).syncUninterruptibly();

            assertEquals(1, messages.next().length);
            assertEquals(0, messages.next().length);
            assertEquals(2, messages.next().length);
        }

        @Test
        void aPythonProgramSeesTheSameMessages() throws Exception {
            assumeTrue(new File("/usr/bin/python3").canExecute(), "Python is not installed");
            server();
            Process python = new ProcessBuilder(List.of("/usr/bin/python3", "-c", """
                            import socket, sys
                            s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
                            s.connect(sys.argv[1])
                            s.send(b'one')
                            s.send(b'three')
                            s.shutdown(socket.SHUT_WR)
                            print([s.recv(100) for i in range(4)])
                            """, address.path()))
                    .redirectErrorStream(true)
                    .start();

            String output = new String(python.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

            assertEquals("[b'one', b'three', b'end', b'']\n", output);
        }

        @Test
        void aCallGetsItsReply() {
            server();

            ByteBuf reply = NamedPipe.call(group, address, bytes(5), 100, 20_000)
                    .syncUninterruptibly()
                    .getNow();

            assertEquals(5, reply.readableBytes());
            reply.release();
        }
    }

    @Nested
    class Connecting {
        /** Frameworks set them without asking, and a warning for each connection would help nobody. */
        @Test
        void optionsOfTcpAreTakenWithoutAWord() throws Exception {
            Channel server = server();
            Channel client = client(new Messages());

            for (Channel channel : List.of(server, client, accepted.take())) {
                assertTrue(channel.config().setOption(ChannelOption.TCP_NODELAY, true), channel.toString());
                assertTrue(channel.config().setOption(ChannelOption.SO_KEEPALIVE, true), channel.toString());
                assertTrue(channel.config().setOption(ChannelOption.SO_REUSEADDR, true), channel.toString());
            }
        }

        @Test
        void thePeersProcessUserAndGroupsAreKnown() throws Exception {
            server();
            Channel client = client(new Messages());
            int[] groups = Arrays.stream(output("id", "-G").trim().split(" "))
                    .mapToInt(Integer::parseInt)
                    .toArray();

            NamedPipePeer peer = NamedPipe.peer(accepted.take());

            assertEquals(ProcessHandle.current().pid(), peer.processId());
            assertEquals(Integer.parseInt(output("id", "-u").trim()), peer.userId());
            assertArrayEquals(sorted(groups), sorted(peer.groupIds()));
            assertEquals(System.getProperty("user.name"), NamedPipe.peer(client).user());
        }

        private static int[] sorted(int[] numbers) {
            return IntStream.of(numbers).sorted().toArray();
        }

        private static String output(String... command) throws Exception {
            return new String(
                    new ProcessBuilder(command).start().getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }

        /** 1, 2, 3. */
        @Test
        void namesAreUnknownTakenAndFreeAgain() {
            Throwable unknown = PipeFixture.cause(connect(new Messages()));
            Channel server = server();
            Throwable taken = PipeFixture.cause(serverBootstrap().bind(address));
            server.close().syncUninterruptibly();

            assertTrue(unknown.getMessage().contains("there is no such pipe"), unknown.toString());
            assertInstanceOf(BindException.class, taken);
            assertTrue(taken.getMessage().contains("in use"), taken.toString());
            server();
        }

        @Test
        void aServerThatClosesWithoutItsPipelineLeavesTheFileThatReplacedItsSocket() throws Exception {
            Channel server = server();
            Path path = Path.of(address.path());
            Files.delete(path);
            Files.createFile(path);

            server.eventLoop().submit(() -> server.unsafe().closeForcibly()).sync();

            assertFalse(server.isOpen());
            assertTrue(Files.isRegularFile(path), "another's file is removed");
            Files.delete(path);
        }

        @Test
        void aConnectWaitsForAFreePlaceInTheBacklog() throws Exception {
            Channel server = serverBootstrap()
                    .option(ChannelOption.SO_BACKLOG, 1)
                    .option(ChannelOption.AUTO_READ, false)
                    .bind(address)
                    .sync()
                    .channel();
            List<ChannelFuture> connects = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                connects.add(connect(new Messages()));
            }
            Throwable timeout = PipeFixture.cause(bootstrap(new Messages())
                    .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 100)
                    .connect(address));
            assertInstanceOf(ConnectTimeoutException.class, timeout);
            assertTrue(timeout.getMessage().contains("its backlog is full"), timeout.getMessage());
            assertTrue(connects.stream().anyMatch(connect -> !connect.isDone()), "the backlog took all");
            assertTrue(connects.stream().noneMatch(connect -> connect.cause() != null), "one has failed");

            server.config().setAutoRead(true);

            for (ChannelFuture connect : connects) {
                assertTrue(connect.await(20, TimeUnit.SECONDS) && connect.isSuccess(), connect::toString);
            }
        }

        @Test
        void aClientOfBytesIsRefused() {
            server();
            try (PipeFixture pipes = new PipeFixture(transport)) {
                Throwable cause = PipeFixture.cause(pipes.connect(address));

                assertTrue(cause.getMessage().contains("rotocol"), cause.toString());
            }
        }

        @Test
        void connectionsLeaveNoDescriptor() throws Exception {
            server();
            client(new Messages()).close().syncUninterruptibly();
            accepted.take().closeFuture().syncUninterruptibly();
            int before = OpenHandles.count();

            for (int i = 0; i < 200; i++) {
                client(new Messages()).close().syncUninterruptibly();
                assertTrue(accepted.take().closeFuture().awaitUninterruptibly(20, TimeUnit.SECONDS));
            }

            // The loop of the test before may have closed its own meanwhile.
            assertTrue(OpenHandles.count() <= before);
        }
    }

    /** Half-closure, and what is still read when the peer has gone. */
    @Nested
    class Ends {
        /** 55. */
        @Test
        void oneDirectionCanBeClosedAndTheAnswerStillArrives() throws Exception {
            server();
            Messages messages = new Messages();
            DuplexChannel client = client(messages);

            client.writeAndFlush(bytes(7)).syncUninterruptibly();
            client.shutdownOutput().syncUninterruptibly();

            assertEquals(7, messages.next().length);
            // Echo writes this when it meets the end.
            assertEquals("end", new String(messages.next(), StandardCharsets.US_ASCII));
            assertTrue(client.closeFuture().awaitUninterruptibly(20, TimeUnit.SECONDS));
        }

        @Test
        void thePeersEndIsToldAlsoWhereTheInputIsShutDown() throws Exception {
            server();
            CompletableFuture<Object> told = new CompletableFuture<>();
            DuplexChannel client = client(new Messages() {
                @Override
                public void userEventTriggered(ChannelHandlerContext ctx, Object evt) {
                    told.complete(evt);
                }
            });
            client.shutdownInput().syncUninterruptibly();

            accepted.take().close().syncUninterruptibly();

            assertSame(ChannelInputShutdownReadComplete.INSTANCE, told.get(20, TimeUnit.SECONDS));
            assertTrue(client.isOpen());
            client.shutdownOutput();
            assertTrue(client.closeFuture().awaitUninterruptibly(20, TimeUnit.SECONDS));
        }

        /** 52. */
        @Test
        void whatWasWrittenBeforeACloseIsRead() throws Exception {
            server();
            DuplexChannel client = client(new Messages());
            Channel child = accepted.take();
            Messages read = new Messages();
            replaceEcho(child, read);
            child.config().setAutoRead(false);
            // What was asked for already may come.
            client.writeAndFlush(bytes(1)).syncUninterruptibly();
            client.writeAndFlush(bytes(2)).syncUninterruptibly();
            client.writeAndFlush(bytes(3)).syncUninterruptibly();
            client.close().syncUninterruptibly();

            child.config().setAutoRead(true);

            assertEquals(1, read.next().length);
            assertEquals(2, read.next().length);
            assertEquals(3, read.next().length);
        }

        /** The kernel tells of the reset before it gives what is queued. */
        @Test
        void theRepliesOfAPeerThatClosesWithoutReadingEverythingArrive() throws Exception {
            Messages messages = new Messages();
            DuplexChannel client = clientOfAPeerThatRepliesAndClosesUnread(messages);

            client.config().setAutoRead(true);

            assertEquals(8, messages.next().length);
            assertEquals(9, messages.next().length);
            assertTrue(client.closeFuture().awaitUninterruptibly(20, TimeUnit.SECONDS), "no end");
            assertNull(messages.failures.poll());
        }

        @Test
        void aWriteThatMeetsTheResetFailsAloneAndTheRepliesArrive() throws Exception {
            Messages messages = new Messages();
            DuplexChannel client = clientOfAPeerThatRepliesAndClosesUnread(messages);

            // With NIO, the poller's thread may hold the peer's socket for a moment after it was closed.
            ChannelFuture write;
            do {
                write = client.writeAndFlush(bytes(1));
            } while (write.awaitUninterruptibly(20, TimeUnit.SECONDS) && write.isSuccess());
            assertInstanceOf(IOException.class, PipeFixture.cause(write));
            client.config().setAutoRead(true);

            assertEquals(8, messages.next().length);
            assertEquals(9, messages.next().length);
            assertTrue(client.closeFuture().awaitUninterruptibly(20, TimeUnit.SECONDS), "no end");
            assertNull(messages.failures.poll());
        }

        /** Has sent two messages; the peer has sent two as well and closed. Nobody has read anything. */
        private DuplexChannel clientOfAPeerThatRepliesAndClosesUnread(Messages messages) throws Exception {
            serverBootstrap()
                    .childOption(ChannelOption.AUTO_READ, false)
                    .bind(address)
                    .syncUninterruptibly();
            DuplexChannel client = (DuplexChannel) bootstrap(messages)
                    .option(ChannelOption.AUTO_READ, false)
                    .connect(address)
                    .syncUninterruptibly()
                    .channel();
            client.writeAndFlush(bytes(1)).syncUninterruptibly();
            client.writeAndFlush(bytes(2)).syncUninterruptibly();
            Channel peer = accepted.take();
            peer.writeAndFlush(bytes(8)).syncUninterruptibly();
            peer.writeAndFlush(bytes(9)).syncUninterruptibly();
            peer.close().syncUninterruptibly();
            return client;
        }

        @Test
        void aMessageThatThereIsNoMemoryForClosesItsChannelOnly() throws Exception {
            server();
            Messages messages = new Messages();
            Messages others = new Messages();
            EventLoop loop = group.next();
            Channel client = bootstrap(messages)
                    .clone(loop)
                    .option(ChannelOption.ALLOCATOR, new PoorAllocator())
                    .connect(address)
                    .syncUninterruptibly()
                    .channel();
            Channel other = bootstrap(others)
                    .clone(loop)
                    .connect(address)
                    .syncUninterruptibly()
                    .channel();

            client.writeAndFlush(Unpooled.directBuffer(1).writeByte(1)).syncUninterruptibly();

            assertInstanceOf(OutOfMemoryError.class, messages.failures.poll(20, TimeUnit.SECONDS));
            assertTrue(client.closeFuture().awaitUninterruptibly(20, TimeUnit.SECONDS), "still open");
            other.writeAndFlush(bytes(2)).syncUninterruptibly();
            assertEquals(2, others.next().length);
        }

        @Test
        void theEndIsSeenByAChannelThatHasReadAndDoesNotReadNow() throws Exception {
            server();
            Messages messages = new Messages();
            Channel client = bootstrap(messages)
                    .option(ChannelOption.AUTO_READ, false)
                    .connect(address)
                    .syncUninterruptibly()
                    .channel();
            Channel peer = accepted.take();
            peer.writeAndFlush(bytes(9)).syncUninterruptibly();
            client.read();
            assertEquals(9, messages.next().length);

            peer.close().syncUninterruptibly();

            assertTrue(client.closeFuture().awaitUninterruptibly(20, TimeUnit.SECONDS), "no end");
        }
    }

    /** Channels whose peer does not take what is flushed. */
    @Nested
    class SlowReaders {
        /** Netty tells of that in the middle of a flush, and what is flushed then is counted twice. */
        @Test
        void anAnswerToWritabilityThatComesOfACancelledWriteIsSent() throws Exception {
            server();
            Messages messages = new Messages() {
                private boolean answered;

                @Override
                public void channelWritabilityChanged(ChannelHandlerContext ctx) {
                    if (ctx.channel().isWritable() && !answered) {
                        answered = true;
                        ctx.writeAndFlush(bytes(9));
                    }
                }
            };
            Channel client = client(messages);
            client.eventLoop()
                    .submit(() -> {
                        client.config().setWriteBufferWaterMark(new WriteBufferWaterMark(100, 200));
                        client.write(bytes(300)).cancel(false);
                        client.flush();
                    })
                    .sync();
            assertEquals(9, messages.next().length);

            client.writeAndFlush(bytes(10)).sync();
            assertEquals(10, messages.next().length);
        }

        /** 42. */
        @Test
        void aSlowReaderStopsTheWriterAndLosesNothing() throws Exception {
            server();
            DuplexChannel client = client(new Messages());
            Channel child = accepted.take();
            Messages read = new Messages();
            replaceEcho(child, read);
            child.config().setAutoRead(false);
            int count = 5000;
            ChannelFuture last = null;
            for (int i = 0; i < count; i++) {
                last = client.write(bytes(1 + i % 1000));
            }
            client.flush();
            assertFalse(last.awaitUninterruptibly(100), "nobody reads, and all is written");
            assertFalse(client.isWritable());

            child.config().setAutoRead(true);

            for (int i = 0; i < count; i++) {
                assertEquals(1 + i % 1000, read.next().length);
            }
            assertTrue(last.awaitUninterruptibly(20, TimeUnit.SECONDS) && last.isSuccess());
        }

        /** Netty puts an empty buffer in the place of a message whose write was cancelled before it was flushed. */
        @Test
        void aCancelledWriteIsNotSent() throws Exception {
            server();
            Messages messages = new Messages();
            Channel client = client(messages);

            client.eventLoop()
                    .submit(() -> {
                        assertTrue(client.write(bytes(5)).cancel(false));
                        client.write(Unpooled.EMPTY_BUFFER);
                        assertTrue(client.write(Unpooled.EMPTY_BUFFER).cancel(false));
                        client.write(bytes(2));
                        assertTrue(client.write(bytes(6)).cancel(false));
                        client.flush();
                        client.writeAndFlush(bytes(3));
                    })
                    .sync();

            assertEquals(0, messages.next().length);
            assertEquals(2, messages.next().length);
            assertEquals(3, messages.next().length);
        }

        /** Without epoll, what was awaited when a descriptor became writable must be awaited on. */
        @Test
        void aChannelThatWasBlockedStillReadsAndSeesTheEnd() throws Exception {
            server();
            Messages messages = new Messages();
            DuplexChannel client = client(messages);
            Channel peer = accepted.take();
            Messages read = new Messages();
            ChannelFuture last = block(client, peer, read);

            peer.config().setAutoRead(true);
            assertTrue(last.awaitUninterruptibly(20, TimeUnit.SECONDS) && last.isSuccess());
            peer.writeAndFlush(bytes(9)).syncUninterruptibly();

            assertEquals(9, messages.next().length);
            peer.close().syncUninterruptibly();
            assertTrue(client.closeFuture().awaitUninterruptibly(20, TimeUnit.SECONDS), "no end");
        }

        @Test
        void aBlockedChannelGoesOnAfterItHasMovedToAnotherLoop() throws Exception {
            server();
            DuplexChannel client = client(new Messages());
            Channel peer = accepted.take();
            Messages read = new Messages();
            ChannelFuture last = block(client, peer, read);

            move(client);
            peer.config().setAutoRead(true);

            assertTrue(last.awaitUninterruptibly(20, TimeUnit.SECONDS) && last.isSuccess(), "still blocked");
            client.writeAndFlush(bytes(3)).syncUninterruptibly();
        }

        @Test
        void aChannelOfNoLoopKeepsWhatDoesNotFitForItsNextLoop() throws Exception {
            server();
            DuplexChannel client = client(new Messages());
            Channel peer = accepted.take();
            Messages read = new Messages();
            EventLoop loop = client.eventLoop();
            client.deregister().syncUninterruptibly();

            ChannelFuture last = block(client, peer, read);
            assertFalse(client.isRegistered());
            register(client, loop);
            peer.config().setAutoRead(true);

            assertTrue(last.awaitUninterruptibly(20, TimeUnit.SECONDS) && last.isSuccess(), "still blocked");
        }

        @Test
        void whatIsBlockedGoesOnAfterAMoveAlsoWhereTheInputIsShutDown() throws Exception {
            server();
            DuplexChannel client = client(new Messages());
            Channel peer = accepted.take();
            ChannelFuture last = block(client, peer, new Messages());
            client.shutdownInput().syncUninterruptibly();
            move(client);

            peer.config().setAutoRead(true);

            assertTrue(last.awaitUninterruptibly(20, TimeUnit.SECONDS) && last.isSuccess(), "still blocked");
        }

        private void move(Channel channel) {
            EventLoop before = channel.eventLoop();
            channel.deregister().syncUninterruptibly();
            register(channel, before);
        }

        private void register(Channel channel, EventLoop before) {
            EventLoop next;
            do {
                next = group.next();
            } while (next == before);
            next.register(channel).syncUninterruptibly();
        }

        /** Writes more than fits while the peer doesn't read; returns the last write. */
        private static ChannelFuture block(Channel client, Channel peer, Messages read) {
            replaceEcho(peer, read);
            peer.config().setAutoRead(false);
            ChannelFuture last = null;
            for (int i = 0; i < 2000; i++) {
                last = client.write(bytes(1000));
            }
            client.flush();
            assertFalse(last.awaitUninterruptibly(100), "nobody reads, and all is written: " + last);
            return last;
        }
    }

    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ctx.write(msg);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.flush();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object evt) {
            if (evt == ChannelInputShutdownEvent.INSTANCE) {
                ctx.writeAndFlush(Unpooled.copiedBuffer("end", StandardCharsets.US_ASCII))
                        .addListener(written -> ctx.close());
            }
        }
    }

    private static class Messages extends ChannelInboundHandlerAdapter {
        private final BlockingQueue<byte[]> received = new LinkedBlockingQueue<>();
        private final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf message = (ByteBuf) msg;
            received.add(ByteBufUtil.getBytes(message));
            message.release();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            failures.add(cause);
        }

        byte[] next() throws InterruptedException {
            byte[] message = received.poll(20, TimeUnit.SECONDS);
            assertNotNull(message, "no message");
            return message;
        }
    }

    /** Its memory has run out. */
    private static final class PoorAllocator extends AbstractByteBufAllocator {
        PoorAllocator() {
            super(true);
        }

        @Override
        protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
            throw new OutOfMemoryError("as if");
        }

        @Override
        protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
            throw new OutOfMemoryError("as if");
        }

        @Override
        public boolean isDirectBufferPooled() {
            return false;
        }
    }
}
