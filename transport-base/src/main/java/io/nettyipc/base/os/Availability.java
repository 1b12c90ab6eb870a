/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.os;

/** What a facade says if its transport can't be used. Loads nothing of JNA. */
public final class Availability {
    private Availability() {}

    /**
     * Returns silently if a transport can be used.
     *
     * @param what what can be used or not, and a verb
     * @param unavailabilityCause why not, or null
     * @throws UnsatisfiedLinkError if it can't, with the reason as its cause
     */
    public static void ensure(String what, Throwable unavailabilityCause) {
        if (unavailabilityCause != null) {
            throw (Error) new UnsatisfiedLinkError(what + " not available: " + unavailabilityCause)
                    .initCause(unavailabilityCause);
        }
    }
}
