/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec.call;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * The client's end of a connection that carries {@linkplain io.nettyipc.codec.call calls}: the last handler of a
 * channel's pipeline. Calls may be made as soon as it is in the pipeline; they wait for the server. All methods may be
 * called from any thread.
 *
 * <p>A call ends with {@link CallStatus.Code#UNAVAILABLE} if the connection is lost, or the server shuts down before it
 * runs the call, and with {@link CallStatus.Code#RESOURCE_EXHAUSTED} if more are running than the server accepts, or
 * more wait for the server than {@link CallLimits#maxCalls} of this side says.
 */
public final class CallClientHandler extends CallConnection {

    /** Calls for which the server or the connection's window is not open yet. */
    private final Set<ClientCall> waiting = new LinkedHashSet<>();

    private boolean goneAway;

    /** Creates the handler with the {@linkplain CallLimits#DEFAULT default limits}. */
    public CallClientHandler() {
        this(CallLimits.DEFAULT);
    }

    /**
     * Creates the handler.
     *
     * @param limits what it accepts from the server
     */
    public CallClientHandler(CallLimits limits) {
        super(limits);
    }

    /**
     * Sends a request to which there is one response, without a deadline.
     *
     * @param method the method's number
     * @param request released when it is sent, or can't be
     * @return the response, which is the caller's to release, or a {@link CallException}. Cancelling it cancels the
     *     call.
     * @throws IllegalStateException if the handler is not in a pipeline yet
     */
    public Future<ByteBuf> call(int method, ByteBuf request) {
        return callWithin(method, request, 0, TimeUnit.NANOSECONDS);
    }

    /**
     * Sends a request to which there is one response.
     *
     * @param method the method's number
     * @param request released when it is sent, or can't be
     * @param timeout after which time the call ends, at both sides, with {@link CallStatus.Code#DEADLINE_EXCEEDED};
     *     more than 0. The server counts in whole milliseconds.
     * @param unit the timeout's unit
     * @return the response, which is the caller's to release, or a {@link CallException}. Cancelling it cancels the
     *     call.
     * @throws IllegalStateException if the handler is not in a pipeline yet
     */
    public Future<ByteBuf> call(int method, ByteBuf request, long timeout, TimeUnit unit) {
        try {
            checkTimeout(timeout, unit);
        } catch (RuntimeException e) {
            AbstractCall.release(request);
            throw e;
        }
        return callWithin(method, request, timeout, unit);
    }

    private Future<ByteBuf> callWithin(int method, ByteBuf request, long timeout, TimeUnit unit) {
        EventExecutor executor;
        try {
            executor = executor();
        } catch (IllegalStateException e) {
            AbstractCall.release(request);
            throw e;
        }
        CallStatus over = endedStatus();
        if (over != null) {
            AbstractCall.release(request);
            return executor.newFailedFuture(new CallException(over));
        }
        UnaryCall response = new UnaryCall(executor);
        ClientCall call = new ClientCall(this, method, request, response, timeout, unit);
        response.call(call);
        run(call);
        return response;
    }

    /**
     * Opens a call in which both sides may send any number of messages, without a deadline.
     *
     * @param method the method's number
     * @param listener gets the messages and the end
     * @return this side of the call
     * @throws IllegalStateException if the handler is not in a pipeline yet
     */
    public Call open(int method, CallListener listener) {
        return openWithin(method, listener, 0, TimeUnit.NANOSECONDS);
    }

    /**
     * Opens a call in which both sides may send any number of messages.
     *
     * @param method the method's number
     * @param listener gets the messages and the end
     * @param timeout after which time the call ends, at both sides, with {@link CallStatus.Code#DEADLINE_EXCEEDED};
     *     more than 0. The server counts in whole milliseconds.
     * @param unit the timeout's unit
     * @return this side of the call
     * @throws IllegalStateException if the handler is not in a pipeline yet
     */
    public Call open(int method, CallListener listener, long timeout, TimeUnit unit) {
        checkTimeout(timeout, unit);
        return openWithin(method, listener, timeout, unit);
    }

    private Call openWithin(int method, CallListener listener, long timeout, TimeUnit unit) {
        Objects.requireNonNull(listener, "listener");
        executor();
        ClientCall call = new ClientCall(this, method, null, listener, timeout, unit);
        run(call);
        return call;
    }

    private static void checkTimeout(long timeout, TimeUnit unit) {
        Objects.requireNonNull(unit, "unit");
        if (timeout <= 0) {
            throw new IllegalArgumentException("timeout: " + timeout + " (expected: more than 0)");
        }
    }

    private void run(ClientCall call) {
        EventExecutor executor = executor();
        if (executor.inEventLoop()) {
            call.run();
        } else {
            try {
                executor.execute(call);
            } catch (RejectedExecutionException e) {
                call.refuse(CallStatus.of(CallStatus.Code.UNAVAILABLE, "the event loop has been shut down"));
            }
        }
    }

    void openOrWait(ClientCall call) {
        if (endedStatus() != null) {
            call.finish(endedStatus());
        } else if (goneAway || isShuttingDown()) {
            call.finish(CallStatus.of(
                    CallStatus.Code.UNAVAILABLE, (goneAway ? "the server" : "the connection") + " is shutting down"));
        } else if (mayOpen(call)) {
            open(call);
        } else if (waiting.size() < limits().maxCalls()) {
            call.waits(true);
            waiting.add(call);
        } else {
            call.finish(CallStatus.of(
                    CallStatus.Code.RESOURCE_EXHAUSTED,
                    "the client lets " + limits().maxCalls() + " calls wait for the server"));
        }
    }

    private boolean mayOpen(ClientCall call) {
        return peerLimits() != null && (!call.hasRequest() || sendWindow().isOpen());
    }

    private void open(ClientCall call) {
        if (runningCalls() >= peerLimits().maxCalls()) {
            call.finish(CallStatus.of(
                    CallStatus.Code.RESOURCE_EXHAUSTED,
                    "the server accepts " + peerLimits().maxCalls() + " calls at once"));
        } else {
            call.open(lastId() + 1);
        }
    }

    void forget(ClientCall call) {
        waiting.remove(call);
    }

    @Override
    void sendWindowOpened() {
        while (!waiting.isEmpty()) {
            ClientCall first = waiting.iterator().next();
            if (!mayOpen(first)) {
                return;
            }
            waiting.remove(first);
            first.waits(false);
            open(first);
        }
    }

    @Override
    boolean goneAway(long peersLastId) {
        goneAway = true;
        CallStatus status =
                CallStatus.of(CallStatus.Code.UNAVAILABLE, "the server is shutting down and has not begun the call");
        for (AbstractCall call : calls()) {
            if (call.id() > peersLastId) {
                call.finish(status);
            }
        }
        endWaiting(status);
        return true;
    }

    @Override
    boolean isIdle() {
        return super.isIdle() && waiting.isEmpty();
    }

    @Override
    void inputEnded(CallStatus status) {
        super.inputEnded(status);
        endWaiting(status);
    }

    @Override
    void endAll(CallStatus status) {
        super.endAll(status);
        endWaiting(status);
    }

    private void endWaiting(CallStatus status) {
        while (!waiting.isEmpty()) {
            waiting.iterator().next().finish(status);
        }
    }
}
