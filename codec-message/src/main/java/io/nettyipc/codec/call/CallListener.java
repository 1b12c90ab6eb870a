/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec.call;

import io.netty.buffer.ByteBuf;

/**
 * Gets what happens to one call, at either side, on the channel's event loop. An exception ends the call with {@link
 * CallStatus.Code#UNKNOWN} and is logged.
 */
public interface CallListener {

    /**
     * Gets the peer's next message.
     *
     * @param call the call
     * @param message the listener's to release
     * @throws Exception ends the call
     */
    void onMessage(Call call, ByteBuf message) throws Exception;

    /**
     * Tells a server that the client sends no more messages. A client gets {@link #onEnd} instead.
     *
     * @param call the call, to which this side may still write
     * @throws Exception ends the call
     */
    default void onHalfClose(Call call) throws Exception {}

    /**
     * Tells that {@link Call#isWritable} is true again; a client too when a stream that it opened can first be written
     * to.
     *
     * @param call the call
     * @throws Exception ends the call
     */
    default void onWritable(Call call) throws Exception {}

    /**
     * Tells that the call has ended, whoever ended it and how. Called once and last.
     *
     * @param call the call, which does nothing any more
     * @param status how it ended
     * @throws Exception is logged
     */
    default void onEnd(Call call, CallStatus status) throws Exception {}
}
