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
import java.util.concurrent.locks.LockSupport;

/** The packets that one thread has taken from a completion port at once. */
final class CompletionPackets {

    private static final InternalLogger logger = InternalLoggerFactory.getInstance(CompletionPackets.class);

    /*
     * OVERLAPPED_ENTRY, 32 bytes each:
     *    0  lpCompletionKey   KEY_WAKEUP, KEY_ACCEPT, or KEY_OPERATION
     *    8  lpOverlapped      address of the finished operation's OVERLAPPED
     *   16  Internal          (reserved)
     *   24  dwNumberOfBytesTransferred
     */
    private static final int ENTRY_SIZE = 32;
    private static final int ENTRY_OVERLAPPED = 8;
    private static final int ENTRY_BYTES = 24;
    private static final int MAX_ENTRIES = 128;

    /** Between two looks at a port that is broken, and between two lines in the log about it. */
    private static final long FAILURE_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private static final long FAILURE_LOG_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final ByteBuffer entries =
            ByteBuffer.allocateDirect(ENTRY_SIZE * MAX_ENTRIES).order(ByteOrder.LITTLE_ENDIAN);
    private final long entriesAddress = DirectMemory.addressOf(entries);
    private final ByteBuffer removed = ByteBuffer.allocateDirect(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final long removedAddress = DirectMemory.addressOf(removed);
    private long nextFailureLogNanos = System.nanoTime();
    private int count;

    /** Takes what is there, in place of what was taken before; waits for the first packet, in milliseconds. */
    int take(CompletionPort port, int timeoutMillis) {
        count = 0;
        if (Kernel32.GetQueuedCompletionStatusEx(
                port.handle(), entriesAddress, MAX_ENTRIES, removedAddress, timeoutMillis, false)) {
            count = removed.getInt(0);
        } else {
            Win32Error error = Win32Error.last();
            if (error.code() != Win32Error.WAIT_TIMEOUT) {
                failed(error);
            }
        }
        return count;
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

    int count() {
        return count;
    }

    void clear() {
        count = 0;
    }

    /** Returns the address of a packet's structure, or 0 if the packet was {@linkplain CompletionPort#post posted}. */
    long overlappedAddress(int packet) {
        return entries.getLong(packet * ENTRY_SIZE + ENTRY_OVERLAPPED);
    }

    /** Returns a packet's key. */
    long key(int packet) {
        return entries.getLong(packet * ENTRY_SIZE);
    }

    /** Returns how many bytes a packet's operation moved. */
    int transferred(int packet) {
        return entries.getInt(packet * ENTRY_SIZE + ENTRY_BYTES);
    }
}
