/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec.call;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.CorruptedFrameException;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * What one side of a call receives: the peer's messages that the listener has not asked for yet, and the peer's end.
 */
final class CallInput extends ReceiveWindow {

    private final AbstractCall call;
    private Queue<ByteBuf> parked;
    private int delivered;
    private boolean peerEnded;
    /** Set when the peer has ended its sending: what is left to tell after the last message. */
    private CallStatus peerStatus;

    private boolean autoRead = true;
    private int requested;
    private boolean delivering;

    CallInput(AbstractCall call, int window) {
        super(window);
        this.call = call;
    }

    int delivered() {
        return delivered;
    }

    boolean hasPeerEnded() {
        return peerEnded;
    }

    /** Refuses a message for which there is no window, or after the last one. */
    void check(int length) {
        if (peerEnded) {
            throw new CorruptedFrameException("call " + call.id() + ": a message after the last one");
        }
        take(call.id(), length);
    }

    void received(ByteBuf message, boolean last) {
        if (call.hasEnded()) {
            drop(message);
            return;
        }
        if (last) {
            peerEnded(CallStatus.OK);
        }
        if (parked != null || delivering || !isMessageWanted()) {
            park(message);
        } else {
            delivering = true;
            deliver(message);
            delivering = false;
        }
        deliverParked();
    }

    void receivedEnd(CallStatus status) {
        if (peerEnded) {
            throw new CorruptedFrameException("call " + call.id() + ": a second end");
        }
        peerEnded(status);
        deliverParked();
    }

    private void peerEnded(CallStatus status) {
        peerEnded = true;
        peerStatus = status;
        if (call.endsWithPeer()) {
            call.overAtPeer();
        }
    }

    void setAutoRead(boolean newAutoRead) {
        autoRead = newAutoRead;
        requested = 0;
        deliverParked();
    }

    void read() {
        if (!autoRead) {
            requested++;
            deliverParked();
        }
    }

    private boolean isMessageWanted() {
        return autoRead || requested > 0;
    }

    /**
     * Keeps a message. It is a slice of what the channel has read, and of that all stays in memory as long as the slice
     * does: where that is more than twice the message, the message is copied.
     */
    private void park(ByteBuf message) {
        ByteBuf kept = message;
        int length = message.readableBytes();
        if (length < retained(message) / 2) {
            kept = call.channel().alloc().buffer(length).writeBytes(message);
            message.release();
        }
        if (parked == null) {
            parked = new ArrayDeque<>();
        }
        parked.add(kept);
    }

    private static int retained(ByteBuf slice) {
        ByteBuf whole = slice;
        for (ByteBuf outer = whole.unwrap(); outer != null; outer = outer.unwrap()) {
            whole = outer;
        }
        return whole.capacity();
    }

    private void deliver(ByteBuf message) {
        if (!autoRead) {
            requested--;
        }
        delivered++;
        int length = message.readableBytes();
        if (!peerEnded) {
            int increment = giveBack(length);
            if (increment > 0) {
                call.connection.writer().window(call.id(), increment);
            }
        }
        call.connection.giveBack(length);
        call.tellMessage(message);
    }

    private void deliverParked() {
        if (delivering) {
            return;
        }
        delivering = true;
        while (!call.hasEnded() && parked != null && isMessageWanted()) {
            ByteBuf message = parked.poll();
            if (parked.isEmpty()) {
                parked = null;
            }
            deliver(message);
        }
        if (!call.hasEnded() && parked == null && peerStatus != null) {
            CallStatus status = peerStatus;
            peerStatus = null;
            call.tellPeerStatus(status);
        }
        delivering = false;
    }

    /** Drops what nobody has asked for. */
    void close() {
        if (parked != null) {
            parked.forEach(this::drop);
            parked = null;
        }
    }

    private void drop(ByteBuf message) {
        call.connection.giveBack(message.readableBytes());
        message.release();
    }
}
