/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.os;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.nio.ByteOrder;
import java.util.BitSet;

/**
 * The processor that the calling thread runs on, and those that it may run on. Linux only.
 *
 * @see <a href="https://man7.org/linux/man-pages/man3/sched_getcpu.3.html">sched_getcpu(3)</a>
 * @see <a href="https://man7.org/linux/man-pages/man2/sched_setaffinity.2.html">sched_setaffinity(2)</a>
 */
public final class ThreadProcessor {

    /** The number of no processor. */
    public static final int UNKNOWN = -1;

    /** The kernel refuses a mask that is shorter than its own: this is the largest that it can be built with. */
    private static final int MASK_BYTES = 8192 / Byte.SIZE;

    private ThreadProcessor() {}

    /** Returns the processor's number, which may be another one at once; or {@link #UNKNOWN} where nobody tells. */
    public static int current() {
        return Calls.AVAILABLE ? Calls.sched_getcpu() : UNKNOWN;
    }

    /** Returns the processors that the calling thread may run on; none where nobody tells. */
    public static BitSet allowed() {
        byte[] mask = new byte[MASK_BYTES];
        return isRead(mask) ? BitSet.valueOf(mask) : new BitSet();
    }

    /**
     * Moves the calling thread to another processor, and lets it run where it was allowed to before. The system may
     * move it on at any time.
     *
     * @return whether the system has done so
     */
    public static boolean moveTo(int processor) {
        byte[] allowed = new byte[MASK_BYTES];
        if (!isRead(allowed)) {
            return false;
        }
        byte[] target = new byte[MASK_BYTES];
        target[processor / Byte.SIZE] = (byte) (1 << processor % Byte.SIZE);
        if (Calls.sched_setaffinity(0, MASK_BYTES, target) != 0) {
            return false;
        }
        return Calls.sched_setaffinity(0, MASK_BYTES, allowed) == 0;
    }

    private static boolean isRead(byte[] mask) {
        return Calls.AVAILABLE && Calls.sched_getaffinity(0, MASK_BYTES, mask) == 0;
    }

    private static final class Calls {
        // The masks are arrays of longs in the system's byte order; BitSet.valueOf and the shifts above take
        // little-endian bytes.
        static final boolean AVAILABLE = NativeAccess.unavailabilityCause() == null
                && Platform.current() == Platform.LINUX
                && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
                && isRegistered();

        private Calls() {}

        private static boolean isRegistered() {
            try {
                Native.register(Calls.class, NativeLibrary.getProcess());
                return true;
            } catch (UnsatisfiedLinkError e) {
                // A C library without them.
                return false;
            }
        }

        static native int sched_getcpu();

        static native int sched_getaffinity(int thread, long length, byte[] mask);

        static native int sched_setaffinity(int thread, long length, byte[] mask);
    }
}
