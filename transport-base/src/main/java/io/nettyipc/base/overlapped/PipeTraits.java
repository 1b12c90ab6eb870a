/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.overlapped;

/**
 * What one end of a pipe can do.
 *
 * @param readable           whether it reads
 * @param readsMessages      whether a read brings one message or a part of one, and the next read the next
 * @param writesMessages     whether a write is a message
 * @param emptyMessageEnds   whether an empty message is the end of what comes
 */
public record PipeTraits(boolean readable, boolean readsMessages, boolean writesMessages, boolean emptyMessageEnds) {

    /** Bytes, which it reads. */
    public static final PipeTraits READABLE_BYTES = new PipeTraits(true, false, false, false);
}
