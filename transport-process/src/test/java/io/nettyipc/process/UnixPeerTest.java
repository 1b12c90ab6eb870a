/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import io.nettyipc.base.testing.ChildJvm;
import io.nettyipc.mailslot.Mailslot;
import io.nettyipc.mailslot.MailslotAddress;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipeAddress;
import io.nettyipc.pipe.NamedPipePeer;
import io.nettyipc.pipe.PipeFixture;
import io.nettyipc.pipe.unix.UnixTransport;
import java.io.File;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a pipe of messages, a mailslot and a FIFO do when the other end is another process, which may die or be a
 * stranger.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "pipes that carry messages and mailslots are Windows's and Linux's")
@Timeout(120)
@ParameterizedClass
@MethodSource("io.nettyipc.pipe.UnixTransports#all")
class UnixPeerTest {
    private static final int STRANGER = 12345;
    private static final int STRANGERS_GROUP = 12346;
    private static final String PYTHON = "/usr/bin/python3";

    /** Sees everything, as classes may be in a home directory, but may write to nothing. */
    private static final List<String> AS_STRANGER = List.of(
            "setpriv",
            "--reuid=" + STRANGER,
            "--regid=" + STRANGERS_GROUP,
            "--clear-groups",
            "--inh-caps=-all,+dac_read_search",
            "--ambient-caps=-all,+dac_read_search");

    @Parameter
    UnixTransport transport;

    @TempDir
    Path directory;

    private MultiThreadIoEventLoopGroup group;
    private final BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
    private final BlockingQueue<Object> events = new LinkedBlockingQueue<>();

    @BeforeEach
    void start() {
        group = new MultiThreadIoEventLoopGroup(1, transport.newIoHandlerFactory());
    }

    @AfterEach
    void stop() {
        assertTrue(group.shutdownGracefully(0, 10, TimeUnit.SECONDS).awaitUninterruptibly(20, TimeUnit.SECONDS));
    }

    private NamedPipeAddress server() {
        NamedPipeAddress address =
                NamedPipeAddress.of(directory.resolve("socket").toString());
        new ServerBootstrap()
                .group(group)
                .channel(NamedPipe.messageServerChannelType())
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel ch) {
                        ch.pipeline().addLast(new Events());
                        accepted.add(ch);
                    }
                })
                .bind(address)
                .syncUninterruptibly();
        return address;
    }

    private DuplexChannel accepted() throws InterruptedException {
        Channel channel = accepted.poll(20, TimeUnit.SECONDS);
        assertNotNull(channel, "nobody has connected");
        return (DuplexChannel) channel;
    }

    private Bootstrap bootstrap() {
        return new Bootstrap().group(group).handler(new Events());
    }

    private static ChildJvm child() throws Exception {
        return child(List.of());
    }

    private static ChildJvm child(List<String> prefix) throws Exception {
        ChildJvm child = new ChildJvm(prefix, UnixPeerProgram.class, jar -> true, Map.of());
        assertEquals("ready", child.answer());
        return child;
    }

    private static void tell(ChildJvm child, String line) throws InterruptedException {
        child.tell(line);
        assertEquals("done", child.answer());
    }

    private static ChannelFuture block(Channel channel) {
        ChannelFuture last = null;
        for (int i = 0; i < 2000; i++) {
            last = channel.write(Unpooled.wrappedBuffer(new byte[1000]));
        }
        channel.flush();
        assertFalse(last.awaitUninterruptibly(100), "nobody reads, and all is written");
        return last;
    }

    private static void assertFailsAndCloses(ChannelFuture write) {
        assertInstanceOf(IOException.class, PipeFixture.cause(write));
        assertCloses(write.channel());
    }

    private static void assertCloses(Channel channel) {
        assertTrue(channel.closeFuture().awaitUninterruptibly(20, TimeUnit.SECONDS), "still open");
    }

    // ---- death

    @Test
    void aMessageChannelClosesWhenItsPeerIsKilledWhileItReads() throws Exception {
        NamedPipeAddress address = server();
        try (ChildJvm peer = child()) {
            tell(peer, "message " + address.path());
            DuplexChannel channel = accepted();
            tell(peer, "write 7");
            assertEquals(7, events.poll(20, TimeUnit.SECONDS));

            peer.kill();

            assertEquals(ChannelInputShutdownEvent.INSTANCE, events.poll(20, TimeUnit.SECONDS));
            assertFailsAndCloses(channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[1])));
        }
    }

    @Test
    void aMessageChannelClosesWhenItsPeerIsKilledWhileItWrites() throws Exception {
        NamedPipeAddress address = server();
        try (ChildJvm peer = child()) {
            tell(peer, "message " + address.path());
            DuplexChannel channel = accepted();
            ChannelFuture write = block(channel);

            peer.kill();

            assertFailsAndCloses(write);
        }
    }

    @Test
    void aMessageChannelClosesWhenItsPeerIsKilledAfterOurEnd() throws Exception {
        NamedPipeAddress address = server();
        try (ChildJvm peer = child()) {
            tell(peer, "message " + address.path());
            DuplexChannel channel = accepted();
            channel.shutdownOutput().syncUninterruptibly();
            tell(peer, "write 3");
            assertEquals(3, events.poll(20, TimeUnit.SECONDS));

            peer.kill();

            assertCloses(channel);
        }
    }

    @Test
    void aMessageChannelClosesWhenItsPeerIsKilledAfterThePeersEnd() throws Exception {
        NamedPipeAddress address = server();
        try (ChildJvm peer = child()) {
            tell(peer, "message " + address.path());
            DuplexChannel channel = accepted();
            tell(peer, "end");
            assertEquals(ChannelInputShutdownEvent.INSTANCE, events.poll(20, TimeUnit.SECONDS));
            ChannelFuture write = block(channel);

            peer.kill();

            assertFailsAndCloses(write);
        }
    }

    @Test
    void aBlockedMailslotWriterClosesWhenItsReaderIsKilled() throws Exception {
        String name = PipeFixture.newName();
        try (ChildJvm peer = child()) {
            tell(peer, "mailslot " + name);
            Channel writer = bootstrap()
                    .channel(Mailslot.channelType())
                    .connect(MailslotAddress.of(name))
                    .syncUninterruptibly()
                    .channel();
            ChannelFuture write = block(writer);

            peer.kill();

            assertFailsAndCloses(write);
        } finally {
            Files.deleteIfExists(Path.of(MailslotAddress.of(name).path()));
        }
    }

    @Test
    void aBlockedFifoWriterClosesWhenItsReaderIsKilled() throws Exception {
        Path fifo = directory.resolve("fifo");
        try (ChildJvm peer = child()) {
            tell(peer, "read-fifo " + fifo);
            Channel writer = bootstrap()
                    .channel(Fifo.channelType())
                    .connect(FifoAddress.of(fifo.toString()))
                    .syncUninterruptibly()
                    .channel();
            ChannelFuture write = block(writer);

            peer.kill();

            assertFailsAndCloses(write);
        }
    }

    @Test
    void aFifoReaderMeetsTheEndOfAWriterThatIsKilled() throws Exception {
        Path fifo = directory.resolve("fifo");
        Channel reader = bootstrap()
                .channel(Fifo.channelType())
                .option(FifoChannelOption.FIFO_STAY, false)
                .bind(FifoAddress.of(fifo.toString()))
                .syncUninterruptibly()
                .channel();
        try (ChildJvm peer = child()) {
            tell(peer, "write-fifo " + fifo);
            tell(peer, "write 11");
            assertEquals(11, events.poll(20, TimeUnit.SECONDS));
            assertTrue(reader.isActive());

            peer.kill();

            assertCloses(reader);
        }
    }

    // ---- identity

    @Test
    void bothEndsSeeTheOthersProcess() throws Exception {
        NamedPipeAddress address = server();
        try (ChildJvm peer = child()) {
            tell(peer, "message " + address.path());

            NamedPipePeer seen = NamedPipe.peer(accepted());

            assertEquals(peer.processId(), seen.processId());
            assertEquals(Files.getAttribute(directory, "unix:uid"), seen.userId());
        }
        // A server in another process is at the other end of this one's client.
        assumeTrue(new File(PYTHON).canExecute(), "Python is not installed");
        Path path = directory.resolve("python");
        Process python = new ProcessBuilder(PYTHON, "-c", """
                        import socket, sys
                        s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
                        s.bind(sys.argv[1])
                        s.listen()
                        print('ready', flush=True)
                        client = s.accept()
                        sys.stdin.read()
                        """, path.toString()).start();
        try {
            assertEquals("ready", python.inputReader().readLine());
            Channel client = bootstrap()
                    .channel(NamedPipe.messageChannelType())
                    .connect(NamedPipeAddress.of(path.toString()))
                    .syncUninterruptibly()
                    .channel();

            assertEquals(python.pid(), NamedPipe.peer(client).processId());
        } finally {
            python.destroyForcibly().waitFor();
        }
    }

    @Test
    void anotherUserIsKnownByItsIds() throws Exception {
        assumeStranger();
        NamedPipeAddress address = server();
        Files.setPosixFilePermissions(Path.of(address.path()), PosixFilePermissions.fromString("rw-rw-rw-"));
        try (ChildJvm peer = child(AS_STRANGER)) {
            tell(peer, "message " + address.path());

            NamedPipePeer seen = NamedPipe.peer(accepted());

            assertEquals(peer.processId(), seen.processId());
            assertEquals(STRANGER, seen.userId());
            assertArrayEquals(new int[] {STRANGERS_GROUP}, seen.groupIds());
        }
    }

    // ---- access

    @Test
    void aStrangerIsKeptOutAndToldSo() throws Exception {
        assumeStranger();
        NamedPipeAddress address = server();
        Path fifo = directory.resolve("fifo");
        bootstrap()
                .channel(Fifo.channelType())
                .bind(FifoAddress.of(fifo.toString()))
                .syncUninterruptibly();
        Files.setPosixFilePermissions(fifo, PosixFilePermissions.fromString("---------"));
        try (ChildJvm peer = child(AS_STRANGER)) {
            peer.tell("message " + address.path());
            String refused = peer.answer();
            assertTrue(refused.startsWith(ConnectException.class.getName()), refused);
            assertTrue(refused.contains("permission denied: the socket belongs to the user id 0"), refused);

            peer.tell("write-fifo " + fifo);
            refused = peer.answer();
            assertTrue(refused.startsWith(ConnectException.class.getName()), refused);
            assertTrue(refused.contains("Permission denied"), refused);

            peer.tell("read-fifo " + fifo);
            refused = peer.answer();
            assertTrue(refused.contains("Permission denied"), refused);
        }
        assertEquals(0, accepted.size() + events.size());
    }

    @Test
    void aStrangerCanNotWriteToAMailslot() throws Exception {
        assumeStranger();
        assumeTrue(new File(PYTHON).canExecute(), "Python is not installed");
        MailslotAddress address = MailslotAddress.of(PipeFixture.newName());
        bootstrap().channel(Mailslot.channelType()).bind(address).syncUninterruptibly();
        // Its own mailslots are in another directory.
        List<String> command = new ArrayList<>(AS_STRANGER);
        command.addAll(List.of(PYTHON, "-c", """
                import socket, sys
                s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
                try:
                    s.connect(sys.argv[1])
                    print('connected')
                except PermissionError:
                    print('refused')
                """, address.path()));
        Process python = new ProcessBuilder(command).redirectErrorStream(true).start();

        String output = new String(python.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

        assertEquals("refused\n", output);
        assertEquals(0, events.size());
    }

    private static void assumeStranger() throws InterruptedException {
        try {
            List<String> command = new ArrayList<>(AS_STRANGER);
            command.add("true");
            assumeTrue(
                    new ProcessBuilder(command).start().waitFor() == 0, "setpriv may not make another user's process");
        } catch (IOException e) {
            assumeTrue(false, "setpriv is not installed");
        }
    }

    /** Tells the length of what is read, and the end. */
    private final class Events extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            events.add(((ByteBuf) msg).readableBytes());
            ReferenceCountUtil.release(msg);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object evt) {
            if (evt == ChannelInputShutdownEvent.INSTANCE) {
                events.add(evt);
            }
        }
    }
}
