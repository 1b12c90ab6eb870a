/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import io.nettyipc.base.os.DirectMemory;
import io.nettyipc.base.os.Kernel32;
import io.nettyipc.base.os.Overlapped;
import io.nettyipc.base.os.Win32Error;
import io.nettyipc.pipe.NamedPipeAddress;
import java.io.ByteArrayOutputStream;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The other end of a pipe as a plain Win32 program has it: each call waits for its end, or until a time is over. Used
 * by one thread.
 */
final class RawPipe implements AutoCloseable {

    private static final int TIMEOUT = 30_000;

    private final long handle;
    private final long event = Kernel32.CreateEventW(0, true, false, 0);
    private final Overlapped overlapped = new Overlapped.Pool().acquire();
    private final ByteBuffer count = ByteBuffer.allocateDirect(8).order(ByteOrder.LITTLE_ENDIAN);
    private boolean closed;

    private RawPipe(long handle) {
        this.handle = handle;
    }

    /** A connected client, or a failure with the error's code. */
    static RawPipe connect(NamedPipeAddress address) {
        RawPipe pipe = tryConnect(address);
        if (pipe == null) {
            throw new AssertionError(Win32Error.last().describe("CreateFile"));
        }
        return pipe;
    }

    /** A connected client, or null; then {@link Win32Error#last()} says why. */
    static RawPipe tryConnect(NamedPipeAddress address) {
        long handle = Kernel32.CreateFile(
                address.path(), Kernel32.GENERIC_READ | Kernel32.GENERIC_WRITE, 0, Kernel32.FILE_FLAG_OVERLAPPED);
        return handle == Kernel32.INVALID_HANDLE_VALUE ? null : new RawPipe(handle);
    }

    /** The first instance of a pipe that has room for {@code maxInstances}; it listens from here on. */
    static RawPipe serve(NamedPipeAddress address, int pipeMode, int maxInstances) {
        long handle = Kernel32.CreateNamedPipe(
                address.path(),
                Kernel32.PIPE_ACCESS_DUPLEX | Kernel32.FILE_FLAG_OVERLAPPED,
                pipeMode,
                maxInstances,
                4096,
                4096,
                0);
        if (handle == Kernel32.INVALID_HANDLE_VALUE) {
            throw new AssertionError(Win32Error.last().describe("CreateNamedPipe"));
        }
        return new RawPipe(handle);
    }

    /** Writes and waits for the end of the write; returns 0 or the error, 997 if it isn't over after the time. */
    int write(byte[] bytes, int timeoutMillis) {
        ByteBuffer direct = ByteBuffer.allocateDirect(Math.max(1, bytes.length)).put(0, bytes);
        overlapped.reset(event);
        try {
            int error =
                    Kernel32.WriteFile(handle, DirectMemory.addressOf(direct), bytes.length, 0, overlapped.address())
                            ? 0
                            : Win32Error.last().code();
            return finish(error, timeoutMillis);
        } finally {
            Reference.reachabilityFence(direct);
        }
    }

    void write(byte[] bytes) {
        int error = write(bytes, TIMEOUT);
        if (error != 0) {
            throw new AssertionError(new Win32Error(error).describe("WriteFile"));
        }
    }

    /** What one {@code ReadFile} brings; null if the other end is closed. */
    byte[] read(int max) {
        ByteBuffer direct = ByteBuffer.allocateDirect(max);
        overlapped.reset(event);
        int error = Kernel32.ReadFile(handle, DirectMemory.addressOf(direct), max, 0, overlapped.address())
                ? 0
                : Win32Error.last().code();
        error = finish(error, TIMEOUT);
        if (Win32Error.isPeerGone(error)) {
            return null;
        }
        if (error != 0) {
            throw new AssertionError(new Win32Error(error).describe("ReadFile"));
        }
        byte[] bytes = new byte[overlapped.transferred()];
        direct.get(bytes);
        return bytes;
    }

    byte[] readFully(int length) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        while (out.size() < length) {
            byte[] part = read(length - out.size());
            if (part == null) {
                throw new AssertionError("end after " + out.size() + " of " + length + " bytes");
            }
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private int finish(int error, int timeoutMillis) {
        if (error != Win32Error.IO_PENDING) {
            return error;
        }
        if (Kernel32.WaitForSingleObject(event, timeoutMillis) != 0) {
            Kernel32.CancelIoEx(handle, overlapped.address());
            Kernel32.GetOverlappedResult(handle, overlapped.address(), DirectMemory.addressOf(count), true);
            return Win32Error.IO_PENDING;
        }
        return Kernel32.GetOverlappedResult(handle, overlapped.address(), DirectMemory.addressOf(count), false)
                ? 0
                : Win32Error.last().code();
    }

    /** The handle, which somebody else closes from now on. */
    long handOver() {
        closed = true;
        Kernel32.CloseHandle(event);
        return handle;
    }

    long handle() {
        return handle;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Kernel32.CloseHandle(handle);
            Kernel32.CloseHandle(event);
        }
    }
}
