/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.contender;

import io.aeron.Image;
import io.aeron.logbuffer.FragmentHandler;

/** A client's connection at the server: its messages, and what becomes of them. */
final class AeronPeer {
    private static final int FRAGMENTS = 64;

    private final Image messages;
    private final FragmentHandler handler;
    private final AeronOut answers;

    AeronPeer(Image messages, FragmentHandler handler, AeronOut answers) {
        this.messages = messages;
        this.handler = handler;
        this.answers = answers;
    }

    /** Looks so many times. */
    void poll(int times) {
        for (int i = 0; i < times; i++) {
            messages.poll(handler, FRAGMENTS);
        }
    }

    /** Whether the client has closed it. */
    boolean hasEnded() {
        return messages.isClosed() || messages.isEndOfStream();
    }

    void close() {
        answers.close();
    }
}
