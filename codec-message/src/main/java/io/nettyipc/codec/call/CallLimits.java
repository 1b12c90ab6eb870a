/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec.call;

/**
 * What one side of a connection accepts from the other. Each side tells the other at the beginning, and closes the
 * connection to one that goes beyond.
 *
 * @param maxMessageLength the longest message, in bytes; at least 1
 * @param window how many bytes of messages, each counted with its header of 16 bytes, may be on their way in a call and
 *     unread; at least 1. While the window is open one message may be longer than what is left of it.
 * @param maxCalls how many calls a client may have running at once; at least 1. What a client tells has no meaning.
 */
public record CallLimits(int maxMessageLength, int window, int maxCalls) {

    /** Messages of 4 MiB as with gRPC, windows of 256 KiB, 1,000 calls. */
    public static final CallLimits DEFAULT = new CallLimits(4 * 1024 * 1024, 256 * 1024, 1_000);

    /** Beyond it a frame's length would not fit into an {@code int}. */
    private static final int MAX_MESSAGE_LENGTH = Integer.MAX_VALUE - 64;

    /**
     * Checks the limits.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public CallLimits {
        check("maxMessageLength", maxMessageLength, MAX_MESSAGE_LENGTH);
        check("window", window, Integer.MAX_VALUE);
        check("maxCalls", maxCalls, Integer.MAX_VALUE);
    }

    private static void check(String name, int value, int max) {
        if (value < 1 || value > max) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: 1 to " + max + ")");
        }
    }
}
