/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process.windows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.nettyipc.base.testing.LoggedWarnings;
import io.nettyipc.base.testing.PeerProgram;
import io.nettyipc.pipe.NamedPipeChannelOption;
import io.nettyipc.pipe.NamedPipeMode;
import io.nettyipc.pipe.windows.PipeFixture;
import io.nettyipc.pipe.windows.WindowsNamedPipeChannel;
import io.nettyipc.process.ChildProcess;
import io.nettyipc.process.ProcessAddress;
import java.nio.channels.NotYetConnectedException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Shutting down one direction, and both, means the same on each channel that has two: what it means on Netty's own. */
@EnabledOnOs(OS.WINDOWS)
@Timeout(120)
class ShutdownTest extends PipeFixture {

    enum Kind {
        BYTE(false),
        MESSAGE(false),
        HALF_CLOSE(true),
        PROCESS(true);

        final boolean outputAlone;

        Kind(boolean outputAlone) {
            this.outputAlone = outputAlone;
        }
    }

    private DuplexChannel connect(Kind kind) throws Exception {
        if (kind == Kind.PROCESS) {
            return (DuplexChannel) new Bootstrap()
                    .group(clients)
                    .channel(ChildProcess.channelType())
                    .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                    .handler(new Recorder())
                    .connect(ProcessAddress.of(PeerProgram.child("silent").toArray(String[]::new)))
                    .sync()
                    .channel();
        }
        ServerBootstrap server = server(new Echo()).childOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        if (kind != Kind.BYTE) {
            server.option(NamedPipeChannelOption.PIPE_TYPE, NamedPipeMode.MESSAGE)
                    .childOption(NamedPipeChannelOption.PIPE_HALF_CLOSE, kind == Kind.HALF_CLOSE);
        }
        server.bind(address).sync();
        return (DuplexChannel) client(new Recorder())
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(NamedPipeChannelOption.PIPE_HALF_CLOSE, kind == Kind.HALF_CLOSE)
                .connect(address)
                .sync()
                .channel();
    }

    private static Throwable cause(ChannelFuture future) {
        assertTrue(future.awaitUninterruptibly(20, TimeUnit.SECONDS), "it isn't done");
        return future.cause();
    }

    /** Waits for what was asked of the loop before. */
    private static void passOneTurn(DuplexChannel channel) throws Exception {
        channel.eventLoop().submit(() -> {}).get(20, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @EnumSource
    void bothDirectionsAreShutDownAndTheChannelStaysOpen(Kind kind) throws Exception {
        DuplexChannel channel = connect(kind);

        Throwable cause = cause(channel.shutdown());

        assertTrue(channel.isInputShutdown());
        assertEquals(kind.outputAlone, channel.isOutputShutdown());
        if (kind.outputAlone) {
            assertNull(cause);
        } else {
            assertInstanceOf(UnsupportedOperationException.class, cause);
        }
        passOneTurn(channel);
        assertTrue(channel.isOpen());
        assertNull(cause(channel.close()));
    }

    @ParameterizedTest
    @EnumSource
    void theOneAfterTheOtherLeavesItOpenToo(Kind kind) throws Exception {
        DuplexChannel channel = connect(kind);

        assertNull(cause(channel.shutdownInput()));
        assertNull(cause(channel.shutdownInput()));
        Throwable cause = cause(channel.shutdownOutput());

        assertEquals(kind.outputAlone, cause == null);
        passOneTurn(channel);
        assertTrue(channel.isOpen());
        assertTrue(channel.isInputShutdown());
    }

    @ParameterizedTest
    @EnumSource
    void aCancelledPromiseChangesNothing(Kind kind) throws Exception {
        DuplexChannel channel = connect(kind);
        try (LoggedWarnings warnings = new LoggedWarnings()) {
            for (boolean onLoop : new boolean[] {false, true}) {
                run(channel, onLoop, () -> {
                    channel.shutdownInput(cancelled(channel));
                    channel.shutdownOutput(cancelled(channel));
                    channel.shutdown(cancelled(channel));
                });
            }
            assertFalse(channel.isInputShutdown());
            assertFalse(channel.isOutputShutdown());
            assertTrue(warnings.messages().isEmpty(), () -> warnings.messages().toString());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPromiseThatIsDoneAlreadyStaysAsItIs(Kind kind) throws Exception {
        DuplexChannel channel = connect(kind);
        try (LoggedWarnings warnings = new LoggedWarnings()) {
            run(channel, true, () -> {
                channel.shutdownInput(channel.newPromise().setSuccess());
                channel.shutdownOutput(channel.newPromise().setSuccess());
                channel.shutdown(channel.newPromise().setSuccess());
                channel.shutdownInput(channel.newPromise().setFailure(new IllegalStateException()));
                channel.shutdownOutput(channel.newPromise().setFailure(new IllegalStateException()));
            });
            assertTrue(channel.isInputShutdown());
            passOneTurn(channel);
            assertTrue(warnings.messages().isEmpty(), () -> warnings.messages().toString());
        }
    }

    @ParameterizedTest
    @EnumSource
    void withoutAConnectionItFails(Kind kind) throws Exception {
        DuplexChannel channel = (DuplexChannel) new Bootstrap()
                .group(clients)
                .channel(kind == Kind.PROCESS ? ChildProcess.channelType() : WindowsNamedPipeChannel.class)
                .handler(new Recorder())
                .register()
                .sync()
                .channel();

        assertInstanceOf(NotYetConnectedException.class, cause(channel.shutdown()));
        assertInstanceOf(NotYetConnectedException.class, cause(channel.shutdownInput()));
        channel.close().sync();
    }

    private static ChannelPromise cancelled(DuplexChannel channel) {
        ChannelPromise promise = channel.newPromise();
        assertTrue(promise.cancel(false));
        return promise;
    }

    private static void run(DuplexChannel channel, boolean onLoop, Runnable action) throws Exception {
        if (onLoop) {
            channel.eventLoop().submit(action).get(20, TimeUnit.SECONDS);
        } else {
            action.run();
            passOneTurn(channel);
        }
    }
}
