/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.testing;

/**
 * How much a test does that could do more: enough to fail for what it is about, in the seconds that a build has, or the
 * full size with {@code -Dnettyipc.full=true}, as once a week and before a release.
 */
public final class TestSize {
    /** Whether this run is one of full size. */
    public static final boolean FULL = Boolean.getBoolean("nettyipc.full");

    private TestSize() {}

    /** {@return the first, or the second in a run of full size} */
    public static int of(int push, int full) {
        return FULL ? full : push;
    }
}
