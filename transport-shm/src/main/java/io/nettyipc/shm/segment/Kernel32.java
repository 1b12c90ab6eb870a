/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.segment;

import com.sun.jna.Native;
import com.sun.jna.WString;

/**
 * The functions of {@code kernel32.dll} for sections, mapped directly; handles and pointers are {@code long}, for 64-bit
 * Windows only.
 */
public final class Kernel32 {

    public static final long INVALID_HANDLE_VALUE = -1;
    static final int PAGE_READONLY = 2;
    static final int PAGE_READWRITE = 4;
    static final int SECTION_MAP_WRITE = 2;
    static final int SECTION_MAP_READ = 4;
    static final int MEM_COMMIT = 0x1000;
    static final int MEM_MAPPED = 0x40000;
    static final int ERROR_ALREADY_EXISTS = 183;

    static {
        if (Native.POINTER_SIZE != Long.BYTES) {
            throw new UnsatisfiedLinkError("shared memory needs a 64-bit system");
        }
        Native.register(Kernel32.class, "kernel32");
    }

    private Kernel32() {}

    static native long CreateFileMappingW(
            long file, long securityAttributes, int protection, int sizeHigh, int sizeLow, WString name);

    static native long OpenFileMappingW(int access, boolean inherit, WString name);

    static native long MapViewOfFile(long section, int access, int offsetHigh, int offsetLow, long size);

    static native boolean UnmapViewOfFile(long address);

    static native long VirtualQuery(long address, long information, long length);

    public static native boolean CloseHandle(long handle);

    public static native long LocalFree(long memory);
}
