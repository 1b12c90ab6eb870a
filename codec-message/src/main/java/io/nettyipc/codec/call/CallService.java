/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec.call;

import io.netty.buffer.ByteBuf;

/** A method that a server offers. It serves any number of calls at once, on any number of event loops. */
@FunctionalInterface
public interface CallService {

    /**
     * Begins a call.
     *
     * @param call this side of the call
     * @return what gets the client's messages
     * @throws Exception ends the call with {@link CallStatus.Code#UNKNOWN}; it is logged
     */
    CallListener open(Call call) throws Exception;

    /**
     * Returns a service that gets one message and answers with one, by {@link Call#end(ByteBuf)} at any time from any
     * thread, or with an error by {@link Call#abort}. If the client sends none or several, the call ends with {@link
     * CallStatus.Code#INVALID_ARGUMENT}.
     *
     * @param service what answers
     * @return the service
     */
    static CallService unary(UnaryService service) {
        UnaryServiceListener listener = new UnaryServiceListener(service);
        return call -> listener;
    }
}
