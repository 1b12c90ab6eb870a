/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.loop;

import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.nettyipc.base.os.DirectMemory;
import io.nettyipc.base.os.Kernel32;
import io.nettyipc.base.os.Overlapped;
import io.nettyipc.base.os.Win32Error;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * A handle whose calls block, with a thread for them. The thread does one job at a time, which calls {@link #read} or
 * {@link #write}. It owns the handle: nobody else may close it while the thread is in the system, since its value could
 * become another object's, so {@link #close} ends the call and the thread closes the handle.
 */
public final class BlockingHandle {

    private static final InternalLogger logger = InternalLoggerFactory.getInstance(BlockingHandle.class);

    /**
     * For {@link #close}, which waits. A thread for each: Netty's global executor is one thread for the whole process,
     * with others' timers. Without one more thread the caller waits.
     */
    public static final Executor CLOSER = close -> {
        Thread closer = new Thread(close, "nettyipc-close");
        closer.setDaemon(true);
        try {
            closer.start();
        } catch (OutOfMemoryError e) {
            logger.debug("no more threads", e);
            close.run();
        }
    };

    private static final long CANCEL_MILLIS = 5;
    private static final long END_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final long handle;
    private final boolean overlapped;
    private final Thread thread;
    private Runnable job;
    private boolean closed;
    private long threadHandle;

    // Of the thread only.
    private final Overlapped operation = new Overlapped.Pool().acquire();
    private final ByteBuffer transferred =
            ByteBuffer.allocateDirect(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private long event;

    /** Takes over a handle that is or may be one for overlapped operations, or one that isn't. */
    public BlockingHandle(long handle, boolean overlapped, String threadName) {
        this.handle = handle;
        this.overlapped = overlapped;
        thread = new Thread(this::run, threadName);
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Gives the thread its next job, after the last has ended. If the handle is closed before the thread comes to it,
     * the job is run all the same, and its calls fail with {@code ERROR_OPERATION_ABORTED}.
     *
     * @return false if the thread has ended, or is about to, and won't run it
     */
    public synchronized boolean submit(Runnable job) {
        if (closed) {
            return false;
        }
        this.job = job;
        notifyAll();
        return true;
    }

    public synchronized boolean isClosed() {
        return closed;
    }

    private synchronized Runnable nextJob() throws InterruptedException {
        while (job == null && !closed) {
            wait();
        }
        Runnable next = job;
        job = null;
        return next;
    }

    private void run() {
        event = Kernel32.CreateEventW(0, true, false, 0);
        synchronized (this) {
            threadHandle = Kernel32.OpenThread(Kernel32.THREAD_TERMINATE, false, Kernel32.GetCurrentThreadId());
        }
        try {
            for (Runnable next = nextJob(); next != null; next = nextJob()) {
                next.run();
            }
        } catch (InterruptedException e) {
            // Only code that ends the process's threads interrupts this one.
            logger.debug("{} ends", thread.getName(), e);
        } finally {
            synchronized (this) {
                closed = true;
                Kernel32.CloseHandle(threadHandle);
                threadHandle = 0;
            }
            Kernel32.CloseHandle(handle);
            Kernel32.CloseHandle(event);
        }
    }

    /**
     * {@code ReadFile}, on the thread.
     *
     * @return bytes read, possibly 0; or the negative of an error code
     */
    public int read(long address, int length) {
        return call(true, address, length);
    }

    /**
     * {@code WriteFile}, on the thread.
     *
     * @return bytes written; or the negative of an error code
     */
    public int write(long address, int length) {
        return call(false, address, length);
    }

    private int call(boolean reads, long address, int length) {
        if (isClosed()) {
            return -Win32Error.OPERATION_ABORTED;
        }
        long transferredAddress = DirectMemory.addressOf(transferred);
        long operationAddress = 0;
        if (overlapped) {
            // The lowest bit: no packet for a completion port, which whoever gave us the handle may have.
            operation.reset(event | 1);
            operationAddress = operation.address();
        }
        boolean success = reads
                ? Kernel32.ReadFile(handle, address, length, transferredAddress, operationAddress)
                : Kernel32.WriteFile(handle, address, length, transferredAddress, operationAddress);
        int error = success ? Win32Error.SUCCESS : Win32Error.last().code();
        if (error == Win32Error.IO_PENDING) {
            success = Kernel32.GetOverlappedResult(handle, operationAddress, transferredAddress, true);
            error = success ? Win32Error.SUCCESS : Win32Error.last().code();
        }
        // A message that goes on brings its beginning all the same.
        return error == Win32Error.SUCCESS || (error == Win32Error.MORE_DATA && length > 0)
                ? transferred.getInt(0)
                : -error;
    }

    /** Ends the thread, which closes the handle, and waits for that; not long, since nothing holds it up. */
    public void close() {
        long deadline = System.nanoTime() + END_NANOS;
        boolean interrupted = false;
        while (thread.isAlive() && System.nanoTime() - deadline < 0) {
            endCall();
            try {
                // Again and again: the thread may be on its way into the system.
                thread.join(CANCEL_MILLIS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (thread.isAlive()) {
            logger.error("{} doesn't end; its handle stays open", thread.getName());
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void endCall() {
        closed = true;
        notifyAll();
        if (threadHandle != 0) {
            // The one where the handle is overlapped, the other where it is not.
            Kernel32.CancelIoEx(handle, 0);
            Kernel32.CancelSynchronousIo(threadHandle);
        }
    }
}
