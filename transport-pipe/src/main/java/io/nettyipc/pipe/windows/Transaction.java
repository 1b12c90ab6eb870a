/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.DefaultByteBufHolder;
import io.netty.util.concurrent.Promise;

/** A request that waits for its turn in a channel's outbound buffer, and for its reply. */
final class Transaction extends DefaultByteBufHolder {

    private final int maxReplyLength;
    private final Promise<ByteBuf> reply;

    Transaction(ByteBuf request, int maxReplyLength, Promise<ByteBuf> reply) {
        super(request);
        this.maxReplyLength = maxReplyLength;
        this.reply = reply;
    }

    int maxReplyLength() {
        return maxReplyLength;
    }

    Promise<ByteBuf> reply() {
        return reply;
    }
}
