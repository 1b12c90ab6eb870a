/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec.call;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.TimeUnit;

/** The client's side of a call. It is a task for the event loop too: the one that opens it. */
final class ClientCall extends AbstractCall implements Runnable {

    private final CallClientHandler client;
    private final long timeout;
    private final TimeUnit unit;
    /** The only message, {@code null} in a stream. */
    private ByteBuf request;

    ClientCall(
            CallClientHandler client, int method, ByteBuf request, CallListener listener, long timeout, TimeUnit unit) {
        super(client, method);
        this.client = client;
        this.request = request;
        this.timeout = timeout;
        this.unit = unit;
        listener(listener);
    }

    @Override
    public void run() {
        if (timeout > 0) {
            startDeadline(timeout, unit);
        }
        client.openOrWait(this);
    }

    void open(long newId) {
        ByteBuf message = request;
        request = null;
        if (message == null) {
            start(newId);
            client.addWriter(this);
            client.writer().open(newId, method(), timeoutMillis());
            startSending();
            // Who looked before the call was open waits for it.
            channelWritable();
        } else if (isShortEnough(message)) {
            start(newId);
            client.writer().open(newId, method(), timeoutMillis(), message, true);
            lastSent();
        }
    }

    /** What the server gets to know, in 32 bits; 0 is none. */
    private int timeoutMillis() {
        if (timeout == 0) {
            return 0;
        }
        return (int) Math.max(1, Math.min(unit.toMillis(timeout), 0xFFFF_FFFFL));
    }

    @Override
    void sentLast() {}

    @Override
    void deliveredLast(CallListener receiver, CallStatus status) {
        finish(status);
    }

    @Override
    boolean endsWithPeer() {
        return true;
    }

    @Override
    void release() {
        if (request != null) {
            request.release();
            request = null;
        }
        client.forget(this);
    }
}
