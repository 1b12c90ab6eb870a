/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec.call;

/** The numbers of {@code CALLS.md}. */
final class Frame {

    static final int MAGIC = 0x4E495043;
    static final int VERSION = 1;

    static final int LENGTH_FIELD_LENGTH = 4;
    static final int HEADER_LENGTH = 16;

    static final int HELLO = 0;
    static final int OPEN = 1;
    static final int MESSAGE = 2;
    static final int END = 3;
    static final int WINDOW = 4;
    static final int GO_AWAY = 5;

    /** The sender sends no more messages in this call. */
    static final int LAST = 1;
    /** An OPEN has the first message in it. */
    static final int WITH_MESSAGE = 2;

    static final int HELLO_LENGTH = 24;
    /** The length of a HELLO that sets no window for the connection. */
    static final int SHORT_HELLO_LENGTH = 20;

    static final int OPEN_LENGTH = 8;
    static final int END_LENGTH = 1;
    static final int MAX_DESCRIPTION_LENGTH = 1024;

    private Frame() {}

    /** How much of a window a message takes, so that empty ones take something too. */
    static int cost(int messageLength) {
        return HEADER_LENGTH + messageLength;
    }
}
