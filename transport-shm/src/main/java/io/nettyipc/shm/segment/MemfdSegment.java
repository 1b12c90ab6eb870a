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

    private int descriptor;

    private MemfdSegment(long address, int size, boolean writable, int descriptor) {
        super(Kind.MEMFD, address, size, writable);
        this.descriptor = descriptor;
    }

    static Segment newSegment(int size) throws IOException {
        int descriptor = Memfd.create("nettyipc");
        try {
            MemoryMap.resize(descriptor, size);
            Memfd.allocate(descriptor, size);
            // The one writable mapping there will ever be: it has to come before the seal.
            long address = MemoryMap.map(descriptor, size, true);
            try {
                Memfd.seal(descriptor, SEALS);
            } catch (IOException e) {
                MemoryMap.unmap(address, size);
                throw new IOException("memory cannot be sealed; F_SEAL_FUTURE_WRITE needs Linux 5.1", e);
            }
            return new MemfdSegment(address, size, true, descriptor);
        } catch (IOException | RuntimeException e) {
            LibC.close(descriptor);
            throw e;
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
            // The peer may have left holes. Now that they can't come back, ours is the last chance to fill them.
            Memfd.allocate(descriptor, size);
            return new MemfdSegment(MemoryMap.map(descriptor, size, false), size, false, -1);
        } finally {
            LibC.close(descriptor);
        }
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
