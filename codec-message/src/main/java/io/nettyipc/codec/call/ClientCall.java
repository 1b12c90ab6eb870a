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
    /** Whether it is in the client's queue. */
    private boolean waits;

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
        if (hasEnded()) {
            // Cancelled meanwhile.
            return;
        }
        if (timeout > 0) {
            startDeadline(timeout, unit);
        }
        client.openOrWait(this);
    }

    void waits(boolean nowWaits) {
        waits = nowWaits;
    }

    /** {@return whether the call is opened with a message, which needs a window} */
    boolean hasRequest() {
        return request != null;
    }

    void open(long newId) {
        ByteBuf message = request;
        request = null;
        if (message == null) {
            start(newId);
            client.writers().add(this);
            client.writer().open(newId, method(), timeoutMillis());
            output().open(client.peerLimits().window());
            // A writer that looked before the call was open waits for this.
            tellWritable();
        } else if (isShortEnough(message)) {
            int length = message.readableBytes();
            try {
                client.writer().open(newId, method(), timeoutMillis(), message, true);
            } catch (RuntimeException e) {
                release(message);
                unsendable(e);
                return;
            }
            client.sendWindow().takeMessage(length);
            start(newId);
            output().sentInOpen();
        }
    }

    /** The deadline as it is sent to the server: milliseconds in 32 bits; 0 is none. */
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
    boolean canEndWithoutPeer() {
        return isOverAtPeer();
    }

    @Override
    void release() {
        if (request != null) {
            release(request);
            request = null;
        }
        if (waits) {
            waits = false;
            client.forget(this);
        }
    }
}
