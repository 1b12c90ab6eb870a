/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.nettyipc.mailslot.Mailslot;
import io.nettyipc.mailslot.MailslotAddress;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipeAddress;
import io.nettyipc.pipe.PipeFixture;
import io.nettyipc.pipe.unix.UnixTransport;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * No descriptor of a channel is inherited by programs that anybody in this process starts. The JDK closes all of them in
 * its children by itself, so that only their flags show it.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "it looks into /proc")
@Timeout(60)
@ParameterizedClass
@MethodSource("io.nettyipc.pipe.UnixTransports#all")
class CloseOnExecTest {
    private static final int O_CLOEXEC = 02000000;

    @Parameter
    UnixTransport transport;

    @TempDir
    Path directory;

    private MultiThreadIoEventLoopGroup group;
    private final BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();

    @BeforeEach
    void start() {
        group = new MultiThreadIoEventLoopGroup(1, transport.newIoHandlerFactory());
        // What a loop and the thread for descriptors open for themselves is open from here on.
        FifoAddress address = FifoAddress.of(directory.resolve("first").toString());
        bind(Fifo.channelType(), address).close().syncUninterruptibly();
    }

    @AfterEach
    void stop() {
        assertTrue(group.shutdownGracefully(0, 10, TimeUnit.SECONDS).awaitUninterruptibly(20, TimeUnit.SECONDS));
    }

    private Bootstrap bootstrap(Class<? extends Channel> type) {
        return new Bootstrap().group(group).channel(type).handler(new ChannelInboundHandlerAdapter());
    }

    private Channel bind(Class<? extends Channel> type, SocketAddress address) {
        return bootstrap(type).bind(address).syncUninterruptibly().channel();
    }

    private Channel connect(Class<? extends Channel> type, SocketAddress address) {
        return bootstrap(type).connect(address).syncUninterruptibly().channel();
    }

    /** Those of pipes, FIFOs and sockets; the JVM opens files when it likes. */
    private Set<Path> descriptors() throws IOException {
        Set<Path> found = new HashSet<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : all) {
                try {
                    String target = Files.readSymbolicLink(descriptor).toString();
                    if (target.startsWith("pipe:")
                            || target.startsWith("socket:")
                            || target.startsWith(directory.toString())) {
                        found.add(descriptor.getFileName());
                    }
                } catch (IOException e) {
                    // The one of the stream itself, or closed meanwhile.
                }
            }
        }
        return found;
    }

    private void assertClosedInChildren(int expected, Set<Path> before) throws IOException {
        Set<Path> opened = descriptors();
        opened.removeAll(before);
        assertEquals(expected, opened.size(), opened::toString);
        for (Path descriptor : opened) {
            String flags = Files.readAllLines(Path.of("/proc/self/fdinfo").resolve(descriptor)).stream()
                    .filter(line -> line.startsWith("flags:"))
                    .findFirst()
                    .orElseThrow()
                    .substring("flags:".length())
                    .trim();
            assertTrue((Integer.parseInt(flags, 8) & O_CLOEXEC) != 0, descriptor + " has " + flags);
        }
    }

    @Test
    void thoseOfAChildsStreams() throws Exception {
        Set<Path> before = descriptors();

        Channel child = bootstrap(ChildProcess.channelType())
                .option(ProcessChannelOption.PROCESS_STDERR, ProcessStderr.channel(new ChannelInboundHandlerAdapter()))
                .connect(ProcessAddress.of("cat"))
                .syncUninterruptibly()
                .channel();

        assertClosedInChildren(3, before);
        child.close().syncUninterruptibly();
    }

    @Test
    void thoseOfFifos() throws Exception {
        FifoAddress address = FifoAddress.of(directory.resolve("fifo").toString());
        Set<Path> before = descriptors();

        bind(Fifo.channelType(), address);
        connect(Fifo.channelType(), address);

        assertClosedInChildren(2, before);
    }

    @Test
    void thoseOfMailslots() throws Exception {
        MailslotAddress address = MailslotAddress.of(PipeFixture.newName());
        Set<Path> before = descriptors();

        bind(Mailslot.channelType(), address);
        connect(Mailslot.channelType(), address);

        assertClosedInChildren(2, before);
    }

    @Test
    void thoseOfPipes() throws Exception {
        assumeTrue(transport != UnixTransport.nio(), "the JDK's sockets are closed in the JDK's children only");
        NamedPipeAddress address = NamedPipeAddress.of(directory.resolve("s").toString());
        Set<Path> before = descriptors();

        new ServerBootstrap()
                .group(group)
                .channel(transport.serverChannelType())
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel ch) {
                        accepted.add(ch);
                    }
                })
                .bind(address)
                .syncUninterruptibly();
        connect(transport.channelType(), address);
        accepted.take();

        assertClosedInChildren(3, before);
    }

    @Test
    void thoseOfPipesOfMessages() throws Exception {
        NamedPipeAddress address = PipeFixture.newAddress();
        Set<Path> before = descriptors();

        new ServerBootstrap()
                .group(group)
                .channel(NamedPipe.messageServerChannelType())
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel ch) {
                        accepted.add(ch);
                    }
                })
                .bind(address)
                .syncUninterruptibly();
        connect(NamedPipe.messageChannelType(), address);
        accepted.take();

        assertClosedInChildren(3, before);
    }
}
