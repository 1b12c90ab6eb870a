/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.WString;

/**
 * The functions of {@code kernel32.dll} that the transport calls, mapped directly.
 *
 * <p>jna-platform maps some of these too, but its {@code ReadFile} and {@code WriteFile} copy a {@code byte[]}, which is
 * wrong for overlapped operations, and its interface mapping allocates for each call. Handles and pointers are
 * {@code long} here, which is right on 64-bit Windows only; {@link WindowsNamedPipe} refuses any other.
 *
 * <p>{@code GetLastError} can't be mapped (the JVM may overwrite it on the way back): a caller asks
 * {@link Native#getLastError()}, which JNA saved right behind the call.
 */
final class Kernel32 {

    static final long INVALID_HANDLE_VALUE = -1;
    static final int INFINITE = -1;

    static final int GENERIC_READ = 0x80000000;
    static final int GENERIC_WRITE = 0x40000000;
    static final int FILE_WRITE_ATTRIBUTES = 0x0100;
    static final int FILE_READ_ATTRIBUTES = 0x0080;
    static final int FILE_SHARE_READ = 1;
    static final int FILE_SHARE_WRITE = 2;
    static final int OPEN_EXISTING = 3;
    static final int FILE_FLAG_OVERLAPPED = 0x40000000;
    static final int FILE_FLAG_FIRST_PIPE_INSTANCE = 0x00080000;
    static final int SECURITY_SQOS_PRESENT = 0x00100000;
    static final int FILE_TYPE_PIPE = 3;

    static final int PIPE_ACCESS_INBOUND = 1;
    static final int PIPE_ACCESS_OUTBOUND = 2;
    static final int PIPE_ACCESS_DUPLEX = 3;
    static final int PIPE_REJECT_REMOTE_CLIENTS = 8;
    static final int PIPE_SERVER_END = 1;
    static final int PIPE_TYPE_MESSAGE = 4;
    static final int PIPE_READMODE_MESSAGE = 2;
    static final int PIPE_UNLIMITED_INSTANCES = 255;

    static final int MAILSLOT_NO_MESSAGE = -1;

    static final int FILE_TYPE_DISK = 1;
    static final int FILE_TYPE_CHAR = 2;

    static final int STD_INPUT_HANDLE = -10;
    static final int STD_OUTPUT_HANDLE = -11;
    static final int STD_ERROR_HANDLE = -12;
    static final int HANDLE_FLAG_PROTECT_FROM_CLOSE = 2;
    static final int DUPLICATE_SAME_ACCESS = 2;
    static final long CURRENT_PROCESS = -1;

    static final int THREAD_TERMINATE = 1;
    static final int PROCESS_QUERY_LIMITED_INFORMATION = 0x1000;

    static {
        Native.register(Kernel32.class, "kernel32");
    }

    private Kernel32() {}

    static native long CreateIoCompletionPort(long file, long existingPort, long key, int concurrentThreads);

    static native boolean GetQueuedCompletionStatusEx(
            long port, long entries, int count, long removed, int milliseconds, boolean alertable);

    static native boolean PostQueuedCompletionStatus(long port, int bytes, long key, long overlapped);

    static native long CreateNamedPipeW(
            WString name,
            int openMode,
            int pipeMode,
            int maxInstances,
            int outQuota,
            int inQuota,
            int defaultTimeout,
            long securityAttributes);

    static native boolean ConnectNamedPipe(long pipe, long overlapped);

    static native long CreateFileW(
            WString name,
            int access,
            int share,
            long securityAttributes,
            int disposition,
            int flagsAndAttributes,
            long template);

    static native boolean ReadFile(long file, long buffer, int length, long transferred, long overlapped);

    static native boolean WriteFile(long file, long buffer, int length, long transferred, long overlapped);

    static native boolean CancelIoEx(long file, long overlapped);

    static native boolean GetOverlappedResult(long file, long overlapped, long transferred, boolean wait);

    static native boolean CloseHandle(long handle);

    static native long CreateEventW(long attributes, boolean manualReset, boolean initialState, WString name);

    static native boolean SetEvent(long event);

    static native int WaitForSingleObject(long handle, int milliseconds);

    static native int GetFileType(long file);

    static native boolean GetNamedPipeInfo(long pipe, int[] flags, int[] outQuota, int[] inQuota, int[] maxInstances);

    static native boolean SetNamedPipeHandleState(
            long pipe, int[] mode, int[] maxCollectionCount, int[] collectDataTimeout);

    static native boolean GetNamedPipeHandleStateW(
            long pipe,
            int[] state,
            int[] instances,
            int[] maxCollectionCount,
            int[] collectDataTimeout,
            Pointer userName,
            int userNameLength);

    static native boolean PeekNamedPipe(
            long pipe, long buffer, int length, int[] read, int[] available, int[] leftInMessage);

    static native boolean TransactNamedPipe(
            long pipe, long request, int requestLength, long reply, int replyLength, long transferred, long overlapped);

    static native long CreateMailslotW(WString name, int maxMessageSize, int readTimeout, long securityAttributes);

    static native boolean GetMailslotInfo(
            long mailslot, int[] maxMessageSize, int[] nextSize, int[] messageCount, int[] readTimeout);

    static native boolean SetMailslotInfo(long mailslot, int readTimeout);

    static native boolean CancelSynchronousIo(long thread);

    static native long OpenThread(int access, boolean inherit, int threadId);

    static native int GetCurrentThreadId();

    static native boolean FlushFileBuffers(long file);

    static native boolean GetNamedPipeClientProcessId(long pipe, int[] processId);

    static native boolean GetNamedPipeServerProcessId(long pipe, int[] processId);

    static native boolean GetNamedPipeClientSessionId(long pipe, int[] sessionId);

    static native boolean GetNamedPipeServerSessionId(long pipe, int[] sessionId);

    static native long OpenProcess(int access, boolean inherit, int processId);

    static native long LocalFree(long memory);

    static native long GetStdHandle(int stream);

    static native boolean SetStdHandle(int stream, long handle);

    static native boolean SetHandleInformation(long handle, int mask, int flags);

    static native boolean DuplicateHandle(
            long sourceProcess,
            long source,
            long targetProcess,
            long[] target,
            int access,
            boolean inherit,
            int options);

    static native long GetModuleHandleW(WString name);
}
