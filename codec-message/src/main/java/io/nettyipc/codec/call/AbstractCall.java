/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec.call;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** One side of a call: its two windows, and what waits for them. All state belongs to the event loop. */
abstract class AbstractCall implements Call {

    private static final InternalLogger logger = InternalLoggerFactory.getInstance(AbstractCall.class);

    private static final CallListener NOBODY = (call, message) -> message.release();

    final CallConnection connection;
    private final int method;
    private CallListener listener = NOBODY;

    /** The list of the connection's writers. */
    AbstractCall previousWriter;

    AbstractCall nextWriter;
    boolean isWriter;

    private long id;
    private Future<?> deadline;
    private CallStatus ended;
    private boolean overAtPeer;

    private long sendWindow;
    private Queue<ByteBuf> unsent;
    private boolean sendEnding;
    private boolean sendEnded;
    private volatile boolean windowClosed;

    private long receiveWindow;
    private int unreported;
    private int messagesDelivered;
    private Queue<ByteBuf> undelivered;
    private boolean receiveEnded;
    /** Set when the peer has ended its sending: what is left to tell after the last message. */
    private CallStatus peersEnd;

    private boolean autoRead = true;
    private int asked;
    private boolean delivering;

    AbstractCall(CallConnection connection, int method) {
        this.connection = connection;
        this.method = method;
        this.receiveWindow = connection.limits().window();
        this.windowClosed = true;
    }

    /** This side has sent its last message. */
    abstract void sentLast();

    /** The listener has got the peer's last message. */
    abstract void deliveredLast(CallListener receiver, CallStatus status) throws Exception;

    /** {@return whether the call is over when the peer has ended its part} */
    abstract boolean endsWithPeer();

    /** Lets go of what a call holds that isn't open yet. */
    void release() {}

    final void startDeadline(long timeout, TimeUnit unit) {
        deadline = connection.executor().schedule(() -> abortNow(CallStatus.DEADLINE_EXCEEDED), timeout, unit);
    }

    final void listener(CallListener newListener) {
        listener = newListener;
        if (ended != null) {
            tellEnd();
        }
    }

    /** Makes the call known to the peer's frames. */
    final void start(long newId) {
        id = newId;
        sendWindow = connection.peerLimits().window();
        windowClosed = false;
        connection.add(this, newId);
    }

    final long id() {
        return id;
    }

    final boolean hasEnded() {
        return ended != null;
    }

    final int messagesDelivered() {
        return messagesDelivered;
    }

    @Override
    public final int method() {
        return method;
    }

    @Override
    public final Channel channel() {
        return connection.context().channel();
    }

    @Override
    public final boolean isWritable() {
        return !windowClosed && channel().isWritable();
    }

    // Sending

    @Override
    public final void write(ByteBuf message) {
        write(message, false);
    }

    @Override
    public final void end(ByteBuf lastMessage) {
        write(lastMessage, true);
    }

    private void write(ByteBuf message, boolean last) {
        EventExecutor executor = connection.executor();
        if (executor.inEventLoop()) {
            writeNow(message, last);
        } else {
            try {
                executor.execute(() -> writeNow(message, last));
            } catch (RejectedExecutionException e) {
                // The event loop has been shut down, and the call has ended with it.
                message.release();
            }
        }
    }

    final void writeNow(ByteBuf message, boolean last) {
        if (ended != null || overAtPeer || sendEnding) {
            message.release();
            return;
        }
        if (!isShortEnough(message)) {
            return;
        }
        sendEnding = last;
        if (sendWindow > 0) {
            send(message, last);
        } else {
            if (unsent == null) {
                unsent = new ArrayDeque<>();
            }
            unsent.add(message);
        }
    }

    /** Ends the call if the peer would refuse the message. */
    final boolean isShortEnough(ByteBuf message) {
        CallLimits peer = connection.peerLimits();
        int length = message.readableBytes();
        if (peer == null || length <= peer.maxMessageLength()) {
            return true;
        }
        message.release();
        abortNow(CallStatus.of(
                CallStatus.Code.RESOURCE_EXHAUSTED,
                "a message of " + length + " bytes, the receiver's limit is " + peer.maxMessageLength()));
        return false;
    }

    private void send(ByteBuf message, boolean last) {
        tookFromWindow(message.readableBytes());
        connection.writer().message(id, message, last);
        if (last) {
            lastSent();
        }
    }

    final void tookFromWindow(int messageLength) {
        sendWindow -= Frame.cost(messageLength);
        windowClosed = sendWindow <= 0;
    }

    final void lastSent() {
        sendEnding = true;
        sendEnded = true;
        connection.removeWriter(this);
        sentLast();
    }

    /** Sends what came before the call was open. */
    final void startSending() {
        sendWaiting();
        if (ended == null && sendEnding && !sendEnded && unsent == null) {
            connection.writer().end(id, CallStatus.OK);
            lastSent();
        }
    }

    private void sendWaiting() {
        while (ended == null && sendWindow > 0 && unsent != null) {
            ByteBuf message = unsent.poll();
            if (unsent.isEmpty()) {
                unsent = null;
            }
            if (isShortEnough(message)) {
                send(message, sendEnding && unsent == null);
            }
        }
    }

    @Override
    public final void end() {
        EventExecutor executor = connection.executor();
        if (executor.inEventLoop()) {
            endNow();
        } else {
            executor.execute(this::endNow);
        }
    }

    final void endNow() {
        if (ended != null || overAtPeer || sendEnding) {
            return;
        }
        sendEnding = true;
        if (id != 0 && unsent == null) {
            connection.writer().end(id, CallStatus.OK);
            lastSent();
        }
    }

    final void windowOpened(int increment) {
        long newWindow = sendWindow + increment;
        if (increment <= 0 || newWindow > Integer.MAX_VALUE) {
            throw new CorruptedFrameException(
                    "call " + id + ": a window of " + sendWindow + " opened by " + Integer.toUnsignedString(increment));
        }
        boolean wasClosed = sendWindow <= 0;
        sendWindow = newWindow;
        sendWaiting();
        windowClosed = ended != null || sendWindow <= 0;
        if (wasClosed) {
            channelWritable();
        }
    }

    /** Tells the listener that it may write, if it may. */
    final void channelWritable() {
        if (ended == null && !sendEnding && isWritable()) {
            try {
                listener.onWritable(this);
            } catch (Throwable e) {
                failed(e);
            }
        }
    }

    @Override
    public final void abort(CallStatus status) {
        if (status.isOk()) {
            throw new IllegalArgumentException("abort with the status OK: use end()");
        }
        EventExecutor executor = connection.executor();
        if (executor.inEventLoop()) {
            abortNow(status);
        } else {
            executor.execute(() -> abortNow(status));
        }
    }

    final void abortNow(CallStatus status) {
        if (ended != null) {
            return;
        }
        if (id != 0 && !overAtPeer && connection.endedStatus() == null) {
            connection.writer().end(id, status);
        }
        finish(status);
    }

    // Receiving

    /** Refuses a message for which there is no window, or after the last one. */
    final void checkReceive(int length) {
        if (receiveEnded) {
            throw new CorruptedFrameException("call " + id + ": a message after the last one");
        }
        if (receiveWindow <= 0) {
            throw new CorruptedFrameException(
                    "call " + id + ": a message of " + length + " bytes, but the window is " + receiveWindow);
        }
        receiveWindow -= Frame.cost(length);
    }

    final void received(ByteBuf message, boolean last) {
        if (ended != null) {
            message.release();
            return;
        }
        if (last) {
            peerEnded(CallStatus.OK);
        }
        if (undelivered != null || delivering || !isAsked()) {
            if (undelivered == null) {
                undelivered = new ArrayDeque<>();
            }
            undelivered.add(message);
        } else {
            delivering = true;
            deliver(message);
            delivering = false;
        }
        deliverWaiting();
    }

    void receivedEnd(CallStatus status) {
        if (receiveEnded) {
            throw new CorruptedFrameException("call " + id + ": a second end");
        }
        peerEnded(status);
        deliverWaiting();
    }

    private void peerEnded(CallStatus status) {
        receiveEnded = true;
        peersEnd = status;
        if (endsWithPeer()) {
            overAtPeer();
        }
    }

    /** The peer knows nothing of the call any more. */
    final void overAtPeer() {
        overAtPeer = true;
        windowClosed = true;
        connection.removeWriter(this);
        cancelDeadline();
        connection.remove(id);
    }

    private boolean isAsked() {
        return autoRead || asked > 0;
    }

    private void deliver(ByteBuf message) {
        if (!autoRead) {
            asked--;
        }
        messagesDelivered++;
        unreported += Frame.cost(message.readableBytes());
        if (!receiveEnded && unreported >= connection.limits().window() / 2) {
            connection.writer().window(id, unreported);
            receiveWindow += unreported;
            unreported = 0;
        }
        try {
            listener.onMessage(this, message);
        } catch (Throwable e) {
            failed(e);
        }
    }

    private void deliverWaiting() {
        if (delivering) {
            return;
        }
        delivering = true;
        while (ended == null && undelivered != null && isAsked()) {
            ByteBuf message = undelivered.poll();
            if (undelivered.isEmpty()) {
                undelivered = null;
            }
            deliver(message);
        }
        if (ended == null && undelivered == null && peersEnd != null) {
            CallStatus status = peersEnd;
            peersEnd = null;
            try {
                deliveredLast(listener, status);
            } catch (Throwable e) {
                failed(e);
            }
        }
        delivering = false;
    }

    @Override
    public final void setAutoRead(boolean newAutoRead) {
        EventExecutor executor = connection.executor();
        if (executor.inEventLoop()) {
            setAutoReadNow(newAutoRead);
        } else {
            executor.execute(() -> setAutoReadNow(newAutoRead));
        }
    }

    private void setAutoReadNow(boolean newAutoRead) {
        autoRead = newAutoRead;
        asked = 0;
        deliverWaiting();
    }

    @Override
    public final void read() {
        EventExecutor executor = connection.executor();
        if (executor.inEventLoop()) {
            readNow();
        } else {
            executor.execute(this::readNow);
        }
    }

    private void readNow() {
        if (!autoRead) {
            asked++;
            deliverWaiting();
        }
    }

    // Ending

    private void cancelDeadline() {
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
    }

    /** Ends this side, whatever the peer knows. */
    final void finish(CallStatus status) {
        if (ended != null) {
            return;
        }
        ended = status;
        windowClosed = true;
        cancelDeadline();
        connection.removeWriter(this);
        unsent = released(unsent);
        undelivered = released(undelivered);
        release();
        if (id != 0) {
            connection.remove(id);
        }
        tellEnd();
        connection.closeIfIdle();
    }

    private void tellEnd() {
        try {
            listener.onEnd(this, ended);
        } catch (Throwable e) {
            logger.warn("{}: an exception of its listener", this, e);
        }
    }

    final void failed(Throwable cause) {
        logger.warn("{}: an exception of its listener", this, cause);
        abortNow(CallStatus.of(CallStatus.Code.UNKNOWN, "the receiver failed"));
    }

    private static Queue<ByteBuf> released(Queue<ByteBuf> messages) {
        if (messages != null) {
            messages.forEach(ByteBuf::release);
        }
        return null;
    }

    @Override
    public final String toString() {
        return "Call(method: " + method + ", number: " + id + ", " + channel() + ')';
    }
}
