/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.loop;

import io.nettyipc.base.os.DirectMemory;
import io.nettyipc.base.os.Kernel32;
import io.nettyipc.base.os.Overlapped;
import io.nettyipc.base.os.Win32Error;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads of one event loop that end before they return: the bytes that are in a pipe already. They share one structure
 * and one event, and none of them leads to a completion packet (the event's lowest bit says so).
 *
 * @see <a href="https://learn.microsoft.com/windows/win32/api/ioapiset/nf-ioapiset-getqueuedcompletionstatus">
 *     GetQueuedCompletionStatus, Remarks</a>
 */
public final class ImmediateReads {

    private final Overlapped overlapped = new Overlapped.Pool().acquire();
    private final ByteBuffer transferred =
            ByteBuffer.allocateDirect(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final long transferredAddress = DirectMemory.addressOf(transferred);
    private final long event;
    private boolean moreOfMessage;

    ImmediateReads() {
        event = Kernel32.CreateEventW(0, true, false, 0);
        if (event == 0) {
            throw new IllegalStateException(Win32Error.last().describe("CreateEvent"));
        }
    }

    /**
     * Reads what is there, without waiting.
     *
     * @return bytes read, possibly 0; or the negative of an error code; {@code -ERROR_IO_PENDING} when nothing is there
     */
    public int read(long handle, long address, int length) {
        overlapped.reset(event | 1);
        int error = Kernel32.ReadFile(handle, address, length, 0, overlapped.address())
                ? 0
                : Win32Error.last().code();
        if (error == Win32Error.IO_PENDING) {
            // The read has to end here. It may still win against the cancellation, then its bytes count.
            Kernel32.CancelIoEx(handle, overlapped.address());
            error = Kernel32.GetOverlappedResult(handle, overlapped.address(), transferredAddress, true)
                    ? 0
                    : Win32Error.last().code();
            if (error == Win32Error.OPERATION_ABORTED) {
                moreOfMessage = false;
                return overlapped.transferred() > 0 ? overlapped.transferred() : -Win32Error.IO_PENDING;
            }
        }
        moreOfMessage = error == Win32Error.MORE_DATA;
        return error == 0 || moreOfMessage ? overlapped.transferred() : -error;
    }

    /** Returns whether the last {@link #read} that brought something left a part of its message behind. */
    public boolean hasMoreOfMessage() {
        return moreOfMessage;
    }

    /** Ends the loop's reads. */
    void close() {
        Kernel32.CloseHandle(event);
    }
}
