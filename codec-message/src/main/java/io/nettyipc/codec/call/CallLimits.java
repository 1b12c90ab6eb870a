/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec.call;

/**
 * What one side of a connection accepts from the other. Each side tells the other at the beginning, and closes the
 * connection to one that goes beyond.
 *
 * @param maxMessageLength the longest message, in bytes; at least 1
 * @param window how many bytes of messages, each counted with its header of 16 bytes, may be on their way in a call and
 *     unread; at least 1. While the window is open one message may be longer than what is left of it.
 * @param maxCalls how many calls a client may have running at once; at least 1. At a client: how many may wait until
 *     the server has told its limits or opens the window of the connection.
 * @param connectionWindow how many bytes of messages, counted in the same way, may be on their way and unread in all
 *     calls of the connection; at least 1. Calls whose messages are not read hold back all others of their connection
 *     when they have filled it.
 */
public record CallLimits(int maxMessageLength, int window, int maxCalls, int connectionWindow) {

    private static final int DEFAULT_CONNECTION_WINDOW = 16 * 1024 * 1024;

    /** Messages of 4 MiB as with gRPC, windows of 256 KiB, 1,000 calls, a window of 16 MiB for a connection. */
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
        check("connectionWindow", connectionWindow, Integer.MAX_VALUE);
    }

    /**
     * Creates limits with a window for the connection of 16 MiB, or of four calls' windows if that is more.
     *
     * @param maxMessageLength the longest message, in bytes; at least 1
     * @param window how many bytes of messages may be on their way in a call and unread; at least 1
     * @param maxCalls how many calls a client may have running at once; at least 1
     * @throws IllegalArgumentException if one is out of its range
     */
    public CallLimits(int maxMessageLength, int window, int maxCalls) {
        this(maxMessageLength, window, maxCalls, (int)
                Math.min(Integer.MAX_VALUE, Math.max(DEFAULT_CONNECTION_WINDOW, 4L * window)));
    }

    private static void check(String name, int value, int max) {
        if (value < 1 || value > max) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: 1 to " + max + ")");
        }
    }
}
