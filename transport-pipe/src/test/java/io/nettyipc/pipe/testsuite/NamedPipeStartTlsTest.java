/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.testsuite;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapComboFactory;
import io.netty.testsuite.transport.socket.SocketStartTlsTest;
import java.net.SocketAddress;
import java.util.List;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NamedPipeStartTlsTest extends SocketStartTlsTest {
    @Override
    protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
        return NamedPipeTestPermutation.INSTANCE.nextSocket();
    }

    @Override
    protected List<ByteBufAllocator> newAllocators() {
        return NamedPipeTestPermutation.INSTANCE.nextAllocator();
    }

    @Override
    protected SocketAddress newSocketAddress() {
        return NamedPipeTestPermutation.INSTANCE.newAddress();
    }
}
