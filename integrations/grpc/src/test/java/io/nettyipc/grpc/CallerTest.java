/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerTransportFilter;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipeAddress;
import io.nettyipc.pipe.NamedPipePeer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallerTest {

    private final BlockingQueue<Caller> transports = new LinkedBlockingQueue<>();
    private Server server;
    private ManagedChannel channel;

    private void start(String scheme, AdmitCallers interceptor) throws Exception {
        String target = scheme + ":grpc-caller-" + ProcessHandle.current().pid();
        server = LocalGrpc.serverBuilder(target, InsecureServerCredentials.create())
                .intercept(interceptor)
                .addTransportFilter(new ServerTransportFilter() {
                    @Override
                    public Attributes transportReady(Attributes attributes) {
                        transports.add(attributes.get(Caller.TRANSPORT_ATTRIBUTE));
                        return attributes;
                    }
                })
                .addService(new TestService().definition())
                .build()
                .start();
        channel = Grpc.newChannelBuilder(target, InsecureChannelCredentials.create())
                .build();
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (channel != null) {
            assertTrue(channel.shutdownNow().awaitTermination(20, TimeUnit.SECONDS));
            assertTrue(server.shutdownNow().awaitTermination(20, TimeUnit.SECONDS));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"npipe", "shm"})
    void aServiceAndATransportFilterKnowWhoCalls(String scheme) throws Exception {
        start(scheme, AdmitCallers.all());

        String[] answer = who().split(" ", 2);

        assertEquals(String.valueOf(ProcessHandle.current().pid()), answer[0]);
        assertTrue(answer[1].endsWith(System.getProperty("user.name")), answer[1]);
        Caller caller = transports.poll(20, TimeUnit.SECONDS);
        assertEquals(answer[1], caller.user());
        assertTrue(caller.isUser(answer[1]));
    }

    @ParameterizedTest
    @ValueSource(strings = {"npipe", "shm"})
    void onlyTheUsersThatAreNamedGetThrough(String scheme) throws Exception {
        start(scheme, AdmitCallers.all());
        String user = who().split(" ", 2)[1];
        stop();
        start(scheme, AdmitCallers.users("somebody-else", user));
        assertTrue(who().endsWith(user));
        stop();

        start(scheme, AdmitCallers.users("somebody-else"));
        Status status = assertThrows(StatusRuntimeException.class, this::who).getStatus();

        assertEquals(Status.Code.PERMISSION_DENIED, status.getCode());
        assertEquals("this server doesn't admit user " + user, status.getDescription());
    }

    /** The JDK's sockets, as on macOS without Netty's native library. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void theUserIsKnownOverNioToo() throws Exception {
        NamedPipeAddress address =
                NamedPipeAddress.of("grpc-caller-" + ProcessHandle.current().pid());
        MultiThreadIoEventLoopGroup group =
                new MultiThreadIoEventLoopGroup(1, NamedPipe.newIoHandlerFactory(NioIoHandler.newFactory()));
        try {
            server = LocalGrpc.serverBuilder(group, NamedPipe.serverChannelType(group), address)
                    .intercept(AdmitCallers.users(System.getProperty("user.name")))
                    .addService(new TestService().definition())
                    .build()
                    .start();
            channel = LocalGrpc.channelBuilder(group, NamedPipe.channelType(group), address)
                    .usePlaintext()
                    .build();

            assertEquals("-1 " + System.getProperty("user.name"), who());
            stop();
        } finally {
            group.shutdownGracefully(0, 10, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    @Test
    void whomTheSystemDoesNotNameIsNotAdmitted() throws Exception {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .intercept(AdmitCallers.matching(caller -> true))
                .addService(new TestService().definition())
                .build()
                .start();
        channel = NettyChannelBuilder.forAddress("localhost", server.getPort())
                .usePlaintext()
                .build();

        Status status = assertThrows(StatusRuntimeException.class, this::who).getStatus();

        assertEquals(Status.Code.UNAUTHENTICATED, status.getCode());
    }

    @Test
    void namesOfWindowsAreComparedWithoutRegardToCaseAndOthersWithIt() {
        NamedPipePeer process = new NamedPipePeer(1, -1, null, -1);
        Caller windows = new Caller(process, "CORP\\Anna", "S-1-5-21-1");
        Caller unix = new Caller(process, "anna", null);
        Caller unknown = new Caller(process, null, null);

        assertTrue(windows.isUser("corp\\anna"));
        assertTrue(windows.isUser("S-1-5-21-1"));
        assertFalse(windows.isUser("anna"));
        assertTrue(unix.isUser("anna"));
        assertFalse(unix.isUser("Anna"));
        assertFalse(unknown.isUser("null"));
    }

    private String who() {
        return new String(
                ClientCalls.blockingUnaryCall(channel, TestService.WHO, CallOptions.DEFAULT, new byte[0]),
                StandardCharsets.UTF_8);
    }
}
