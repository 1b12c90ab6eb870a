/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec.call;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.DefaultPromise;
import io.netty.util.concurrent.EventExecutor;

/** The future response of a call that has one. */
final class UnaryCall extends DefaultPromise<ByteBuf> implements CallListener {

    private static final CallStatus ONE_MESSAGE =
            CallStatus.of(CallStatus.Code.INTERNAL, "the server did not send one response but none or several");

    private volatile ClientCall call;
    private ByteBuf response;

    UnaryCall(EventExecutor executor) {
        super(executor);
    }

    void call(ClientCall newCall) {
        call = newCall;
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean cancelled = super.cancel(mayInterruptIfRunning);
        if (cancelled) {
            call.cancel();
        }
        return cancelled;
    }

    @Override
    public void onMessage(Call from, ByteBuf message) {
        if (response == null) {
            response = message;
        } else {
            message.release();
            from.abort(ONE_MESSAGE);
        }
    }

    @Override
    public void onEnd(Call from, CallStatus status) {
        if (status.isOk() && response != null) {
            if (!trySuccess(response)) {
                response.release();
            }
            response = null;
            return;
        }
        if (response != null) {
            response.release();
            response = null;
        }
        tryFailure(new CallException(status.isOk() ? ONE_MESSAGE : status));
    }
}
