/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.workload;

import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.nettyipc.benchmarks.transport.Loop;
import io.nettyipc.grpc.LocalGrpc;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/** A gRPC service whose messages are bytes. */
public final class GrpcService implements Service {
    /** Answers with its request. */
    public static final MethodDescriptor<byte[], byte[]> ECHO = method("Echo", MethodDescriptor.MethodType.UNARY);
    /** Answers with the number of bytes, a long. */
    static final MethodDescriptor<byte[], byte[]> COUNT = method("Count", MethodDescriptor.MethodType.CLIENT_STREAMING);
    /**
     * Sends messages for as many nanoseconds as the request's first long, of as many bytes as its second, and then one
     * that is the number of bytes, a long.
     */
    static final MethodDescriptor<byte[], byte[]> SEND = method("Send", MethodDescriptor.MethodType.SERVER_STREAMING);

    private final Server server;

    private GrpcService(Server server) {
        this.server = server;
    }

    /** Returns the methods, for any server. */
    public static ServerServiceDefinition definition() {
        return ServerServiceDefinition.builder("benchmark.Bytes")
                .addMethod(ECHO, ServerCalls.asyncUnaryCall((request, responses) -> {
                    responses.onNext(request);
                    responses.onCompleted();
                }))
                .addMethod(COUNT, ServerCalls.asyncClientStreamingCall(Counter::new))
                .addMethod(SEND, ServerCalls.asyncServerStreamingCall(GrpcService::send))
                .build();
    }

    static GrpcService listen(Loop loop, SocketAddress address, GrpcThreads threads) throws IOException {
        NettyServerBuilder builder =
                LocalGrpc.serverBuilder(loop.group(), loop.transport().serverChannel(), address);
        if (threads == GrpcThreads.EVENT_LOOPS) {
            builder.directExecutor();
        }
        return start(builder);
    }

    static GrpcService start(NettyServerBuilder builder) throws IOException {
        return new GrpcService(builder.addService(definition()).build().start());
    }

    private static void send(byte[] request, StreamObserver<byte[]> responses) {
        ByteBuffer fields = ByteBuffer.wrap(request);
        long deadline = System.nanoTime() + fields.getLong();
        byte[] message = new byte[(int) fields.getLong()];
        Sender sender = new Sender((ServerCallStreamObserver<byte[]>) responses, message, deadline);
        sender.call.setOnReadyHandler(sender::send);
    }

    @Override
    public SocketAddress address() {
        return server.getListenSockets().get(0);
    }

    @Override
    public void close() {
        try {
            server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static MethodDescriptor<byte[], byte[]> method(String name, MethodDescriptor.MethodType type) {
        return MethodDescriptor.<byte[], byte[]>newBuilder(Bytes.MARSHALLER, Bytes.MARSHALLER)
                .setFullMethodName("benchmark.Bytes/" + name)
                .setType(type)
                .build();
    }

    private static byte[] count(long bytes) {
        return ByteBuffer.allocate(Long.BYTES).putLong(bytes).array();
    }

    private static final class Counter implements StreamObserver<byte[]> {
        private final StreamObserver<byte[]> responses;
        private long bytes;

        Counter(StreamObserver<byte[]> responses) {
            this.responses = responses;
        }

        @Override
        public void onNext(byte[] message) {
            bytes += message.length;
        }

        @Override
        public void onError(Throwable cause) {
            // The client sees it too.
        }

        @Override
        public void onCompleted() {
            responses.onNext(count(bytes));
            responses.onCompleted();
        }
    }

    /** gRPC calls it on one thread at a time. */
    private static final class Sender {
        private final ServerCallStreamObserver<byte[]> call;
        private final byte[] message;
        private final long deadline;
        private long bytes;
        private boolean ended;

        Sender(ServerCallStreamObserver<byte[]> call, byte[] message, long deadline) {
            this.call = call;
            this.message = message;
            this.deadline = deadline;
        }

        void send() {
            while (!ended && call.isReady()) {
                call.onNext(message);
                bytes += message.length;
                if (System.nanoTime() - deadline >= 0) {
                    ended = true;
                    call.onNext(count(bytes));
                    call.onCompleted();
                }
            }
        }
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
                // A message whose length is known is read into one array of that length.
                return stream instanceof KnownLength ? stream.readNBytes(stream.available()) : stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
