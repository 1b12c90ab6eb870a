/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.loop;

import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.nettyipc.base.os.Kernel32;
import io.nettyipc.base.os.Win32Error;
import java.util.concurrent.atomic.AtomicInteger;

/** The kernel's completion port. {@link CompletionPackets} are taken from it, by the loop and by who waits for it. */
final class CompletionPort {

    /** The packet of an operation. */
    private static final long KEY_OPERATION = 0;
    /** Has the loop run its tasks. */
    static final long KEY_WAKEUP = 1;
    /** Has the loop look at its listening instances. */
    static final long KEY_ACCEPT = 2;

    private static final InternalLogger logger = InternalLoggerFactory.getInstance(CompletionPort.class);

    private final long handle;
    private final AtomicInteger posters = new AtomicInteger();
    private volatile boolean closed;

    /**
     * Opens one.
     *
     * @param threads how many threads take packets; while that many of those that have taken some run, Windows gives
     *     packets to no other
     */
    CompletionPort(int threads) {
        handle = Kernel32.CreateIoCompletionPort(Kernel32.INVALID_HANDLE_VALUE, 0, 0, threads);
        if (handle == 0) {
            throw new IllegalStateException(Win32Error.last().describe("CreateIoCompletionPort"));
        }
    }

    long handle() {
        return handle;
    }

    /** Has the packets of a handle's operations come here. Returns {@link Win32Error#SUCCESS} or the error. */
    int associate(long file) {
        return Kernel32.CreateIoCompletionPort(file, handle, KEY_OPERATION, 0) == 0
                ? Win32Error.last().code()
                : Win32Error.SUCCESS;
    }

    /**
     * Sends a packet, from any thread. Never posts to a port that is closed: its handle's value may be another object's
     * by then.
     */
    void post(long key) {
        posters.incrementAndGet();
        try {
            if (!closed && !Kernel32.PostQueuedCompletionStatus(handle, 0, key, 0)) {
                logger.error(
                        "{}: an event loop can't be woken", Win32Error.last().describe("PostQueuedCompletionStatus"));
            }
        } finally {
            posters.decrementAndGet();
        }
    }

    void close() {
        closed = true;
        while (posters.get() != 0) {
            Thread.onSpinWait();
        }
        Kernel32.CloseHandle(handle);
    }
}
