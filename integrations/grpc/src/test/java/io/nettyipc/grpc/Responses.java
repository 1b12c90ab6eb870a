/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.grpc;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The responses of a call, to be waited for. */
final class Responses implements StreamObserver<byte[]> {
    private final BlockingQueue<Object> events = new LinkedBlockingQueue<>();

    ClientCall.Listener<byte[]> listener() {
        return new ClientCall.Listener<>() {
            @Override
            public void onMessage(byte[] message) {
                events.add(message);
            }

            @Override
            public void onClose(Status status, Metadata trailers) {
                events.add(status);
            }
        };
    }

    byte[] next() throws InterruptedException {
        Object event = events.poll(20, TimeUnit.SECONDS);
        assertTrue(event instanceof byte[], () -> "" + event);
        return (byte[]) event;
    }

    Status end() throws InterruptedException {
        Object event = events.poll(20, TimeUnit.SECONDS);
        assertTrue(event instanceof Status, () -> "" + event);
        return (Status) event;
    }

    @Override
    public void onNext(byte[] message) {
        events.add(message);
    }

    @Override
    public void onError(Throwable cause) {
        events.add(Status.fromThrowable(cause));
    }

    @Override
    public void onCompleted() {
        events.add(Status.OK);
    }
}
