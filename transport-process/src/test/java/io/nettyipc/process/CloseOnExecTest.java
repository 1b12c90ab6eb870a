/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.nettyipc.base.testing.NewDescriptors;
import io.nettyipc.mailslot.Mailslot;
import io.nettyipc.mailslot.MailslotAddress;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipeAddress;
import io.nettyipc.pipe.PipeFixture;
import io.nettyipc.pipe.unix.UnixTransport;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;
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
 * No descriptor of a channel is inherited by programs that anybody in this process starts. The JDK closes all of them
 * in its children by itself, so that only their flags show it.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "it looks into /proc")
@Timeout(60)
@ParameterizedClass
@MethodSource("io.nettyipc.pipe.UnixTransports#all")
class CloseOnExecTest {
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

    private NewDescriptors watch() throws IOException {
        return new NewDescriptors(target ->
                target.startsWith("pipe:") || target.startsWith("socket:") || target.startsWith(directory.toString()));
    }

    @Test
    void thoseOfAChildsStreams() throws Exception {
        NewDescriptors opened = watch();

        Channel child = bootstrap(ChildProcess.channelType())
                .option(ProcessChannelOption.PROCESS_STDERR, ProcessStderr.channel(new ChannelInboundHandlerAdapter()))
                .connect(ProcessAddress.of("cat"))
                .syncUninterruptibly()
                .channel();

        opened.assertClosedInChildren(3);
        child.close().syncUninterruptibly();
    }

    @Test
    void thoseOfFifos() throws Exception {
        FifoAddress address = FifoAddress.of(directory.resolve("fifo").toString());
        NewDescriptors opened = watch();

        bind(Fifo.channelType(), address);
        connect(Fifo.channelType(), address);

        opened.assertClosedInChildren(2);
    }

    @Test
    void thoseOfMailslots() throws Exception {
        MailslotAddress address = MailslotAddress.of(PipeFixture.newName());
        NewDescriptors opened = watch();

        bind(Mailslot.channelType(), address);
        connect(Mailslot.channelType(), address);

        opened.assertClosedInChildren(2);
    }

    @Test
    void thoseOfPipes() throws Exception {
        assumeTrue(transport != UnixTransport.nio(), "the JDK's sockets are closed in the JDK's children only");
        NamedPipeAddress address = NamedPipeAddress.of(directory.resolve("s").toString());
        NewDescriptors opened = watch();

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

        opened.assertClosedInChildren(3);
    }

    @Test
    void thoseOfPipesOfMessages() throws Exception {
        NamedPipeAddress address = PipeFixture.newAddress();
        NewDescriptors opened = watch();

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

        opened.assertClosedInChildren(3);
    }
}
