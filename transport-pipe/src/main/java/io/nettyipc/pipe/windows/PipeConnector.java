/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import io.nettyipc.base.channel.ConnectAttempt;
import io.nettyipc.base.os.Kernel32;
import io.nettyipc.base.os.Win32Error;
import io.nettyipc.pipe.NamedPipeAccess;
import io.nettyipc.pipe.NamedPipeAddress;
import io.nettyipc.pipe.NamedPipeImpersonation;
import java.net.ConnectException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * One attempt of a client to open a pipe. {@code CreateFile} doesn't wait: while all instances are busy it is called
 * again by the event loop's timer, at growing and random distances so that many waiting clients don't come all at once,
 * until the connect timeout. {@code WaitNamedPipe} would block the loop.
 */
final class PipeConnector {

    private static final long FIRST_DELAY_MILLIS = 1;
    private static final long LAST_DELAY_MILLIS = 32;

    /** A server that creates each instance only after it has given away the last leaves gaps without any. */
    private static final long GAP_MILLIS = 100;

    private final WindowsNamedPipeChannel channel;
    private final NamedPipeAddress address;
    private final ConnectAttempt attempt;
    private final int access;
    private final int flags;
    private long busyNanos;
    private boolean wasBusy;
    private long delayMillis = FIRST_DELAY_MILLIS;

    PipeConnector(WindowsNamedPipeChannel channel, NamedPipeAddress address, ConnectAttempt attempt) {
        this.channel = channel;
        this.address = address;
        this.attempt = attempt;
        access = accessMask(channel.config().getAccess());
        flags = Kernel32.FILE_FLAG_OVERLAPPED
                | Kernel32.SECURITY_SQOS_PRESENT
                | securityQuality(channel.config().getImpersonation());
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

    /** Opens the pipe, now or later. */
    void open() {
        long handle = Kernel32.CreateFile(address.path(), access, 0, flags);
        if (handle == Kernel32.INVALID_HANDLE_VALUE) {
            openLater(Win32Error.last());
        } else if (Kernel32.GetFileType(handle) != Kernel32.FILE_TYPE_PIPE) {
            Kernel32.CloseHandle(handle);
            attempt.fail(new ConnectException(address.path() + " is not a pipe"));
        } else {
            channel.opened(handle, address, attempt);
        }
    }

    private void openLater(Win32Error error) {
        long now = System.nanoTime();
        boolean inGap = wasBusy
                && error.code() == Win32Error.FILE_NOT_FOUND
                && now - busyNanos < TimeUnit.MILLISECONDS.toNanos(GAP_MILLIS);
        if (error.code() == Win32Error.PIPE_BUSY) {
            wasBusy = true;
            busyNanos = now;
        } else if (!inGap) {
            attempt.fail(new ConnectException(describe(error)));
            return;
        }
        attempt.waitingFor(describe(error));
        attempt.retryIn(1 + ThreadLocalRandom.current().nextLong(delayMillis), this::open);
        delayMillis = Math.min(2 * delayMillis, LAST_DELAY_MILLIS);
    }

    private String describe(Win32Error error) {
        String message = address.path() + ": " + error.describe("CreateFile");
        return error.code() == Win32Error.ACCESS_DENIED
                ? message + "; its security descriptor doesn't let this user in, or the pipe's direction is another"
                        + " (PIPE_ACCESS)"
                : message;
    }
}
