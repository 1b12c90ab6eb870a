/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec.call;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;

/**
 * What one side of a call sends: the peer's window, and the messages that wait for it or for the connection's. Used on
 * the event loop, but for {@link #reserve} and {@link #hasRoom}.
 */
final class CallOutput extends SendWindow {

    private static final AtomicLongFieldUpdater<CallOutput> ROOM =
            AtomicLongFieldUpdater.newUpdater(CallOutput.class, "room");

    /** So little room that no window makes some. */
    private static final long NO_MORE = Long.MIN_VALUE / 2;

    private final AbstractCall call;

    /** The window without what is written already, also by other threads and not yet seen by the event loop. */
    private volatile long room;

    private Queue<ByteBuf> unsent;
    private boolean ending;
    private boolean ended;

    CallOutput(AbstractCall call) {
        this.call = call;
    }

    /** Counts a message that is going to be written. Any thread. */
    void reserve(int messageLength) {
        ROOM.getAndAdd(this, -Frame.cost(messageLength));
    }

    /** {@return whether the window has room for what is written next} Any thread. */
    boolean hasRoom() {
        return room > 0;
    }

    /** {@return whether this side has said, or is going to say, that it sends no more} */
    boolean isEnding() {
        return ending;
    }

    /** {@return whether messages wait for the peer} */
    boolean isWaiting() {
        return unsent != null;
    }

    /** The call is open now. Sends what was written before. */
    void open(int peersWindow) {
        begin(peersWindow);
        ROOM.getAndAdd(this, peersWindow);
        sendWaiting();
        if (!call.hasEnded() && ending && !ended && unsent == null) {
            sendEnd();
        }
    }

    /** The only message was in the frame that has opened the call. */
    void sentInOpen() {
        ending = true;
        ended = true;
    }

    void write(ByteBuf message, boolean last) {
        if (ending) {
            AbstractCall.release(message);
            return;
        }
        if (!call.isShortEnough(message)) {
            return;
        }
        ending = last;
        if (unsent == null && mayBeSent()) {
            send(message, last);
            return;
        }
        if (call.connection.isInputOver()) {
            AbstractCall.release(message);
            call.abortNow(CallConnection.NO_WINDOWS);
            return;
        }
        if (unsent == null) {
            unsent = new ArrayDeque<>();
        }
        unsent.add(message);
        waitForConnection();
    }

    /** Sends no more messages. */
    void end() {
        if (ending) {
            return;
        }
        ending = true;
        if (call.isOpen() && unsent == null) {
            sendEnd();
        }
    }

    private boolean mayBeSent() {
        return call.isOpen() && isOpen() && call.connection.sendWindow().isOpen();
    }

    private void waitForConnection() {
        if (call.isOpen() && isOpen()) {
            call.connection.sendWindow().await(this);
        }
    }

    private void send(ByteBuf message, boolean last) {
        int length = message.readableBytes();
        try {
            call.connection.writer().message(call.id(), message, last);
        } catch (RuntimeException e) {
            AbstractCall.release(message);
            call.unsendable(e);
            return;
        }
        take(length);
        call.connection.sendWindow().takeMessage(length);
        if (last) {
            lastSent();
        }
    }

    private void sendEnd() {
        call.connection.writer().end(call.id(), CallStatus.OK);
        lastSent();
    }

    private void lastSent() {
        ended = true;
        call.connection.writers().remove(call);
        call.sentLast();
    }

    /** Sends what waits, as far as the windows go. */
    void sendWaiting() {
        while (unsent != null && mayBeSent()) {
            ByteBuf message = unsent.poll();
            if (unsent.isEmpty()) {
                unsent = null;
            }
            if (call.isShortEnough(message)) {
                send(message, ending && unsent == null);
            }
        }
        if (unsent != null) {
            waitForConnection();
        }
    }

    void windowOpened(int increment) {
        reopen(call.id(), increment);
        long before = ROOM.getAndAdd(this, increment);
        sendWaiting();
        if (before <= 0 && before + increment > 0) {
            call.tellWritable();
        }
    }

    /** Sends nothing more, and drops what waits. */
    void close() {
        room = NO_MORE;
        if (unsent != null) {
            call.connection.sendWindow().forget(this);
            unsent.forEach(AbstractCall::release);
            unsent = null;
        }
    }
}
