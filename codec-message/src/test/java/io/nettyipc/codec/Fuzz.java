/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec;

/** How many random inputs a test tries, and which. */
public final class Fuzz {
    private Fuzz() {}

    /**
     * {@code -Dnettyipc.fuzz.inputs}, which is for a search of hours.
     *
     * @param push without it
     * @param full without it in a run of full size, {@code -Dnettyipc.full=true}
     */
    public static long inputs(long push, long full) {
        return Long.getLong("nettyipc.fuzz.inputs", Boolean.getBoolean("nettyipc.full") ? full : push);
    }

    /**
     * The first input's seed, the next one's is one more: {@code -Dnettyipc.fuzz.seed} chooses inputs that no other
     * value has.
     */
    public static long firstSeed() {
        return Long.getLong("nettyipc.fuzz.seed", 0) << 40;
    }
}
