/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.lease;

import java.util.random.RandomGenerator;

/** What a peer that lies puts where a word of the lease protocol belongs. */
public final class Nonsense {

    private Nonsense() {}

    /** Returns something else than the word, as a rule; also what is only just wrong for slots of that many bytes. */
    public static long insteadOf(long word, int slots, RandomGenerator random) {
        return switch (random.nextInt(7)) {
            case 0 -> random.nextLong();
            case 1 -> random.nextLong() >>> random.nextInt(64);
            case 2 -> word ^ (1L << random.nextInt(64));
            case 3 -> word - random.nextInt(1, 10);
            case 4 -> word + slots + random.nextInt(-3, 4);
            default -> word + random.nextInt(4);
        };
    }
}
