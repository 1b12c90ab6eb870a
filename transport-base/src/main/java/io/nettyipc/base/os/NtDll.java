/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.os;

import com.sun.jna.Native;

/** The functions of {@code ntdll.dll} that are needed: an OVERLAPPED holds an NTSTATUS, errors are Win32 codes. */
public final class NtDll {

    public static final int FILE_MODE_INFORMATION = 16;
    /** FILE_SYNCHRONOUS_IO_ALERT and FILE_SYNCHRONOUS_IO_NONALERT. */
    public static final int FILE_SYNCHRONOUS_IO = 0x30;

    static {
        Native.register(NtDll.class, "ntdll");
    }

    private NtDll() {}

    /**
     * The Win32 error code that an NTSTATUS stands for.
     *
     * @see <a href="https://learn.microsoft.com/windows/win32/api/winternl/nf-winternl-rtlntstatustodoserror">
     *     RtlNtStatusToDosError</a>
     */
    public static native int RtlNtStatusToDosError(int status);

    /** Returns an NTSTATUS. */
    public static native int NtQueryInformationFile(
            long file, long[] ioStatus, int[] information, int length, int kind);
}
