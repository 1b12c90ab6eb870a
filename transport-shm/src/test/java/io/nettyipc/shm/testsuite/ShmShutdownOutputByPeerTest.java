/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.testsuite;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapFactory;
import io.netty.testsuite.transport.socket.AbstractSocketShutdownOutputByPeerTest;
import java.net.SocketAddress;
import java.util.List;
import org.junit.jupiter.api.Timeout;

/** The peer is a shared-memory channel too: nothing else can be. */
@Timeout(60)
class ShmShutdownOutputByPeerTest extends AbstractSocketShutdownOutputByPeerTest<ShmShutdownOutputByPeerTest.Peer> {

    static final class Peer {
        private DuplexChannel channel;
    }

    @Override
    protected List<BootstrapFactory<ServerBootstrap>> newFactories() {
        return ShmTestPermutation.INSTANCE.serverSocket();
    }

    @Override
    protected SocketAddress newSocketAddress() {
        return ShmTestPermutation.INSTANCE.newAddress();
    }

    @Override
    protected Peer newSocket() {
        return new Peer();
    }

    @Override
    protected void connect(Peer peer, SocketAddress address) {
        Bootstrap bootstrap = ShmTestPermutation.INSTANCE.clientSocket().get(0).newInstance();
        peer.channel = (DuplexChannel) bootstrap
                .handler(new ChannelInboundHandlerAdapter())
                .connect(address)
                .syncUninterruptibly()
                .channel();
    }

    @Override
    protected void write(Peer peer, int data) {
        peer.channel
                .writeAndFlush(Unpooled.wrappedBuffer(new byte[] {(byte) data}))
                .syncUninterruptibly();
    }

    @Override
    protected void shutdownOutput(Peer peer) {
        peer.channel.shutdownOutput().syncUninterruptibly();
    }

    @Override
    protected void close(Peer peer) {
        if (peer.channel != null) {
            peer.channel.close().syncUninterruptibly();
        }
    }
}
