/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.channel.ChannelFuture;
import io.nettyipc.base.testing.ChildJvm;
import io.nettyipc.base.testing.TestSize;
import io.nettyipc.base.testing.TwoCopies;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Two copies of the library in one JVM, which has one lock for a file and one of each system property. */
@Timeout(300)
class TwoCopiesTest {

    @Test
    void namesAreBoundAndClosedByBothAtOnce() throws Exception {
        assertWorks(List.of());
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there are no sockets of the JDK")
    void namesAreBoundAndClosedByBothAtOnceOverTheJdksSocketsToo() throws Exception {
        assertWorks(List.of("-Dio.netty.transport.noNative=true"));
    }

    private static void assertWorks(List<String> options) throws Exception {
        int names = TestSize.of(200, 2000);
        try (ChildJvm copies = TwoCopies.start(options, Servers.class, names)) {
            assertEquals(Integer.toString(names), copies.answer());
            assertEquals(Integer.toString(names), copies.answer());
        }
    }

    /** Servers that are bound and closed. */
    public static final class Servers implements TwoCopies.Part {
        private final PipeFixture pipes = new PipeFixture();

        public Servers() {}

        @Override
        public void use(String name) throws Exception {
            NamedPipeAddress address = NamedPipeAddress.of(name);
            ChannelFuture bound = pipes.listen(address);
            if (!bound.await(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("a bind doesn't end");
            }
            pipes.assertEchoes(address);
            if (!bound.sync().channel().close().await(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("a close doesn't end");
            }
        }

        @Override
        public void close() {
            pipes.close();
        }
    }
}
