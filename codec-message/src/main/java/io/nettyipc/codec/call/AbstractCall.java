/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec.call;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** One side of a call: its listener, its deadline and its end. All state belongs to the event loop. */
abstract class AbstractCall implements Call {

    private static final InternalLogger logger = InternalLoggerFactory.getInstance(AbstractCall.class);

    private static final CallListener NOBODY = (call, message) -> message.release();

    final CallConnection connection;
    private final int method;
    private final CallOutput output = new CallOutput(this);
    private final CallInput input;
    private CallListener listener = NOBODY;

    /** The list of the connection's writers. */
    AbstractCall previousWriter;

    AbstractCall nextWriter;
    boolean isWriter;

    private long id;
    private Future<?> deadline;
    private CallStatus ended;
    private boolean overAtPeer;

    AbstractCall(CallConnection connection, int method) {
        this.connection = connection;
        this.method = method;
        this.input = new CallInput(this, connection.limits().window());
    }

    /** This side has sent its last message. */
    abstract void sentLast();

    /** The listener has got the peer's last message. */
    abstract void deliveredLast(CallListener receiver, CallStatus status) throws Exception;

    /** {@return whether the call is over when the peer has ended its part} */
    abstract boolean endsWithPeer();

    /** {@return whether a call whose peer can't send any more can still end as it should} */
    abstract boolean canEndWithoutPeer();

    /** Lets go of what a call holds that isn't open yet. */
    void release() {}

    final CallOutput output() {
        return output;
    }

    final CallInput input() {
        return input;
    }

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
        connection.add(this, newId);
    }

    final long id() {
        return id;
    }

    final boolean isOpen() {
        return id != 0;
    }

    final boolean hasEnded() {
        return ended != null;
    }

    final boolean isOverAtPeer() {
        return overAtPeer;
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
        return output.hasRoom() && connection.isWritable();
    }

    /**
     * Runs a task that the event loop isn't there for any more if it has been shut down: the call has ended with it.
     */
    private static void execute(EventExecutor executor, Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            logger.trace("a call has ended with its event loop", e);
        }
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
        int length = message.readableBytes();
        output.reserve(length);
        EventExecutor executor = connection.executor();
        if (executor.inEventLoop()) {
            writeNow(message, last);
            return;
        }
        connection.writers().submitted(length);
        try {
            executor.execute(() -> {
                writeNow(message, last);
                connection.writers().taken(channel(), length);
            });
        } catch (RejectedExecutionException e) {
            // The event loop has been shut down, and the call has ended with it.
            release(message);
        }
    }

    private void writeNow(ByteBuf message, boolean last) {
        if (ended != null || overAtPeer) {
            release(message);
        } else {
            output.write(message, last);
        }
    }

    /** Ends the call if the peer would refuse the message. */
    final boolean isShortEnough(ByteBuf message) {
        CallLimits peer = connection.peerLimits();
        int length = message.readableBytes();
        if (peer == null || length <= peer.maxMessageLength()) {
            return true;
        }
        release(message);
        abortNow(CallStatus.of(
                CallStatus.Code.RESOURCE_EXHAUSTED,
                "a message of " + length + " bytes, the receiver's limit is " + peer.maxMessageLength()));
        return false;
    }

    /** Ends the call because a message of the application can't be read; the writer has taken nothing of it. */
    final void unsendable(RuntimeException cause) {
        logger.warn("{}: a message that can't be sent", this, cause);
        abortNow(CallStatus.of(
                CallStatus.Code.INTERNAL, "a message can't be sent; was it released before? " + cause.getMessage()));
    }

    /** Releases a message, unless somebody has done so before, with all of it or with a part. */
    static void release(ByteBuf message) {
        if (message.refCnt() > 0) {
            ReferenceCountUtil.safeRelease(message);
        }
    }

    @Override
    public final void end() {
        EventExecutor executor = connection.executor();
        if (executor.inEventLoop()) {
            endNow();
        } else {
            execute(executor, this::endNow);
        }
    }

    private void endNow() {
        if (ended == null && !overAtPeer) {
            output.end();
        }
    }

    /** Tells the listener that it may write, if it may. */
    final void tellWritable() {
        if (ended == null && !output.isEnding() && isWritable()) {
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
            execute(executor, () -> abortNow(status));
        }
    }

    final void abortNow(CallStatus status) {
        if (ended != null) {
            return;
        }
        try {
            if (id != 0 && !overAtPeer && connection.endedStatus() == null) {
                connection.writer().end(id, status);
            }
        } finally {
            finish(status);
        }
    }

    // Receiving

    void receivedEnd(CallStatus status) {
        input.receivedEnd(status);
    }

    /**
     * The peer knows nothing of the call any more. The listener may have messages to get, until the call's deadline.
     */
    final void overAtPeer() {
        if (!overAtPeer) {
            overAtPeer = true;
            output.close();
            connection.writers().remove(this);
            connection.overAtPeer();
        }
    }

    /** The peer can send nothing more in any call. */
    final void inputOver(CallStatus status) {
        if (!canEndWithoutPeer()) {
            abortNow(status);
        } else if (output.isWaiting()) {
            abortNow(CallConnection.NO_WINDOWS);
        }
    }

    final void tellMessage(ByteBuf message) {
        try {
            listener.onMessage(this, message);
        } catch (Throwable e) {
            failed(e);
        }
    }

    final void tellPeerStatus(CallStatus status) {
        try {
            deliveredLast(listener, status);
        } catch (Throwable e) {
            failed(e);
        }
    }

    @Override
    public final void setAutoRead(boolean newAutoRead) {
        EventExecutor executor = connection.executor();
        if (executor.inEventLoop()) {
            input.setAutoRead(newAutoRead);
        } else {
            execute(executor, () -> input.setAutoRead(newAutoRead));
        }
    }

    @Override
    public final void read() {
        EventExecutor executor = connection.executor();
        if (executor.inEventLoop()) {
            input.read();
        } else {
            execute(executor, input::read);
        }
    }

    // Ending

    /** Ends this side, whatever the peer knows. */
    final void finish(CallStatus status) {
        if (ended != null) {
            return;
        }
        letGo(status);
        connection.writers().remove(this);
        if (id != 0) {
            connection.remove(this);
        }
        tellEnd();
        connection.closeIfIdle();
    }

    /** Ends a call that its connection doesn't know, on whatever thread. */
    final void refuse(CallStatus status) {
        letGo(status);
        tellEnd();
    }

    private void letGo(CallStatus status) {
        ended = status;
        if (deadline != null) {
            deadline.cancel(false);
            deadline = null;
        }
        output.close();
        input.close();
        release();
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

    @Override
    public final String toString() {
        return "Call(method: " + method + ", number: " + id + ", " + channel() + ')';
    }
}
