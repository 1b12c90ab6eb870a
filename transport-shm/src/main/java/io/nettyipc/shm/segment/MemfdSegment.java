/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.segment;

import io.nettyipc.base.os.LibC;
import io.nettyipc.base.os.Memfd;
import io.nettyipc.base.os.MemoryMap;
import java.io.IOException;

/** {@link Segment.Kind#MEMFD}. */
final class MemfdSegment extends Segment {

    /**
     * What the reader relies on: the size never changes (else its accesses would fail), nor do the contents but by us.
     */
    private static final int SEALS =
            Memfd.F_SEAL_SHRINK | Memfd.F_SEAL_GROW | Memfd.F_SEAL_FUTURE_WRITE | Memfd.F_SEAL_SEAL;

    /** Where the words are that both sides look at, and the first bytes of the ring. */
    static final int FIRST = 2 * 4096;

    private int descriptor;

    private MemfdSegment(long address, int size, int prepared, boolean writable, int descriptor) {
        super(Kind.MEMFD, address, size, prepared, writable);
        this.descriptor = descriptor;
    }

    static Segment newSegment(int size) throws IOException {
        int descriptor = Memfd.create("nettyipc");
        try {
            MemoryMap.resize(descriptor, size);
            // The one writable mapping there will ever be: it has to come before the seal.
            long address = MemoryMap.map(descriptor, size, true);
            try {
                int prepared = populateFirst(descriptor, address, size, true);
                seal(descriptor);
                return new MemfdSegment(address, size, prepared, true, descriptor);
            } catch (IOException | RuntimeException e) {
                MemoryMap.unmap(address, size);
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            LibC.close(descriptor);
            throw e;
        }
    }

    private static void seal(int descriptor) throws IOException {
        try {
            Memfd.seal(descriptor, SEALS);
        } catch (IOException e) {
            throw new IOException("memory cannot be sealed; F_SEAL_FUTURE_WRITE needs Linux 5.1", e);
        }
    }

    static Segment open(int descriptor, int size) throws IOException {
        try {
            int seals = Memfd.seals(descriptor);
            if (seals < 0) {
                throw new InvalidSegmentException("the peer's descriptor is not one of shared memory with seals");
            }
            if ((seals & SEALS) != SEALS) {
                throw new InvalidSegmentException("the peer's memory lacks the seals" + names(SEALS & ~seals));
            }
            // In this order: with the seals on, the size can't change after it was looked at.
            checkSize(MemoryMap.size(descriptor), size);
            long address = MemoryMap.map(descriptor, size, false);
            try {
                // The peer may have left holes. With the seals on, none can come back where one was filled.
                return new MemfdSegment(address, size, populateFirst(descriptor, address, size, false), false, -1);
            } catch (IOException | RuntimeException e) {
                MemoryMap.unmap(address, size);
                throw e;
            }
        } finally {
            LibC.close(descriptor);
        }
    }

    /** Returns how much is populated: all where it can't be done bit by bit, or takes too long for an event loop. */
    private static int populateFirst(int descriptor, long address, int size, boolean writable) throws IOException {
        int first = Math.min(size, FIRST);
        if (!LargeMemory.isLarge(size) && MemoryMap.populate(address, first, writable)) {
            return first;
        }
        Memfd.allocate(descriptor, size);
        return size;
    }

    @Override
    void populate(long address, int size) throws IOException {
        if (!MemoryMap.populate(address, size, isWritable())) {
            throw new IOException("madvise is not what it was");
        }
    }

    @Override
    boolean isPopulated(long address, int size) {
        return MemoryMap.isPopulated(address, size);
    }

    private static String names(int seals) {
        return ((seals & Memfd.F_SEAL_SHRINK) != 0 ? " F_SEAL_SHRINK" : "")
                + ((seals & Memfd.F_SEAL_GROW) != 0 ? " F_SEAL_GROW" : "")
                + ((seals & Memfd.F_SEAL_FUTURE_WRITE) != 0 ? " F_SEAL_FUTURE_WRITE" : "")
                + ((seals & Memfd.F_SEAL_SEAL) != 0 ? " F_SEAL_SEAL" : "");
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
