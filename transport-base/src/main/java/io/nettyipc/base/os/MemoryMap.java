/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.os;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Files as memory, on every Unix: their size and their mapping. */
public final class MemoryMap {

    private static final int SEEK_END = 2;
    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int MAP_SHARED = 1;
    private static final long MAP_FAILED = -1;
    private static final int MADV_POPULATE_READ = 22;
    private static final int MADV_POPULATE_WRITE = 23;
    private static final int EINVAL = 22;
    private static final int SMALLEST_PAGE = 4096;
    private static final byte RESIDENT = 1;

    private MemoryMap() {}

    /** Maps a file, shared with whoever else maps it. */
    public static long map(int descriptor, int size, boolean writable) throws IOException {
        int protection = writable ? PROT_READ | PROT_WRITE : PROT_READ;
        long address = Unix.mmap(0, size, protection, MAP_SHARED, descriptor, 0);
        if (address == MAP_FAILED) {
            throw LibC.error("mmap of " + size + " bytes");
        }
        return address;
    }

    public static void unmap(long address, int size) {
        if (Unix.munmap(address, size) != 0) {
            throw new IllegalStateException(LibC.error("munmap"));
        }
    }

    /**
     * Finds pages for the beginning of a mapping, and for a file's holes there: accesses to it won't fail for want of
     * memory. Linux only.
     *
     * @param writable whether the mapping is
     * @return whether it did; Linux can since 5.14
     */
    public static boolean populate(long address, int size, boolean writable) throws IOException {
        int advice = writable ? MADV_POPULATE_WRITE : MADV_POPULATE_READ;
        while (Unix.madvise(address, size, advice) != 0) {
            int error = Native.getLastError();
            if (error == EINVAL) {
                return false;
            } else if (error != LibC.EINTR) {
                throw LibC.error("madvise of " + size + " bytes", error);
            }
        }
        return true;
    }

    /**
     * Whether the beginning of a mapping has pages in memory; a page that was swapped out is none. Linux only.
     *
     * @return {@code false} also if the system doesn't tell
     */
    public static boolean isPopulated(long address, int size) {
        // One byte for each page, and pages may be larger: those that the system doesn't write are not looked at.
        byte[] pages = new byte[(size + SMALLEST_PAGE - 1) / SMALLEST_PAGE];
        Arrays.fill(pages, RESIDENT);
        if (Unix.mincore(address, size, pages) != 0) {
            return false;
        }
        for (byte page : pages) {
            if ((page & RESIDENT) == 0) {
                return false;
            }
        }
        return true;
    }

    /** Returns a file's size. Moves the file offset for that: unlike {@code fstat} it is the same on every system. */
    public static long size(int descriptor) throws IOException {
        long size = Unix.lseek(descriptor, 0, SEEK_END);
        if (size < 0) {
            throw LibC.error("lseek");
        }
        return size;
    }

    public static void resize(int descriptor, long size) throws IOException {
        if (Unix.ftruncate(descriptor, size) != 0) {
            throw LibC.error("ftruncate to " + size + " bytes");
        }
    }

    /**
     * Returns a buffer over memory that is mapped, also on Windows. It must not be used when the memory isn't any more.
     */
    public static ByteBuffer buffer(long address, int size) {
        return new Pointer(address).getByteBuffer(0, size).order(ByteOrder.nativeOrder());
    }

    private static final class Unix {

        static {
            // The JVM itself is linked with the C library, whatever its file is called.
            Native.register(Unix.class, NativeLibrary.getProcess());
        }

        private Unix() {}

        static native long lseek(int descriptor, long offset, int whence);

        static native int ftruncate(int descriptor, long size);

        static native long mmap(long address, long size, int protection, int flags, int descriptor, long offset);

        static native int munmap(long address, long size);

        static native int madvise(long address, long size, int advice);

        static native int mincore(long address, long size, byte[] pages);
    }
}
