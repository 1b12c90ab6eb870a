/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe;

import java.io.IOException;

/** A message is longer than the channel, the system or the receiving handler allows. It was not delivered or sent. */
public final class MessageTooLongException extends IOException {

    private static final long serialVersionUID = 2731187563215986204L;

    /** The limit in bytes. */
    private final long limit;

    /**
     * Creates an exception.
     *
     * @param message what was seen and what to do
     * @param limit   the limit in bytes, or -1 if it is not known
     */
    public MessageTooLongException(String message, long limit) {
        super(message);
        this.limit = limit;
    }

    /** Returns the longest message, in bytes, that would have been allowed, or -1 if the system doesn't tell. */
    public long limit() {
        return limit;
    }
}
