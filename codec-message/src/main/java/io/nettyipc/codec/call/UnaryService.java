/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec.call;

import io.netty.buffer.ByteBuf;

/** A method with one request and one response; see {@link CallService#unary}. */
@FunctionalInterface
public interface UnaryService {

    /**
     * Begins a call.
     *
     * @param call where to answer with {@link Call#end(ByteBuf)}, now or later
     * @param request the service's to release
     * @throws Exception ends the call with {@link CallStatus.Code#UNKNOWN}; it is logged
     */
    void call(Call call, ByteBuf request) throws Exception;
}
