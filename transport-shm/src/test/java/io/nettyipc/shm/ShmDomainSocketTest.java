/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.DomainSocketChannel;
import io.netty.channel.unix.DomainSocketReadMode;
import io.netty.channel.unix.ServerDomainSocketChannel;
import io.netty.channel.unix.UnixChannelOption;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a framework that knows domain sockets finds: their types, and addresses of paths. */
@Timeout(60)
class ShmDomainSocketTest {

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, Shm.newIoHandlerFactory());
    private final DomainSocketAddress path = new DomainSocketAddress(
            ShmAddress.of("domain-socket-" + ProcessHandle.current().pid()).path());

    @AfterEach
    void shutDown() {
        group.shutdownGracefully(0, 10, TimeUnit.SECONDS);
        assertTrue(group.terminationFuture().awaitUninterruptibly(20, TimeUnit.SECONDS));
    }

    private Channel bind(BlockingQueue<Channel> children) {
        return new ServerBootstrap()
                .group(group)
                .channel(Shm.serverChannelType())
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        children.add(channel);
                    }
                })
                .bind(path)
                .syncUninterruptibly()
                .channel();
    }

    private Bootstrap client() {
        return new Bootstrap().group(group).channel(Shm.channelType()).handler(new ChannelInboundHandlerAdapter());
    }

    private static void assertHasAddresses(DomainSocketAddress expected, Channel channel) {
        DomainSocketChannel socket = assertInstanceOf(DomainSocketChannel.class, channel);
        assertEquals(expected, socket.localAddress());
        assertEquals(expected, socket.remoteAddress());
        assertEquals(expected.path(), socket.remoteAddress().path());
    }

    @Test
    void plainAddressOfAPathIsBoundAndConnectedTo() throws Exception {
        BlockingQueue<Channel> children = new LinkedBlockingQueue<>();
        ServerDomainSocketChannel server = assertInstanceOf(ServerDomainSocketChannel.class, bind(children));
        assertEquals(path, server.localAddress());
        assertNull(server.remoteAddress());

        Channel client = client().connect(path).sync().channel();

        assertHasAddresses(path, client);
        assertHasAddresses(path, children.take());
    }

    @Test
    void plainAddressOfNoSocketFailsTheBindAndTheConnect() {
        DomainSocketAddress wrong = new DomainSocketAddress("http://orders");

        assertInstanceOf(
                IllegalArgumentException.class,
                client().connect(wrong).awaitUninterruptibly().cause());
        assertInstanceOf(
                IllegalArgumentException.class,
                new ServerBootstrap()
                        .group(group)
                        .channel(Shm.serverChannelType())
                        .childHandler(new ChannelInboundHandlerAdapter())
                        .bind(wrong)
                        .awaitUninterruptibly()
                        .cause());
    }

    @Test
    void bytesAreTheOnlyReadMode() {
        ShmChannelConfig config = new ShmChannel().config();

        config.setReadMode(DomainSocketReadMode.BYTES);

        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> config.setOption(
                                UnixChannelOption.DOMAIN_SOCKET_READ_MODE, DomainSocketReadMode.FILE_DESCRIPTORS))
                .getMessage();
        assertTrue(message.contains("does not pass file descriptors"), message);
        assertEquals(DomainSocketReadMode.BYTES, config.getOption(UnixChannelOption.DOMAIN_SOCKET_READ_MODE));
        assertEquals(DomainSocketReadMode.BYTES, config.getOptions().get(UnixChannelOption.DOMAIN_SOCKET_READ_MODE));
    }

    @Test
    void theDescriptorIsOneThatIsNotOpen() {
        assertFalse(new ShmChannel().fd().isOpen());
        assertFalse(new ShmServerChannel().fd().isOpen());
    }
}
