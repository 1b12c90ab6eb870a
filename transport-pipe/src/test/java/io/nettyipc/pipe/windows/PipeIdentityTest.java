/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.util.concurrent.Future;
import io.nettyipc.base.os.Advapi32;
import io.nettyipc.base.os.Kernel32;
import io.nettyipc.base.os.Win32Error;
import io.nettyipc.base.testing.PeerProgram;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipeChannel;
import io.nettyipc.pipe.NamedPipeChannelOption;
import io.nettyipc.pipe.NamedPipeImpersonation;
import io.nettyipc.pipe.NamedPipeUser;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** 59: who a client is, and acting in its name. */
@EnabledOnOs(OS.WINDOWS)
@Timeout(120)
class PipeIdentityTest extends PipeFixture {

    private static final int ERROR_NO_TOKEN = 1008;

    private final Recorder recorder = new Recorder();

    /** 0 if this thread wears another token than its process's, else the error, which is ERROR_NO_TOKEN. */
    private static int threadToken() {
        long[] token = new long[1];
        if (!Advapi32.OpenThreadToken(-2, Advapi32.TOKEN_QUERY, true, token)) {
            return Win32Error.last().code();
        }
        Kernel32.CloseHandle(token[0]);
        return 0;
    }

    /** The server's end of a connection from another process, which has written something. */
    private NamedPipeChannel accept(PeerProgram client) throws Exception {
        bind(recorder);
        client.does("open " + address.path() + " byte rw");
        client.does("write 00");
        recorder.awaitBytes(1);
        return (NamedPipeChannel) recorder.awaitActive();
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.get(30, TimeUnit.SECONDS);
    }

    @Test
    void anActionRunsAsTheClientOnAThreadThatEndsWithIt() throws Exception {
        try (PeerProgram client = new PeerProgram()) {
            NamedPipeChannel child = accept(client);
            Thread[] thread = new Thread[1];
            Future<Integer> token = child.runAsClient(() -> {
                thread[0] = Thread.currentThread();
                return threadToken();
            });
            assertEquals(0, get(token));
            assertNotSame(Thread.currentThread(), thread[0]);
            assertFalse(child.eventLoop().inEventLoop(thread[0]));
            thread[0].join(10_000);
            assertFalse(thread[0].isAlive());
            assertEquals(ERROR_NO_TOKEN, threadToken());
        }
    }

    @Test
    void theEventLoopNeverWearsTheClientsTokenEvenIfTheActionFails() throws Exception {
        try (PeerProgram client = new PeerProgram()) {
            NamedPipeChannel child = accept(client);
            IllegalStateException thrown = new IllegalStateException("from the action");
            for (int i = 0; i < 20; i++) {
                CompletableFuture<Integer> inListener = new CompletableFuture<>();
                // Begun by the loop itself, which is where a handler would.
                Callable<Future<Void>> begin = () -> child.runAsClient(() -> {
                    throw thrown;
                });
                Future<Void> failed = get(child.eventLoop().submit(begin));
                failed.addListener(f -> inListener.complete(threadToken()));
                assertSame(
                        thrown,
                        assertThrows(ExecutionException.class, () -> get(failed))
                                .getCause());
                assertEquals(ERROR_NO_TOKEN, get(child.eventLoop().submit(PipeIdentityTest::threadToken)));
                assertEquals(ERROR_NO_TOKEN, inListener.get(30, TimeUnit.SECONDS));
            }
        }
    }

    @Test
    void theServerKnowsItsClientsUserAndSid() throws Exception {
        try (PeerProgram client = new PeerProgram()) {
            NamedPipeChannel child = accept(client);
            NamedPipeUser user = get(child.clientUser());
            assertEquals(NamedPipe.peer(child).user(), user.name());
            assertTrue(user.sid().startsWith("S-1-5-"), user.sid());
            // What the program asked for when it opened the pipe.
            assertEquals(NamedPipeImpersonation.IMPERSONATION, user.level());
            assertEquals(client.processId(), NamedPipe.peer(child).processId());
        }
    }

    @Test
    void aWin32ServerKnowsItsNettyClientsUser() throws Exception {
        try (PeerProgram server = new PeerProgram()) {
            server.does("serve " + address.path() + " byte byte duplex 1");
            Channel channel = client(recorder)
                    .option(NamedPipeChannelOption.PIPE_IMPERSONATION, NamedPipeImpersonation.IMPERSONATION)
                    .connect(address)
                    .sync()
                    .channel();
            server.does("accept");
            channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[1])).sync();
            assertEquals("data 00", server.ask("read 1"));
            assertEquals("user " + System.getProperty("user.name"), server.ask("user"));
        }
    }

    @Test
    void aClientThatAllowsNothingCantBeIdentifiedAndOneThatIsIdentifiedCantBeActedFor() throws Exception {
        assumeFalse(Wine.isWine(), "Wine gives the server's own token, whatever the client allows");
        bind(recorder);
        for (NamedPipeImpersonation level : NamedPipeImpersonation.values()) {
            Channel channel = client(new Recorder())
                    .option(NamedPipeChannelOption.PIPE_IMPERSONATION, level)
                    .connect(address)
                    .sync()
                    .channel();
            channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[1])).sync();
            NamedPipeChannel child = (NamedPipeChannel) recorder.awaitActive();
            if (level == NamedPipeImpersonation.ANONYMOUS) {
                Future<NamedPipeUser> user = child.clientUser();
                assertInstanceOf(
                        IOException.class,
                        assertThrows(ExecutionException.class, () -> get(user)).getCause());
            } else {
                assertEquals(level, get(child.clientUser()).level());
            }
        }
    }

    @Test
    void onlyAServerHasAClientAndOnlyWhileItIsConnected() throws Exception {
        try (PeerProgram client = new PeerProgram()) {
            NamedPipeChannel child = accept(client);
            NamedPipeChannel ours = (NamedPipeChannel) connect(new Recorder());
            assertInstanceOf(
                    UnsupportedOperationException.class,
                    ours.clientUser().awaitUninterruptibly().cause());
            child.close().sync();
            assertInstanceOf(
                    ChannelException.class,
                    child.runAsClient(() -> null).awaitUninterruptibly().cause());
        }
    }
}
