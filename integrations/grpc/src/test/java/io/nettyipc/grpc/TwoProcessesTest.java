/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.grpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.nettyipc.base.testing.ChildJvm;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** A client here, the server in another JVM. */
@ParameterizedClass
@ValueSource(strings = {"npipe", "shm"})
class TwoProcessesTest {

    @Parameter
    private String scheme;

    private String target;
    private ChildJvm server;
    private ManagedChannel channel;

    @BeforeEach
    void start() throws Exception {
        target = scheme + ":grpc-two-" + ProcessHandle.current().pid();
        startServer();
        channel = Grpc.newChannelBuilder(target, InsecureChannelCredentials.create())
                .maxInboundMessageSize(6_000_000)
                .build();
    }

    private void startServer() throws Exception {
        server = ChildJvm.withOptions(List.of("-Dio.netty.leakDetection.level=paranoid"), TestServer.class, target);
        assertEquals("listens", server.answer());
    }

    @AfterEach
    void stop() throws InterruptedException {
        server.close();
        assertTrue(channel.shutdownNow().awaitTermination(20, TimeUnit.SECONDS));
    }

    @Test
    void manyCallsAtATimeAndALargeOneAreAnswered() throws Exception {
        Semaphore underWay = new Semaphore(50);
        AtomicInteger right = new AtomicInteger();
        for (int i = 0; i < 1_000; i++) {
            byte[] request = new byte[i];
            new Random(i).nextBytes(request);
            underWay.acquire();
            ClientCalls.asyncUnaryCall(
                    channel.newCall(TestService.ECHO, CallOptions.DEFAULT), request, new StreamObserver<>() {
                        @Override
                        public void onNext(byte[] response) {
                            if (java.util.Arrays.equals(request, response)) {
                                right.incrementAndGet();
                            }
                        }

                        @Override
                        public void onError(Throwable cause) {
                            underWay.release();
                        }

                        @Override
                        public void onCompleted() {
                            underWay.release();
                        }
                    });
        }
        assertTrue(underWay.tryAcquire(50, 60, TimeUnit.SECONDS));
        assertEquals(1_000, right.get());

        byte[] large = new byte[5_000_000];
        new Random(5).nextBytes(large);
        assertArrayEquals(large, echo(large));
        String who = new String(
                ClientCalls.blockingUnaryCall(channel, TestService.WHO, CallOptions.DEFAULT, new byte[0]),
                StandardCharsets.UTF_8);
        assertTrue(who.startsWith(ProcessHandle.current().pid() + " "), who);
    }

    @Test
    void aSlowReaderGetsAWholeStream() throws Exception {
        Responses responses = new Responses();
        ClientCall<byte[], byte[]> call = channel.newCall(TestService.SEND, CallOptions.DEFAULT);
        call.start(responses.listener(), new Metadata());
        call.sendMessage(ByteBuffer.allocate(8).putInt(500).putInt(65_536).array());
        call.halfClose();
        for (int number = 0; number < 500; number++) {
            if (number % 20 == 0) {
                echo(new byte[100]);
            }
            call.request(1);
            byte[] message = responses.next();
            assertEquals(65_536, message.length);
            assertEquals(number, ByteBuffer.wrap(message).getInt());
        }
        assertEquals(Status.Code.OK, responses.end().getCode());
    }

    @Test
    void aServerThatWasKilledAndIsBackIsCalledAgain() throws Exception {
        Responses responses = new Responses();
        StreamObserver<byte[]> requests = ClientCalls.asyncBidiStreamingCall(
                channel.newCall(TestService.ECHO_ALL, CallOptions.DEFAULT), responses);
        requests.onNext(new byte[] {1});
        assertArrayEquals(new byte[] {1}, responses.next());

        server.kill();
        assertEquals(Status.Code.UNAVAILABLE, responses.end().getCode());
        StatusRuntimeException nobody = assertThrows(StatusRuntimeException.class, () -> echo(new byte[1]));
        assertEquals(Status.Code.UNAVAILABLE, nobody.getStatus().getCode());
        startServer();

        assertArrayEquals(
                new byte[] {7},
                ClientCalls.blockingUnaryCall(
                        channel,
                        TestService.ECHO,
                        CallOptions.DEFAULT.withWaitForReady().withDeadlineAfter(60, TimeUnit.SECONDS),
                        new byte[] {7}));
    }

    @Test
    void aServerThatShutsDownFinishesItsCallsAndLeaksNothing() throws Exception {
        Responses responses = new Responses();
        StreamObserver<byte[]> requests = ClientCalls.asyncBidiStreamingCall(
                channel.newCall(TestService.ECHO_ALL, CallOptions.DEFAULT), responses);
        requests.onNext(new byte[] {1});
        assertArrayEquals(new byte[] {1}, responses.next());

        server.tell("");
        assertEquals("shuts down", server.answer());
        requests.onNext(new byte[] {2});
        assertArrayEquals(new byte[] {2}, responses.next());
        requests.onCompleted();

        assertEquals(Status.Code.OK, responses.end().getCode());
        assertEquals("true", server.answer());
        assertEquals("no leak", server.answer());
    }

    private byte[] echo(byte[] request) {
        return ClientCalls.blockingUnaryCall(channel, TestService.ECHO, CallOptions.DEFAULT, request);
    }
}
