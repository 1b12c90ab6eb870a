/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.testsuite;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapComboFactory;
import io.netty.testsuite.transport.socket.SocketSslEchoTest;
import io.nettyipc.base.testing.TestSize;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Netty permutes the TLS handler's eight settings, of which a transport sees next to nothing. Every fifth of the 192
 * permutations is enough for each two values of different settings to meet; a run of full size takes all.
 */
@Timeout(60)
public abstract class AbstractSslEchoTest extends SocketSslEchoTest {
    private final LocalTestPermutation permutation;

    protected AbstractSslEchoTest(LocalTestPermutation permutation) {
        this.permutation = permutation;
    }

    @Override
    protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
        return permutation.nextSocket();
    }

    @Override
    protected List<ByteBufAllocator> newAllocators() {
        return permutation.nextAllocator();
    }

    @Override
    protected SocketAddress newSocketAddress() {
        return permutation.newAddress();
    }

    static List<Object[]> permutations() throws Exception {
        List<Object[]> all = new ArrayList<>(data());
        List<Object[]> chosen = new ArrayList<>();
        for (int i = 0; i < all.size(); i += TestSize.of(10, 1)) {
            chosen.add(all.get(i));
        }
        return chosen;
    }

    @ParameterizedTest
    @MethodSource("permutations")
    @Override
    public void testSslEcho(
            SslContext serverContext,
            SslContext clientContext,
            Renegotiation renegotiation,
            boolean serverDelegates,
            boolean clientDelegates,
            boolean autoRead,
            boolean chunkedWriteHandler,
            boolean compositeByteBuf,
            TestInfo testInfo)
            throws Throwable {
        super.testSslEcho(
                serverContext,
                clientContext,
                renegotiation,
                serverDelegates,
                clientDelegates,
                autoRead,
                chunkedWriteHandler,
                compositeByteBuf,
                testInfo);
    }
}
