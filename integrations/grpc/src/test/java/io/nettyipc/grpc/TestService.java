/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.grpc;

import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A service of all four kinds of calls whose messages are bytes. */
final class TestService {

    static final MethodDescriptor<byte[], byte[]> ECHO = method("Echo", MethodDescriptor.MethodType.UNARY);
    static final MethodDescriptor<byte[], byte[]> REFUSE = method("Refuse", MethodDescriptor.MethodType.UNARY);
    static final MethodDescriptor<byte[], byte[]> NEVER_ANSWER =
            method("NeverAnswer", MethodDescriptor.MethodType.UNARY);
    /** Takes a count and a length, two ints; sends that many messages of that length, each with its number in front. */
    static final MethodDescriptor<byte[], byte[]> SEND = method("Send", MethodDescriptor.MethodType.SERVER_STREAMING);
    /** Answers with the number of messages and of their bytes, two longs. */
    static final MethodDescriptor<byte[], byte[]> COUNT = method("Count", MethodDescriptor.MethodType.CLIENT_STREAMING);

    static final MethodDescriptor<byte[], byte[]> ECHO_ALL =
            method("EchoAll", MethodDescriptor.MethodType.BIDI_STREAMING);
    /** Fail with {@code UNKNOWN} and the request, or the first one, as the description. */
    static final MethodDescriptor<byte[], byte[]> FAIL = method("Fail", MethodDescriptor.MethodType.UNARY);

    static final MethodDescriptor<byte[], byte[]> FAIL_ALL =
            method("FailAll", MethodDescriptor.MethodType.BIDI_STREAMING);
    /** Answers with the caller's process id and user, separated by a blank. */
    static final MethodDescriptor<byte[], byte[]> WHO = method("Who", MethodDescriptor.MethodType.UNARY);
    /** Nobody implements them: a method of the service that there is, and one of a service that there is not. */
    static final MethodDescriptor<byte[], byte[]> NO_METHOD = method("NoMethod", MethodDescriptor.MethodType.UNARY);

    static final MethodDescriptor<byte[], byte[]> NO_SERVICE =
            NO_METHOD.toBuilder().setFullMethodName("test.NoService/Echo").build();

    /** A call of {@link #NEVER_ANSWER} has come, and has been cancelled. */
    final CountDownLatch called = new CountDownLatch(1);

    final CountDownLatch cancelled = new CountDownLatch(1);
    /** Messages that {@link #SEND} has given to gRPC. */
    final AtomicInteger sent = new AtomicInteger();

    ServerServiceDefinition definition() {
        return ServerServiceDefinition.builder("test.Test")
                .addMethod(ECHO, ServerCalls.asyncUnaryCall((request, responses) -> {
                    responses.onNext(request);
                    responses.onCompleted();
                }))
                .addMethod(
                        REFUSE,
                        ServerCalls.asyncUnaryCall((request, responses) -> responses.onError(Status.FAILED_PRECONDITION
                                .withDescription("not today")
                                .asRuntimeException())))
                .addMethod(NEVER_ANSWER, ServerCalls.asyncUnaryCall((request, responses) -> {
                    ((ServerCallStreamObserver<byte[]>) responses).setOnCancelHandler(cancelled::countDown);
                    called.countDown();
                }))
                .addMethod(SEND, ServerCalls.asyncServerStreamingCall(this::send))
                .addMethod(COUNT, ServerCalls.asyncClientStreamingCall(TestService::count))
                .addMethod(ECHO_ALL, ServerCalls.asyncBidiStreamingCall(TestService::echoAll))
                .addMethod(
                        FAIL, ServerCalls.asyncUnaryCall((request, responses) -> responses.onError(unknown(request))))
                .addMethod(FAIL_ALL, ServerCalls.asyncBidiStreamingCall(TestService::failAll))
                .addMethod(WHO, ServerCalls.asyncUnaryCall((request, responses) -> {
                    Caller caller = Caller.current();
                    responses.onNext(
                            (caller.process().processId() + " " + caller.user()).getBytes(StandardCharsets.UTF_8));
                    responses.onCompleted();
                }))
                .build();
    }

    private void send(byte[] request, StreamObserver<byte[]> responses) {
        int count = ByteBuffer.wrap(request).getInt();
        int length = ByteBuffer.wrap(request).getInt(4);
        ServerCallStreamObserver<byte[]> stream = (ServerCallStreamObserver<byte[]>) responses;
        stream.setOnReadyHandler(() -> {
            while (sent.get() < count && stream.isReady()) {
                int number = sent.getAndIncrement();
                stream.onNext(ByteBuffer.allocate(length).putInt(number).array());
                if (number == count - 1) {
                    stream.onCompleted();
                }
            }
        });
    }

    private static StreamObserver<byte[]> count(StreamObserver<byte[]> responses) {
        return new StreamObserver<>() {
            private long messages;
            private long bytes;

            @Override
            public void onNext(byte[] message) {
                messages++;
                bytes += message.length;
            }

            @Override
            public void onError(Throwable cause) {}

            @Override
            public void onCompleted() {
                responses.onNext(
                        ByteBuffer.allocate(16).putLong(messages).putLong(bytes).array());
                responses.onCompleted();
            }
        };
    }

    private static StreamObserver<byte[]> echoAll(StreamObserver<byte[]> responses) {
        return new StreamObserver<>() {
            @Override
            public void onNext(byte[] message) {
                responses.onNext(message);
            }

            @Override
            public void onError(Throwable cause) {}

            @Override
            public void onCompleted() {
                responses.onCompleted();
            }
        };
    }

    private static StreamObserver<byte[]> failAll(StreamObserver<byte[]> responses) {
        return new StreamObserver<>() {
            @Override
            public void onNext(byte[] message) {
                responses.onError(unknown(message));
            }

            @Override
            public void onError(Throwable cause) {}

            @Override
            public void onCompleted() {}
        };
    }

    private static StatusRuntimeException unknown(byte[] description) {
        return Status.UNKNOWN
                .withDescription(new String(description, StandardCharsets.UTF_8))
                .asRuntimeException();
    }

    private static MethodDescriptor<byte[], byte[]> method(String name, MethodDescriptor.MethodType type) {
        return MethodDescriptor.<byte[], byte[]>newBuilder(Bytes.MARSHALLER, Bytes.MARSHALLER)
                .setFullMethodName("test.Test/" + name)
                .setType(type)
                .build();
    }

    private enum Bytes implements MethodDescriptor.Marshaller<byte[]> {
        MARSHALLER;

        @Override
        public InputStream stream(byte[] message) {
            return new ByteArrayInputStream(message);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
