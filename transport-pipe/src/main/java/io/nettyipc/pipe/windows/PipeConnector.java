/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import io.netty.channel.ChannelPromise;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.nettyipc.base.os.Kernel32;
import io.nettyipc.base.os.Win32Error;
import io.nettyipc.pipe.NamedPipeAccess;
import io.nettyipc.pipe.NamedPipeAddress;
import io.nettyipc.pipe.NamedPipeChannelConfig;
import io.nettyipc.pipe.NamedPipeImpersonation;
import java.net.ConnectException;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * One attempt of a client to open a pipe. {@code CreateFile} doesn't wait: while all instances are busy it is called again
 * by the event loop's timer, at growing and random distances so that many waiting clients don't come all at once, until
 * the connect timeout. {@code WaitNamedPipe} would block the loop.
 */
final class PipeConnector {

    private static final long FIRST_DELAY_MILLIS = 1;
    private static final long LAST_DELAY_MILLIS = 32;

    /** A server that creates each instance only after it has given away the last leaves gaps without any. */
    private static final long GAP_MILLIS = 100;

    private final NamedPipeAddress address;
    private final EventLoop eventLoop;
    private final ChannelPromise promise;
    private final Opened opened;
    private final Failed failed;
    private final int access;
    private final int flags;
    private final int timeoutMillis;
    private final long startNanos = System.nanoTime();
    private long busyNanos;
    private boolean wasBusy;
    private long delayMillis = FIRST_DELAY_MILLIS;
    private Future<?> retry;

    /** Takes over an open handle. */
    interface Opened {
        void accept(long handle, NamedPipeAddress address, ChannelPromise promise);
    }

    /** Hears that there won't be one. */
    interface Failed {
        void accept(Throwable cause, ChannelPromise promise);
    }

    PipeConnector(
            NamedPipeAddress address,
            NamedPipeChannelConfig config,
            EventLoop eventLoop,
            ChannelPromise promise,
            Opened opened,
            Failed failed) {
        this.address = address;
        this.eventLoop = eventLoop;
        this.promise = promise;
        this.opened = opened;
        this.failed = failed;
        timeoutMillis = config.getConnectTimeoutMillis();
        access = accessMask(config.getAccess());
        flags = Kernel32.FILE_FLAG_OVERLAPPED
                | Kernel32.SECURITY_SQOS_PRESENT
                | securityQuality(config.getImpersonation());
    }

    /** SECURITY_ANONYMOUS and so on, for CreateFile's flags. */
    private static int securityQuality(NamedPipeImpersonation impersonation) {
        return switch (impersonation) {
            case ANONYMOUS -> 0;
            case IDENTIFICATION -> 1 << 16;
            case IMPERSONATION -> 2 << 16;
            case DELEGATION -> 3 << 16;
        };
    }

    /** One-way ends ask for attributes too: without them Windows answers no questions about the handle. */
    private static int accessMask(NamedPipeAccess access) {
        return switch (access) {
            case DUPLEX -> Kernel32.GENERIC_READ | Kernel32.GENERIC_WRITE;
            case INBOUND -> Kernel32.GENERIC_READ | Kernel32.FILE_WRITE_ATTRIBUTES;
            case OUTBOUND -> Kernel32.GENERIC_WRITE | Kernel32.FILE_READ_ATTRIBUTES;
        };
    }

    void attempt() {
        if (promise.isDone()) {
            return;
        }
        long handle = Kernel32.CreateFile(address.path(), access, 0, flags);
        if (handle != Kernel32.INVALID_HANDLE_VALUE) {
            Throwable refusal = examine(handle);
            if (refusal == null) {
                opened.accept(handle, address, promise);
            } else {
                Kernel32.CloseHandle(handle);
                failed.accept(refusal, promise);
            }
            return;
        }
        Win32Error error = Win32Error.last();
        long now = System.nanoTime();
        boolean inGap = wasBusy
                && error.code() == Win32Error.FILE_NOT_FOUND
                && now - busyNanos < TimeUnit.MILLISECONDS.toNanos(GAP_MILLIS);
        if (error.code() == Win32Error.PIPE_BUSY) {
            wasBusy = true;
            busyNanos = now;
        } else if (!inGap) {
            failed.accept(new ConnectException(describe(error)), promise);
            return;
        }
        retryLater(error, TimeUnit.NANOSECONDS.toMillis(now - startNanos));
    }

    private void retryLater(Win32Error error, long elapsedMillis) {
        long left = timeoutMillis - elapsedMillis;
        if (timeoutMillis > 0 && left <= 0) {
            failed.accept(
                    new ConnectTimeoutException(
                            "connection timed out after " + timeoutMillis + " ms: " + describe(error)),
                    promise);
            return;
        }
        long delay = 1 + ThreadLocalRandom.current().nextLong(delayMillis);
        delayMillis = Math.min(2 * delayMillis, LAST_DELAY_MILLIS);
        retry = eventLoop.schedule(
                this::attempt, timeoutMillis > 0 ? Math.min(delay, left) : delay, TimeUnit.MILLISECONDS);
    }

    private Throwable examine(long handle) {
        if (Kernel32.GetFileType(handle) != Kernel32.FILE_TYPE_PIPE) {
            return new ConnectException(address.path() + " is not a pipe");
        }
        return null;
    }

    private String describe(Win32Error error) {
        String message = address.path() + ": " + error.describe("CreateFile");
        return error.code() == Win32Error.ACCESS_DENIED
                ? message + "; its security descriptor doesn't let this user in, or the pipe's direction is another"
                        + " (PIPE_ACCESS)"
                : message;
    }

    /** Ends the attempt if it is still under way. */
    void abort(Throwable cause) {
        if (retry != null) {
            retry.cancel(false);
        }
        promise.tryFailure(cause);
    }
}
