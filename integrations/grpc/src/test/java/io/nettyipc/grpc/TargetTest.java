/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.grpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.CallOptions;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {

    private static final byte[] REQUEST = {1, 2, 3};

    private static String name() {
        return "grpc-target-" + ProcessHandle.current().pid();
    }

    @ParameterizedTest
    @ValueSource(strings = {"npipe:%s", "shm:%s", "npipe:////./pipe/%s", "shm:%s%%20with%%20blanks"})
    void aServerIsFoundByItsTarget(String form) throws Exception {
        String target = form.formatted(name());
        Server server = server(target);
        ManagedChannel channel = Grpc.newChannelBuilder(target, InsecureChannelCredentials.create())
                .build();
        try {
            assertArrayEquals(REQUEST, echo(channel));
            assertEquals("localhost", channel.authority());
        } finally {
            end(channel, server);
        }
    }

    @Test
    void allFormsOfANameAreOneServer() throws Exception {
        Server server = server("npipe:" + name());
        ManagedChannel channel = LocalGrpc.channelBuilder(
                        "npipe:////./pipe/" + name(), InsecureChannelCredentials.create())
                .build();
        try {
            assertArrayEquals(REQUEST, echo(channel));
        } finally {
            end(channel, server);
        }
    }

    @Test
    void grpcsBuilderIsNettysSoThatFrameworksCanCastIt() {
        assertInstanceOf(
                NettyChannelBuilder.class, Grpc.newChannelBuilder("shm:orders", InsecureChannelCredentials.create()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"npipe", "shm"})
    void channelsAndServersShareEventLoopsWhichEndWithTheLast(String scheme) throws Exception {
        String target = scheme + ":" + name();
        Server server = server(target);
        ManagedChannel first = Grpc.newChannelBuilder(target, InsecureChannelCredentials.create())
                .build();
        ManagedChannel second = Grpc.newChannelBuilder(target, InsecureChannelCredentials.create())
                .build();
        assertArrayEquals(REQUEST, echo(first));
        assertArrayEquals(REQUEST, echo(second));
        List<Thread> loops = loops(scheme);
        assertEquals(1, pools(loops).size(), loops::toString);

        end(first, server);
        // Longer than gRPC waits before it ends what nobody uses.
        Thread.sleep(1_500);
        assertFalse(loops.stream().noneMatch(Thread::isAlive), "ended while a channel is left");
        server = server(target);
        assertArrayEquals(
                REQUEST,
                ClientCalls.blockingUnaryCall(
                        second,
                        TestService.ECHO,
                        CallOptions.DEFAULT.withWaitForReady().withDeadlineAfter(20, TimeUnit.SECONDS),
                        REQUEST));
        loops = loops(scheme);
        end(second, server);

        for (Thread loop : loops) {
            loop.join(20_000);
            assertFalse(loop.isAlive(), loop::toString);
        }
        server = server(target);
        assertNotEquals(pools(loops), pools(loops(scheme)));
        assertTrue(server.shutdownNow().awaitTermination(20, TimeUnit.SECONDS));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    npipe:a/b             | has a slash in the pipe name
                    shm:.                 | names a directory
                    npipe://server/orders | names the machine 'server'
                    shm:orders#1          | has a fragment
                    """)
    void aBadNameIsRefusedWhereTheBuilderIsMade(String target, String finding) {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> Grpc.newChannelBuilder(target, InsecureChannelCredentials.create()));
        assertTrue(e.getMessage().contains(finding), e::getMessage);
        e = assertThrows(
                IllegalArgumentException.class,
                () -> LocalGrpc.serverBuilder(target, InsecureServerCredentials.create()));
        assertTrue(e.getMessage().contains(finding), e::getMessage);
    }

    @Test
    void aTargetWithoutASchemeIsAHostsAsEver() throws Exception {
        ManagedChannel channel = Grpc.newChannelBuilder("localhost:1", InsecureChannelCredentials.create())
                .build();

        assertEquals("localhost:1", channel.authority());
        assertTrue(channel.shutdownNow().awaitTermination(20, TimeUnit.SECONDS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp:orders", "orders", "dns:///orders"})
    void anotherSchemeIsToldFromALocalOne(String target) {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> LocalGrpc.serverBuilder(target, InsecureServerCredentials.create()));

        assertTrue(e.getMessage().contains("write npipe:orders"), e::getMessage);
    }

    @ParameterizedTest
    @ValueSource(strings = {"npipe", "shm"})
    void aCallWhereNobodyListensSaysWhereThatIs(String scheme) throws Exception {
        ManagedChannel channel = Grpc.newChannelBuilder(scheme + ":grpc-nobody", InsecureChannelCredentials.create())
                .build();
        try {
            Status status = assertThrows(StatusRuntimeException.class, () -> echo(channel))
                    .getStatus();

            assertEquals(Status.Code.UNAVAILABLE, status.getCode());
            assertTrue(status.getCause().getMessage().contains("grpc-nobody"), () -> "" + status.getCause());
        } finally {
            assertTrue(channel.shutdownNow().awaitTermination(20, TimeUnit.SECONDS));
        }
    }

    private static Server server(String target) throws Exception {
        return LocalGrpc.serverBuilder(target, InsecureServerCredentials.create())
                .addService(new TestService().definition())
                .build()
                .start();
    }

    private static byte[] echo(ManagedChannel channel) {
        return ClientCalls.blockingUnaryCall(channel, TestService.ECHO, CallOptions.DEFAULT, REQUEST);
    }

    private static void end(ManagedChannel channel, Server server) throws InterruptedException {
        assertTrue(channel.shutdownNow().awaitTermination(20, TimeUnit.SECONDS));
        assertTrue(server.shutdownNow().awaitTermination(20, TimeUnit.SECONDS));
    }

    private static List<Thread> loops(String scheme) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("grpc-" + scheme + "-"))
                .toList();
    }

    /** The part of the threads' names that is another for each group. */
    private static Set<String> pools(List<Thread> loops) {
        return loops.stream()
                .map(loop -> loop.getName().substring(0, loop.getName().lastIndexOf('-')))
                .collect(Collectors.toSet());
    }
}
