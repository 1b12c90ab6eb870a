/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.os;

import com.sun.jna.Native;
import com.sun.jna.WString;

/**
 * The functions of {@code kernel32.dll} that the transport calls, mapped directly.
 *
 * <p>jna-platform maps some of these too, but its {@code ReadFile} and {@code WriteFile} copy a {@code byte[]}, which
 * is wrong for overlapped operations, and its interface mapping allocates for each call. Handles and pointers are
 * {@code long} here, which is right on 64-bit Windows only; the availability check refuses any other.
 *
 * <p>{@code GetLastError} can't be mapped (the JVM may overwrite it on the way back): a caller asks
 * {@link Win32Error#last()}, which JNA saved right behind the call.
 */
public final class Kernel32 {

    public static final long INVALID_HANDLE_VALUE = -1;
    public static final int INFINITE = -1;

    public static final int GENERIC_READ = 0x80000000;
    public static final int GENERIC_WRITE = 0x40000000;
    public static final int FILE_WRITE_ATTRIBUTES = 0x0100;
    public static final int FILE_READ_ATTRIBUTES = 0x0080;
    public static final int FILE_SHARE_READ = 1;
    public static final int FILE_SHARE_WRITE = 2;
    private static final int OPEN_EXISTING = 3;
    public static final int FILE_FLAG_OVERLAPPED = 0x40000000;
    public static final int FILE_FLAG_FIRST_PIPE_INSTANCE = 0x00080000;
    public static final int SECURITY_SQOS_PRESENT = 0x00100000;
    public static final int FILE_TYPE_PIPE = 3;

    public static final int PIPE_ACCESS_INBOUND = 1;
    public static final int PIPE_ACCESS_OUTBOUND = 2;
    public static final int PIPE_ACCESS_DUPLEX = 3;
    public static final int PIPE_REJECT_REMOTE_CLIENTS = 8;
    public static final int PIPE_SERVER_END = 1;
    public static final int PIPE_TYPE_MESSAGE = 4;
    public static final int PIPE_READMODE_MESSAGE = 2;
    public static final int PIPE_UNLIMITED_INSTANCES = 255;

    public static final int MAILSLOT_NO_MESSAGE = -1;

    public static final int FILE_TYPE_DISK = 1;
    public static final int FILE_TYPE_CHAR = 2;

    public static final int STD_INPUT_HANDLE = -10;
    public static final int STD_OUTPUT_HANDLE = -11;
    public static final int STD_ERROR_HANDLE = -12;
    public static final int HANDLE_FLAG_PROTECT_FROM_CLOSE = 2;
    public static final int DUPLICATE_SAME_ACCESS = 2;
    public static final long CURRENT_PROCESS = -1;

    public static final int THREAD_TERMINATE = 1;
    public static final int PROCESS_QUERY_LIMITED_INFORMATION = 0x1000;

    static {
        Native.register(Kernel32.class, "kernel32");
    }

    private Kernel32() {}

    public static native long CreateIoCompletionPort(long file, long existingPort, long key, int concurrentThreads);

    public static native boolean GetQueuedCompletionStatusEx(
            long port, long entries, int count, long removed, int milliseconds, boolean alertable);

    public static native boolean PostQueuedCompletionStatus(long port, int bytes, long key, long overlapped);

    /** {@code CreateNamedPipeW}, with the default timeout of the system. */
    public static long CreateNamedPipe(
            String name,
            int openMode,
            int pipeMode,
            int maxInstances,
            int outQuota,
            int inQuota,
            long securityAttributes) {
        return CreateNamedPipeW(
                new WString(name), openMode, pipeMode, maxInstances, outQuota, inQuota, 0, securityAttributes);
    }

    private static native long CreateNamedPipeW(
            WString name,
            int openMode,
            int pipeMode,
            int maxInstances,
            int outQuota,
            int inQuota,
            int defaultTimeout,
            long securityAttributes);

    public static native boolean ConnectNamedPipe(long pipe, long overlapped);

    /** {@code CreateFileW} of what exists; no child inherits the handle. */
    public static long CreateFile(String name, int access, int share, int flags) {
        return CreateFileW(new WString(name), access, share, 0, OPEN_EXISTING, flags, 0);
    }

    private static native long CreateFileW(
            WString name,
            int access,
            int share,
            long securityAttributes,
            int disposition,
            int flagsAndAttributes,
            long template);

    public static native boolean ReadFile(long file, long buffer, int length, long transferred, long overlapped);

    public static native boolean WriteFile(long file, long buffer, int length, long transferred, long overlapped);

    public static native boolean CancelIoEx(long file, long overlapped);

    public static native boolean GetOverlappedResult(long file, long overlapped, long transferred, boolean wait);

    public static native boolean CloseHandle(long handle);

    public static native long CreateEventW(long attributes, boolean manualReset, boolean initialState, long name);

    public static native boolean SetEvent(long event);

    public static native int WaitForSingleObject(long handle, int milliseconds);

    public static native int GetFileType(long file);

    public static native boolean GetNamedPipeInfo(
            long pipe, int[] flags, int[] outQuota, int[] inQuota, int[] maxInstances);

    public static native boolean SetNamedPipeHandleState(
            long pipe, int[] mode, int[] maxCollectionCount, int[] collectDataTimeout);

    public static native boolean GetNamedPipeHandleStateW(
            long pipe,
            int[] state,
            int[] instances,
            int[] maxCollectionCount,
            int[] collectDataTimeout,
            long userName,
            int userNameLength);

    public static native boolean PeekNamedPipe(
            long pipe, long buffer, int length, int[] read, int[] available, int[] leftInMessage);

    public static native boolean TransactNamedPipe(
            long pipe, long request, int requestLength, long reply, int replyLength, long transferred, long overlapped);

    /** {@code CreateMailslotW}. */
    public static long CreateMailslot(String name, int maxMessageSize, int readTimeout, long securityAttributes) {
        return CreateMailslotW(new WString(name), maxMessageSize, readTimeout, securityAttributes);
    }

    private static native long CreateMailslotW(
            WString name, int maxMessageSize, int readTimeout, long securityAttributes);

    public static native boolean GetMailslotInfo(
            long mailslot, int[] maxMessageSize, int[] nextSize, int[] messageCount, int[] readTimeout);

    public static native boolean SetMailslotInfo(long mailslot, int readTimeout);

    public static native boolean CancelSynchronousIo(long thread);

    public static native long OpenThread(int access, boolean inherit, int threadId);

    public static native int GetCurrentThreadId();

    public static native boolean FlushFileBuffers(long file);

    public static native boolean GetNamedPipeClientProcessId(long pipe, int[] processId);

    public static native boolean GetNamedPipeServerProcessId(long pipe, int[] processId);

    public static native boolean GetNamedPipeClientSessionId(long pipe, int[] sessionId);

    public static native boolean GetNamedPipeServerSessionId(long pipe, int[] sessionId);

    public static native long OpenProcess(int access, boolean inherit, int processId);

    public static native long LocalFree(long memory);

    public static native long GetStdHandle(int stream);

    public static native boolean SetStdHandle(int stream, long handle);

    public static native boolean SetHandleInformation(long handle, int mask, int flags);

    public static native boolean DuplicateHandle(
            long sourceProcess,
            long source,
            long targetProcess,
            long[] target,
            int access,
            boolean inherit,
            int options);

    /** {@code GetModuleHandleW}: 0 if this process has not loaded the library. */
    public static long GetModuleHandle(String name) {
        return GetModuleHandleW(new WString(name));
    }

    private static native long GetModuleHandleW(WString name);
}
