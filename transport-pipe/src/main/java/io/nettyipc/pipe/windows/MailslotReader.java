/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import io.netty.channel.EventLoop;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/**
 * Tells an event loop that its mailslot has a message.
 *
 * <p>The handle of a mailslot's reader isn't everywhere one for overlapped operations (Wine's waits in {@code ReadFile}, and
 * can't join a completion port), so a thread waits, with a read of no bytes: it ends when there is a message, which it has no
 * room for and leaves where it is. The event loop then reads, without waiting. The thread waits only while a message
 * is wanted, and it owns the handle at the end, since nobody else may close it while the thread is in the system.
 */
final class MailslotReader {

    private static final InternalLogger logger = InternalLoggerFactory.getInstance(MailslotReader.class);

    private static final long CANCEL_MILLIS = 5;
    private static final long END_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final long handle;
    private final EventLoop eventLoop;
    private final IntConsumer over;
    private final Thread thread;
    private boolean wanted;
    private boolean closed;
    private long threadHandle;

    /**
     * Begins with nothing wanted.
     *
     * @param over called on the event loop with the error that ended a wait: {@code ERROR_INSUFFICIENT_BUFFER} if there is a
     *             message; 0 if there was an empty one, which is read by that
     */
    MailslotReader(long handle, EventLoop eventLoop, IntConsumer over, String threadName) {
        this.handle = handle;
        this.eventLoop = eventLoop;
        this.over = over;
        thread = new Thread(this::run, threadName);
        thread.setDaemon(true);
        thread.start();
    }

    /** Waits for one message, or for the mailslot's timeout; the next wait has to be asked for again. */
    synchronized void await() {
        wanted = true;
        notifyAll();
    }

    private synchronized boolean isWanted() throws InterruptedException {
        while (!wanted && !closed) {
            wait();
        }
        wanted = false;
        return !closed;
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private void run() {
        long event = Kernel32.CreateEventW(0, true, false, null);
        synchronized (this) {
            threadHandle = Kernel32.OpenThread(Kernel32.THREAD_TERMINATE, false, Kernel32.GetCurrentThreadId());
        }
        try {
            Overlapped overlapped = new Overlapped.Pool().acquire();
            ByteBuffer scratch = ByteBuffer.allocateDirect(Long.BYTES);
            while (isWanted()) {
                int error = waitForMessage(overlapped, event, Overlapped.addressOf(scratch));
                if (isClosed()) {
                    return;
                }
                eventLoop.execute(() -> over.accept(error));
            }
        } catch (InterruptedException | RejectedExecutionException e) {
            // Nobody interrupts this thread but who ends the process's threads; or the loop has ended.
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

    private int waitForMessage(Overlapped overlapped, long event, long scratchAddress) {
        overlapped.reset(event);
        int error = Kernel32.ReadFile(handle, scratchAddress, 0, 0, overlapped.address())
                ? Win32Error.SUCCESS
                : Win32Error.last().code();
        if (error != Win32Error.IO_PENDING) {
            return error;
        }
        return Kernel32.GetOverlappedResult(handle, overlapped.address(), scratchAddress, true)
                ? Win32Error.SUCCESS
                : Win32Error.last().code();
    }

    /** Ends the thread, which closes the handle, and waits for that; not long, since nothing holds it up. */
    void close() {
        long deadline = System.nanoTime() + END_NANOS;
        boolean interrupted = false;
        // For a wait that is only just beginning.
        Kernel32.SetMailslotInfo(handle, 0);
        while (thread.isAlive() && System.nanoTime() - deadline < 0) {
            endWait();
            try {
                thread.join(CANCEL_MILLIS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (thread.isAlive()) {
            logger.error("{} doesn't end; its mailslot stays open", thread.getName());
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void endWait() {
        closed = true;
        notifyAll();
        if (threadHandle != 0) {
            // The one where the handle is overlapped, the other where it is not.
            Kernel32.CancelIoEx(handle, 0);
            Kernel32.CancelSynchronousIo(threadHandle);
        }
    }
}
