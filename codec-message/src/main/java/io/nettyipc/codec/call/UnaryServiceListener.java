/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec.call;

import io.netty.buffer.ByteBuf;

/** Has no state, so that one serves all calls. */
final class UnaryServiceListener implements CallListener {

    private static final CallStatus ONE_MESSAGE =
            CallStatus.of(CallStatus.Code.INVALID_ARGUMENT, "the method takes one message");

    private final UnaryService service;

    UnaryServiceListener(UnaryService service) {
        this.service = service;
    }

    @Override
    public void onMessage(Call call, ByteBuf message) throws Exception {
        if (((AbstractCall) call).input().delivered() > 1) {
            message.release();
            call.abort(ONE_MESSAGE);
            return;
        }
        service.call(call, message);
    }

    @Override
    public void onHalfClose(Call call) {
        if (((AbstractCall) call).input().delivered() == 0) {
            call.abort(ONE_MESSAGE);
        }
    }
}
