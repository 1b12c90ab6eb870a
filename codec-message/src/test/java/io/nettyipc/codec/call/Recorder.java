/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec.call;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Keeps what a listener is told: texts, "half close" and the status. */
final class Recorder implements CallListener {

    final BlockingQueue<Object> events = new LinkedBlockingQueue<>();
    /** How often it was told that it may write. */
    int writable;

    @Override
    public void onMessage(Call call, ByteBuf message) {
        events.add(Pair.text(message));
    }

    @Override
    public void onHalfClose(Call call) {
        events.add("half close");
    }

    @Override
    public void onWritable(Call call) {
        writable++;
    }

    @Override
    public void onEnd(Call call, CallStatus status) {
        events.add(status);
    }

    Object next() throws InterruptedException {
        return events.poll(20, TimeUnit.SECONDS);
    }

    CallStatus end() throws InterruptedException {
        while (true) {
            Object event = next();
            if (event == null || event instanceof CallStatus) {
                return (CallStatus) event;
            }
        }
    }
}
