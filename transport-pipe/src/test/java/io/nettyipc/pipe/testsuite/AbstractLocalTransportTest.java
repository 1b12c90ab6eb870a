/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.testsuite;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapComboFactory;
import io.netty.testsuite.transport.socket.AbstractSocketTest;
import java.net.SocketAddress;
import java.util.List;
import org.junit.jupiter.api.Timeout;

/** For the tests written here because Netty's own casts to a TCP channel: same permutations, same allocators. */
@Timeout(60)
public abstract class AbstractLocalTransportTest extends AbstractSocketTest {
    private final LocalTestPermutation permutation;

    protected AbstractLocalTransportTest(LocalTestPermutation permutation) {
        this.permutation = permutation;
    }

    /** What it runs over. */
    protected final LocalTestPermutation permutation() {
        return permutation;
    }

    @Override
    protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
        return permutation.socket();
    }

    @Override
    protected SocketAddress newSocketAddress() {
        return permutation.newAddress();
    }

    /** Closes what a test opened and waits for it, whether or not the test came that far. */
    public static void close(Channel... channels) {
        for (Channel channel : channels) {
            if (channel != null) {
                channel.close().awaitUninterruptibly();
            }
        }
    }
}
