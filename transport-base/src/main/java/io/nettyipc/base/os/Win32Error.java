/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.os;

import com.sun.jna.Native;

/**
 * A Win32 error code with the name that documentation and search engines know it by.
 *
 * @see <a href="https://learn.microsoft.com/windows/win32/debug/system-error-codes">System error codes</a>
 */
public record Win32Error(int code) {

    public static final int SUCCESS = 0;
    public static final int FILE_NOT_FOUND = 2;
    public static final int ACCESS_DENIED = 5;
    public static final int WRITE_FAULT = 29;
    public static final int HANDLE_EOF = 38;
    public static final int INVALID_PARAMETER = 87;
    static final int BROKEN_PIPE = 109;
    public static final int SEM_TIMEOUT = 121;
    public static final int INSUFFICIENT_BUFFER = 122;
    public static final int ALREADY_EXISTS = 183;
    public static final int WAIT_TIMEOUT = 258;
    public static final int PIPE_BUSY = 231;
    public static final int NO_DATA = 232;
    static final int PIPE_NOT_CONNECTED = 233;
    public static final int MORE_DATA = 234;
    public static final int PIPE_CONNECTED = 535;
    public static final int OPERATION_ABORTED = 995;
    public static final int IO_PENDING = 997;

    /** The error of the Win32 call that this thread made last. */
    public static Win32Error last() {
        return new Win32Error(Native.getLastError());
    }

    /** Forgets the last error: for a call that may succeed and say something all the same. */
    public static void clearLast() {
        Native.setLastError(SUCCESS);
    }

    /** Whether the code says that the other end is gone: nothing will come from it or reach it any more. */
    public static boolean isPeerGone(int code) {
        return code == BROKEN_PIPE || code == NO_DATA || code == PIPE_NOT_CONNECTED;
    }

    /** For example {@code CreateFile: ERROR_PIPE_BUSY (231), all instances of the pipe are in use}. */
    public String describe(String function) {
        return function + ": " + this;
    }

    @Override
    public String toString() {
        return switch (code) {
            case FILE_NOT_FOUND -> "ERROR_FILE_NOT_FOUND (2), no pipe of that name exists";
            case 3 -> "ERROR_PATH_NOT_FOUND (3)";
            case 4 -> "ERROR_TOO_MANY_OPEN_FILES (4)";
            case ACCESS_DENIED -> "ERROR_ACCESS_DENIED (5)";
            case 6 -> "ERROR_INVALID_HANDLE (6)";
            case 8 -> "ERROR_NOT_ENOUGH_MEMORY (8)";
            case 14 -> "ERROR_OUTOFMEMORY (14)";
            case WRITE_FAULT -> "ERROR_WRITE_FAULT (29)";
            case HANDLE_EOF -> "ERROR_HANDLE_EOF (38)";
            case 50 -> "ERROR_NOT_SUPPORTED (50)";
            case 53 -> "ERROR_BAD_NETPATH (53)";
            case INVALID_PARAMETER -> "ERROR_INVALID_PARAMETER (87)";
            case BROKEN_PIPE -> "ERROR_BROKEN_PIPE (109), the other end is closed";
            case 112 -> "ERROR_DISK_FULL (112)";
            case SEM_TIMEOUT -> "ERROR_SEM_TIMEOUT (121)";
            case INSUFFICIENT_BUFFER -> "ERROR_INSUFFICIENT_BUFFER (122)";
            case 123 -> "ERROR_INVALID_NAME (123)";
            case 161 -> "ERROR_BAD_PATHNAME (161)";
            case ALREADY_EXISTS -> "ERROR_ALREADY_EXISTS (183)";
            case 230 -> "ERROR_BAD_PIPE (230)";
            case PIPE_BUSY -> "ERROR_PIPE_BUSY (231), all instances of the pipe are in use";
            case NO_DATA -> "ERROR_NO_DATA (232), the other end is closed";
            case PIPE_NOT_CONNECTED -> "ERROR_PIPE_NOT_CONNECTED (233), the other end is closed or disconnected";
            case MORE_DATA -> "ERROR_MORE_DATA (234)";
            case WAIT_TIMEOUT -> "WAIT_TIMEOUT (258)";
            case PIPE_CONNECTED -> "ERROR_PIPE_CONNECTED (535)";
            case OPERATION_ABORTED -> "ERROR_OPERATION_ABORTED (995)";
            case IO_PENDING -> "ERROR_IO_PENDING (997)";
            case 1168 -> "ERROR_NOT_FOUND (1168)";
            case 1305 -> "ERROR_UNKNOWN_REVISION (1305)";
            case 1314 -> "ERROR_PRIVILEGE_NOT_HELD (1314)";
            case 1332 -> "ERROR_NONE_MAPPED (1332)";
            case 1336 -> "ERROR_INVALID_ACL (1336)";
            case 1337 -> "ERROR_INVALID_SID (1337)";
            case 1338 -> "ERROR_INVALID_SECURITY_DESCR (1338)";
            case 1450 -> "ERROR_NO_SYSTEM_RESOURCES (1450)";
            case 1455 -> "ERROR_COMMITMENT_LIMIT (1455)";
            case 1705 -> "RPC_S_INVALID_STRING_UUID (1705)";
            case 1816 -> "ERROR_NOT_ENOUGH_QUOTA (1816)";
            default -> "Win32 error " + code;
        };
    }
}
