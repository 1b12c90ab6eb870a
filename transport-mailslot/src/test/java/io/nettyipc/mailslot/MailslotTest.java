/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.mailslot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.nettyipc.pipe.MessageTooLongException;
import io.nettyipc.pipe.NamedPipeSocketFile;
import io.nettyipc.pipe.PipeFixture;
import io.nettyipc.pipe.unix.UnixTransport;
import java.io.File;
import java.lang.ref.WeakReference;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.channels.NotYetConnectedException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Mailslots over Linux's datagram sockets, on an event loop with epoll and on one without. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "they are Linux's datagram sockets")
@Timeout(60)
@ParameterizedClass
@MethodSource("io.nettyipc.pipe.UnixTransports#all")
class MailslotTest {
    @Parameter
    UnixTransport transport;

    private final MailslotAddress address = MailslotAddress.of(PipeFixture.newName());
    private MultiThreadIoEventLoopGroup group;
    private final BlockingQueue<Object> received = new LinkedBlockingQueue<>();

    @BeforeEach
    void start() {
        group = new MultiThreadIoEventLoopGroup(1, transport.newIoHandlerFactory());
    }

    @AfterEach
    void stop() {
        assertTrue(group.shutdownGracefully(0, 10, TimeUnit.SECONDS).awaitUninterruptibly(20, TimeUnit.SECONDS));
        assertFalse(Files.exists(Path.of(address.path())), "the socket file is left");
    }

    private Bootstrap bootstrap(ChannelHandler handler) {
        return new Bootstrap().group(group).channel(Mailslot.channelType()).handler(handler);
    }

    private MailslotChannel reader() {
        return (MailslotChannel)
                bootstrap(new Reader()).bind(address).syncUninterruptibly().channel();
    }

    private MailslotChannel writer() {
        return (MailslotChannel) bootstrap(new ChannelInboundHandlerAdapter())
                .connect(address)
                .syncUninterruptibly()
                .channel();
    }

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    }

    private Object next() throws InterruptedException {
        Object next = received.poll(20, TimeUnit.SECONDS);
        assertNotNull(next, "nothing arrived");
        return next;
    }

    @Test
    void manyWritersReachOneReaderMessageByMessage() throws Exception {
        MailslotChannel reader = reader();
        Set<Object> expected = new HashSet<>();
        for (int i = 0; i < 10; i++) {
            MailslotChannel writer = writer();
            for (int k = 0; k < 10; k++) {
                writer.write(text(i + "/" + k));
                expected.add(i + "/" + k);
            }
            writer.flush();
            assertEquals(address, writer.remoteAddress());
            assertNull(writer.localAddress());
        }

        Set<Object> read = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            read.add(next());
        }

        assertEquals(expected, read);
        assertEquals(address, reader.localAddress());
        assertNull(reader.remoteAddress());
    }

    @Test
    void anEmptyMessageIsAMessage() throws Exception {
        reader();
        MailslotChannel writer = writer();

        writer.write(Unpooled.EMPTY_BUFFER);
        writer.writeAndFlush(text("x")).syncUninterruptibly();

        assertEquals("", next());
        assertEquals("x", next());
    }

    @Test
    void aCancelledWriteIsNotSent() throws Exception {
        reader();
        MailslotChannel writer = writer();

        writer.eventLoop()
                .submit(() -> {
                    assertTrue(writer.write(text("cancelled")).cancel(false));
                    writer.writeAndFlush(text("sent"));
                })
                .sync();

        assertEquals("sent", next());
    }

    @Test
    void aReaderThatDoesNotReadStopsItsWritersAndLosesNothing() throws Exception {
        MailslotChannel reader = (MailslotChannel) bootstrap(new Reader())
                .option(ChannelOption.AUTO_READ, false)
                .bind(address)
                .syncUninterruptibly()
                .channel();
        MailslotChannel writer = writer();
        ChannelFuture last = null;
        int count = 3000;
        for (int i = 0; i < count; i++) {
            last = writer.write(text("message " + i));
        }
        writer.flush();
        assertFalse(last.awaitUninterruptibly(100), "nobody reads, and all is written");

        reader.config().setAutoRead(true);

        for (int i = 0; i < count; i++) {
            assertEquals("message " + i, next());
        }
        assertTrue(last.awaitUninterruptibly(20, TimeUnit.SECONDS) && last.isSuccess());
    }

    @Test
    void theFiguresAreTheSystems() throws Exception {
        MailslotChannel reader = (MailslotChannel) bootstrap(new Reader())
                .option(ChannelOption.AUTO_READ, false)
                .option(MailslotChannelOption.MAILSLOT_MAX_MESSAGE_SIZE, 1000)
                .option(MailslotChannelOption.MAILSLOT_READ_TIMEOUT_MILLIS, 60_000)
                .bind(address)
                .syncUninterruptibly()
                .channel();
        assertEquals(new MailslotInfo(1000, -1, 0, 60_000), reader.info());

        writer().writeAndFlush(text("12345")).syncUninterruptibly();

        assertEquals(new MailslotInfo(1000, 5, 1, 60_000), reader.info());
        reader.read();
        assertEquals("12345", next());
        assertThrows(NotYetConnectedException.class, () -> writer().info());
        reader.close().syncUninterruptibly();
        assertThrows(ChannelException.class, reader::info);
    }

    @Test
    void aMessageOverTheWritersLimitFailsAndTheChannelGoesOn() throws Exception {
        reader();
        MailslotChannel writer = writer();

        Throwable own = PipeFixture.cause(writer.writeAndFlush(Unpooled.wrappedBuffer(new byte[65537])));
        writer.config().setMaxMessageSize(0);
        Throwable system = PipeFixture.cause(writer.writeAndFlush(Unpooled.wrappedBuffer(new byte[10_000_000])));
        writer.writeAndFlush(text("short")).syncUninterruptibly();

        assertEquals(65536, assertInstanceOf(MessageTooLongException.class, own).limit());
        assertTrue(assertInstanceOf(MessageTooLongException.class, system).limit() < 10_000_000);
        assertEquals("short", next());
    }

    @Test
    void aMessageOverTheReadersLimitIsDroppedAndReported() throws Exception {
        bootstrap(new Reader())
                .option(MailslotChannelOption.MAILSLOT_MAX_MESSAGE_SIZE, 4)
                .bind(address)
                .syncUninterruptibly();
        MailslotChannel writer = writer();
        for (int i = 0; i < 100; i++) {
            writer.write(text("12345"));
        }

        writer.writeAndFlush(text("1234")).syncUninterruptibly();

        for (int i = 0; i < 100; i++) {
            MessageTooLongException dropped = assertInstanceOf(MessageTooLongException.class, next());
            assertTrue(dropped.getMessage().contains("of 5 bytes arrived, and 4 are allowed"), dropped.getMessage());
        }
        assertEquals("1234", next());
    }

    @Test
    void aSilentMailslotTimesOutAgainAndAgain() throws Exception {
        MailslotChannel reader = (MailslotChannel) bootstrap(new Reader())
                .option(MailslotChannelOption.MAILSLOT_READ_TIMEOUT_MILLIS, 20)
                .bind(address)
                .syncUninterruptibly()
                .channel();

        assertEquals(MailslotReadTimeout.INSTANCE, next());
        assertEquals(MailslotReadTimeout.INSTANCE, next());
        assertTrue(reader.isActive());
        assertThrows(IllegalArgumentException.class, () -> reader.config().setReadTimeoutMillis(0));
    }

    /** Its timer must not keep it, here for an hour. */
    @Test
    void aClosedReaderIsForgotten() throws Exception {
        WeakReference<Channel> reader = closedReader();

        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (reader.get() != null) {
            assertTrue(System.nanoTime() < deadline, "it is still referenced");
            System.gc();
            // The loop's last task refers to it until there is another.
            group.submit(() -> {}).sync();
        }
    }

    private WeakReference<Channel> closedReader() {
        Channel reader = bootstrap(new Reader())
                .option(MailslotChannelOption.MAILSLOT_READ_TIMEOUT_MILLIS, 3_600_000)
                .bind(address)
                .syncUninterruptibly()
                .channel();
        reader.close().syncUninterruptibly();
        return new WeakReference<>(reader);
    }

    @Test
    void theSendBufferLimitsTheLengthOfMessages() throws Exception {
        reader();
        Channel writer = bootstrap(new ChannelInboundHandlerAdapter())
                .option(ChannelOption.SO_SNDBUF, 10_000)
                .connect(address)
                .syncUninterruptibly()
                .channel();

        Throwable cause = PipeFixture.cause(writer.writeAndFlush(Unpooled.wrappedBuffer(new byte[20_000])));
        writer.writeAndFlush(Unpooled.wrappedBuffer(new byte[10_000])).syncUninterruptibly();

        assertTrue(assertInstanceOf(MessageTooLongException.class, cause).limit() < 20_000);
        assertEquals(10_000, next().toString().length());
        assertTrue(writer.config().setOption(ChannelOption.SO_KEEPALIVE, true));
    }

    @Test
    void theWrongEndAndTheWrongAddressAreRefused() {
        MailslotChannel reader = reader();

        assertInstanceOf(
                UnsupportedOperationException.class, PipeFixture.cause(reader.writeAndFlush(text("backwards"))));
        assertInstanceOf(
                IllegalArgumentException.class,
                PipeFixture.cause(bootstrap(new Reader()).connect(new InetSocketAddress(1))));
        Throwable broadcast =
                PipeFixture.cause(bootstrap(new Reader()).bind(MailslotAddress.broadcast(PipeFixture.newName())));
        assertTrue(broadcast.getMessage().contains("other machines"), broadcast.toString());
    }

    @Test
    void aNameIsUnknownTakenAndFreeAgain() {
        Throwable unknown = PipeFixture.cause(bootstrap(new Reader()).connect(address));
        MailslotChannel reader = reader();
        Throwable taken = PipeFixture.cause(bootstrap(new Reader()).bind(address));
        reader.close().syncUninterruptibly();

        assertInstanceOf(ConnectException.class, unknown);
        assertTrue(unknown.getMessage().contains("there is no such mailslot"), unknown.toString());
        assertInstanceOf(BindException.class, taken);
        assertTrue(taken.getMessage().contains("mailslot '" + address.name() + "'"), taken.toString());
        reader();
    }

    @Test
    void aReaderThatClosesWithoutItsPipelineLeavesTheFileThatReplacedItsSocket() throws Exception {
        MailslotChannel reader = reader();
        Path path = Path.of(address.path());
        Files.delete(path);
        Files.createFile(path);

        reader.eventLoop().submit(() -> reader.unsafe().closeForcibly()).sync();

        assertFalse(reader.isOpen());
        assertTrue(Files.isRegularFile(path), "another's file is removed");
        Files.delete(path);
    }

    @Test
    void theSocketIsItsUsersOnly() throws Exception {
        reader();

        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(Path.of(address.path()))));
    }

    @Test
    void theSocketHasTheChosenPermissionsAndGroup() throws Exception {
        Path path = Path.of(address.path());
        bootstrap(new Reader())
                .attr(NamedPipeSocketFile.PERMISSIONS, PosixFilePermissions.fromString("rw-rw----"))
                .attr(
                        NamedPipeSocketFile.GROUP,
                        Files.getAttribute(Path.of("/proc/self"), "unix:gid").toString())
                .bind(address)
                .sync();

        assertEquals("rw-rw----", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
    }

    @Test
    void aReaderWhoseSocketFileIsRemovedIsTold() throws Exception {
        System.setProperty("io.nettyipc.socket.checkSeconds", "1");
        try {
            reader();

            Files.delete(Path.of(address.path()));

            String told = next().toString();
            assertTrue(told.contains("was removed"), told);
        } finally {
            System.clearProperty("io.nettyipc.socket.checkSeconds");
        }
    }

    @Test
    void aWriteAfterTheReadersEndFailsAndClosesTheWriter() {
        MailslotChannel reader = reader();
        Channel writer = writer();

        reader.close().syncUninterruptibly();

        // Without epoll, another thread may hold the reader's socket for a moment more.
        ChannelFuture write;
        do {
            write = writer.writeAndFlush(text("nobody")).awaitUninterruptibly();
        } while (write.isSuccess());
        assertTrue(writer.closeFuture().awaitUninterruptibly(20, TimeUnit.SECONDS));
    }

    @Test
    void aPythonProgramWritesToIt() throws Exception {
        assumeTrue(new File("/usr/bin/python3").canExecute(), "Python is not installed");
        reader();

        int exit = new ProcessBuilder("/usr/bin/python3", "-c", """
                        import socket, sys
                        s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
                        s.connect(sys.argv[1])
                        s.send(b'from')
                        s.send(b'Python')
                        """, address.path())
                .inheritIO()
                .start()
                .waitFor();

        assertEquals(0, exit);
        assertEquals("from", next());
        assertEquals("Python", next());
    }

    private final class Reader extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf message = (ByteBuf) msg;
            received.add(message.toString(StandardCharsets.UTF_8));
            message.release();
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object evt) {
            received.add(evt);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            received.add(cause);
        }
    }
}
