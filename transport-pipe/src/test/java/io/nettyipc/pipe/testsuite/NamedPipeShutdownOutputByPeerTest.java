/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.testsuite;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapFactory;
import io.netty.testsuite.transport.socket.AbstractSocketShutdownOutputByPeerTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

@Timeout(60)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "a byte pipe has no half-close")
class NamedPipeShutdownOutputByPeerTest extends AbstractSocketShutdownOutputByPeerTest<SocketChannel> {
    @Override
    protected List<BootstrapFactory<ServerBootstrap>> newFactories() {
        return NamedPipeTestPermutation.INSTANCE.serverSocket();
    }

    @Override
    protected SocketAddress newSocketAddress() {
        return NamedPipeTestPermutation.INSTANCE.newAddress();
    }

    @Test
    @Override
    public void testShutdownOutput(TestInfo testInfo) throws Throwable {
        assumeTrue(NamedPipeTestPermutation.noHalfClosure() == null, NamedPipeTestPermutation::noHalfClosure);
        super.testShutdownOutput(testInfo);
    }

    @Override
    protected SocketChannel newSocket() {
        try {
            return UnixSockets.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected void connect(SocketChannel socket, SocketAddress address) throws IOException {
        socket.connect(UnixSockets.address(address));
    }

    @Override
    protected void write(SocketChannel socket, int data) throws IOException {
        UnixSockets.write(socket, data);
    }

    @Override
    protected void shutdownOutput(SocketChannel socket) throws IOException {
        socket.shutdownOutput();
    }

    @Override
    protected void close(SocketChannel socket) throws IOException {
        socket.close();
    }
}
