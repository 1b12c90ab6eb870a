/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.segment;

import com.sun.jna.Native;
import io.nettyipc.base.os.LibC;
import java.io.IOException;

/** {@link Segment.Kind#MEMFD}. */
final class MemfdSegment extends Segment {

    /** What the reader relies on: the size never changes (else its accesses would fail), nor do the contents but by us. */
    private static final int SEALS =
            LinuxLibC.F_SEAL_SHRINK | LinuxLibC.F_SEAL_GROW | LinuxLibC.F_SEAL_FUTURE_WRITE | LinuxLibC.F_SEAL_SEAL;

    private int descriptor;

    private MemfdSegment(long address, int size, boolean writable, int descriptor) {
        super(Kind.MEMFD, address, size, writable);
        this.descriptor = descriptor;
    }

    static Segment newSegment(int size) throws IOException {
        int descriptor = createMemfd();
        try {
            if (MemoryMap.ftruncate(descriptor, size) != 0) {
                throw LibC.error("ftruncate to " + size + " bytes");
            }
            allocate(descriptor, size);
            // The one writable mapping there will ever be: it has to come before the seal.
            long address = MemoryMap.map(descriptor, size, true);
            if (LibC.fcntl(descriptor, LinuxLibC.F_ADD_SEALS, SEALS) != 0) {
                IOException e = LibC.error("fcntl(F_ADD_SEALS); F_SEAL_FUTURE_WRITE needs Linux 5.1");
                MemoryMap.unmap(address, size);
                throw e;
            }
            return new MemfdSegment(address, size, true, descriptor);
        } catch (IOException | RuntimeException e) {
            LibC.close(descriptor);
            throw e;
        }
    }

    private static int createMemfd() throws IOException {
        int flags = LinuxLibC.MFD_CLOEXEC | LinuxLibC.MFD_ALLOW_SEALING;
        // Not executable: asked for from Linux 6.3 on, where an administrator may insist; unknown before.
        int descriptor = LinuxLibC.memfd_create("nettyipc", flags | LinuxLibC.MFD_NOEXEC_SEAL);
        if (descriptor < 0 && Native.getLastError() == LinuxLibC.EINVAL) {
            descriptor = LinuxLibC.memfd_create("nettyipc", flags);
        }
        if (descriptor < 0) {
            throw LibC.error("memfd_create");
        }
        return descriptor;
    }

    /** Takes all pages now. Linux hands out more than it has, and would answer with SIGBUS at the first access. */
    private static void allocate(int descriptor, int size) throws IOException {
        while (LinuxLibC.fallocate(descriptor, 0, 0, size) != 0) {
            int error = Native.getLastError();
            if (error != LibC.EINTR) {
                throw LibC.error("fallocate of " + size + " bytes", error);
            }
        }
    }

    static Segment open(int descriptor, int size) throws IOException {
        try {
            int seals = LibC.fcntl(descriptor, LinuxLibC.F_GET_SEALS, 0);
            if (seals < 0) {
                int error = Native.getLastError();
                if (error == LinuxLibC.EINVAL) {
                    throw new InvalidSegmentException("the peer's descriptor is not one of shared memory with seals");
                }
                throw LibC.error("fcntl(F_GET_SEALS)", error);
            }
            if ((seals & SEALS) != SEALS) {
                throw new InvalidSegmentException("the peer's memory lacks the seals" + names(SEALS & ~seals));
            }
            // In this order: with the seals on, the size can't change after it was looked at.
            MemoryMap.checkSize(descriptor, size);
            // The peer may have left holes. Now that they can't come back, ours is the last chance to fill them.
            allocate(descriptor, size);
            return new MemfdSegment(MemoryMap.map(descriptor, size, false), size, false, -1);
        } finally {
            LibC.close(descriptor);
        }
    }

    private static String names(int seals) {
        return ((seals & LinuxLibC.F_SEAL_SHRINK) != 0 ? " F_SEAL_SHRINK" : "")
                + ((seals & LinuxLibC.F_SEAL_GROW) != 0 ? " F_SEAL_GROW" : "")
                + ((seals & LinuxLibC.F_SEAL_FUTURE_WRITE) != 0 ? " F_SEAL_FUTURE_WRITE" : "")
                + ((seals & LinuxLibC.F_SEAL_SEAL) != 0 ? " F_SEAL_SEAL" : "");
    }

    @Override
    public int descriptor() {
        return descriptor >= 0 ? descriptor : super.descriptor();
    }

    @Override
    public void withdraw() {
        if (descriptor >= 0) {
            LibC.close(descriptor);
            descriptor = -1;
        }
    }

    @Override
    void unmap(long address, int size) {
        MemoryMap.unmap(address, size);
    }
}
