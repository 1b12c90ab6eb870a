/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.segment;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import io.nettyipc.base.os.LibC;
import java.io.IOException;

/**
 * The C library's functions for the size of files and their mapping that every Unix has. Mapped directly, with {@code long}
 * for pointers and {@code size_t}: for 64-bit systems only.
 */
final class MemoryMap {

    static final int SEEK_END = 2;
    static final int PROT_READ = 1;
    static final int PROT_WRITE = 2;
    static final int MAP_SHARED = 1;
    static final long MAP_FAILED = -1;

    static {
        if (Native.POINTER_SIZE != Long.BYTES) {
            throw new UnsatisfiedLinkError("shared memory needs a 64-bit system");
        }
        // The JVM itself is linked with the C library, whatever its file is called.
        Native.register(MemoryMap.class, NativeLibrary.getProcess());
    }

    private MemoryMap() {}

    static native long lseek(int descriptor, long offset, int whence);

    static native int ftruncate(int descriptor, long size);

    static native long mmap(long address, long size, int protection, int flags, int descriptor, long offset);

    static native int munmap(long address, long size);

    static long map(int descriptor, int size, boolean writable) throws IOException {
        long address = mmap(0, size, writable ? PROT_READ | PROT_WRITE : PROT_READ, MAP_SHARED, descriptor, 0);
        if (address == MAP_FAILED) {
            throw LibC.error("mmap of " + size + " bytes");
        }
        return address;
    }

    static void unmap(long address, int size) {
        if (munmap(address, size) != 0) {
            throw new IllegalStateException(LibC.error("munmap"));
        }
    }

    /** Checked by moving the file offset, which nobody uses: unlike {@code fstat}, that is the same on every system. */
    static void checkSize(int descriptor, int expected) throws IOException {
        long size = lseek(descriptor, 0, SEEK_END);
        if (size < 0) {
            throw LibC.error("lseek");
        }
        if (size != expected) {
            throw new InvalidSegmentException(
                    "the peer's memory has " + size + " bytes, not " + expected + " as it said");
        }
    }
}
