/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.loop;

import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.nettyipc.base.os.DirectMemory;
import io.nettyipc.base.os.Kernel32;
import io.nettyipc.base.os.Win32Error;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * The kernel's completion port, and the memory for the packets that were taken from it last. For one thread, but for
 * {@link #post}.
 */
final class CompletionPort {

    private static final InternalLogger logger = InternalLoggerFactory.getInstance(CompletionPort.class);

    /** The packet of an operation. */
    private static final long KEY_OPERATION = 0;
    /** Has the loop run its tasks. */
    static final long KEY_WAKEUP = 1;
    /** Has the loop look at its listening instances. */
    static final long KEY_ACCEPT = 2;

    /*
     * OVERLAPPED_ENTRY, 32 bytes each:
     *    0  lpCompletionKey   KEY_WAKEUP, KEY_ACCEPT, or KEY_OPERATION
     *    8  lpOverlapped      address of the finished operation's OVERLAPPED
     *   16  Internal          (reserved)
     *   24  dwNumberOfBytesTransferred
     * Behind the last one: how many there are.
     */
    private static final int ENTRY_SIZE = 32;
    private static final int ENTRY_OVERLAPPED = 8;
    private static final int ENTRY_BYTES = 24;
    private static final int MAX_ENTRIES = 128;
    private static final int COUNT = ENTRY_SIZE * MAX_ENTRIES;

    /** Between two looks at a port that is broken, and between two lines in the log about it. */
    private static final long FAILURE_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private static final long FAILURE_LOG_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final long port;
    private final ByteBuffer entries =
            ByteBuffer.allocateDirect(COUNT + Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final long entriesAddress = DirectMemory.addressOf(entries);
    private long nextFailureLogNanos = System.nanoTime();

    private final AtomicInteger posters = new AtomicInteger();
    private volatile boolean closed;

    CompletionPort() {
        port = Kernel32.CreateIoCompletionPort(Kernel32.INVALID_HANDLE_VALUE, 0, 0, 1);
        if (port == 0) {
            throw new IllegalStateException(Win32Error.last().describe("CreateIoCompletionPort"));
        }
    }

    /** Has the packets of a handle's operations come here. Returns {@link Win32Error#SUCCESS} or the error. */
    int associate(long handle) {
        return Kernel32.CreateIoCompletionPort(handle, port, KEY_OPERATION, 0) == 0
                ? Win32Error.last().code()
                : Win32Error.SUCCESS;
    }

    /** Takes packets, and waits for the first one; returns how many there are. */
    int dequeue(int timeoutMillis) {
        if (Kernel32.GetQueuedCompletionStatusEx(
                port, entriesAddress, MAX_ENTRIES, entriesAddress + COUNT, timeoutMillis, false)) {
            return entries.getInt(COUNT);
        }
        Win32Error error = Win32Error.last();
        if (error.code() != Win32Error.WAIT_TIMEOUT) {
            failed(error);
        }
        return 0;
    }

    /**
     * Only a fault can close a port that is in use. Its channels are lost, but the loop's tasks go on, at a slow pace.
     */
    private void failed(Win32Error error) {
        long now = System.nanoTime();
        if (now - nextFailureLogNanos >= 0) {
            nextFailureLogNanos = now + FAILURE_LOG_NANOS;
            logger.error("{}: this event loop gets no packets any more", error.describe("GetQueuedCompletionStatusEx"));
        }
        LockSupport.parkNanos(FAILURE_PAUSE_NANOS);
    }

    /** Returns the address of a taken packet's structure, or 0 if the packet was {@linkplain #post posted}. */
    long overlappedAddress(int packet) {
        return entries.getLong(packet * ENTRY_SIZE + ENTRY_OVERLAPPED);
    }

    /** Returns a taken packet's key. */
    long key(int packet) {
        return entries.getLong(packet * ENTRY_SIZE);
    }

    /** Returns how many bytes a taken packet's operation moved. */
    int transferred(int packet) {
        return entries.getInt(packet * ENTRY_SIZE + ENTRY_BYTES);
    }

    /**
     * Sends the loop a packet, from any thread. Never posts to a port that is closed: its handle's value may be another
     * object's by then.
     */
    void post(long key) {
        posters.incrementAndGet();
        try {
            if (!closed && !Kernel32.PostQueuedCompletionStatus(port, 0, key, 0)) {
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
        Kernel32.CloseHandle(port);
    }
}
