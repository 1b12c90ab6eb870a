/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.os;

/** Whether the C library's functions can be called in this JVM. */
public final class NativeAccess {
    @SuppressWarnings("StaticAssignmentOfThrowable") // the reason at the time of the attempt is what users need
    private static final Throwable UNAVAILABILITY_CAUSE = probe();

    private NativeAccess() {}

    /** Returns why they can't be called, or {@code null} if they can. Never throws. */
    public static Throwable unavailabilityCause() {
        return UNAVAILABILITY_CAUSE;
    }

    private static Throwable probe() {
        try {
            LibC.describe(0);
            return null;
        } catch (Throwable t) {
            // JNA is missing, has no library for this system, or may not load it.
            return t;
        }
    }
}
