/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import com.sun.jna.Native;

/** The one function of {@code ntdll.dll} that is needed: an OVERLAPPED holds an NTSTATUS, errors are Win32 codes. */
final class NtDll {

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
    static native int RtlNtStatusToDosError(int status);
}
