/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.ring;

/** Accesses to memory that somebody may have taken away. */
public final class MemoryFaults {

    /** Not a constant for the compiler. */
    @SuppressWarnings("FieldMayBeFinal")
    private static int none;

    private MemoryFaults() {}

    /**
     * Makes an {@link InternalError} of an access just made come now, for the reason that {@link RingPair#raiseFault}
     * gives.
     */
    public static void raise() {
        if (new byte[none][none].length != none) {
            throw new AssertionError();
        }
    }
}
