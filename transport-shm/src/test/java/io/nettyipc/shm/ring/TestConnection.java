/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.ring;

/** Both sides of a connection in one process. */
final class TestConnection {

    final TestMemory memoryA;
    final TestMemory memoryB;
    final RingPair a;
    final RingPair b;
    private final int firstA;
    private final int firstB;

    TestConnection(int capacityA, int capacityB) {
        this(new TestMemory(capacityA), capacityA, capacityA, new TestMemory(capacityB), capacityB, capacityB);
    }

    private TestConnection(
            TestMemory memoryA, int firstA, int capacityA, TestMemory memoryB, int firstB, int capacityB) {
        this.memoryA = memoryA;
        this.memoryB = memoryB;
        this.firstA = firstA;
        this.firstB = firstB;
        a = new RingPair(memoryA, firstA, capacityA, memoryB, firstB, capacityB, RingGrowth.FREE);
        b = new RingPair(memoryB, firstB, capacityB, memoryA, firstA, capacityA, RingGrowth.FREE);
    }

    /** With rings of which only the first bytes are used until they grow. */
    static TestConnection growing(int first, int capacity) {
        return new TestConnection(new TestMemory(capacity), first, capacity, new TestMemory(capacity), first, capacity);
    }

    TestConnection(int capacity) {
        this(capacity, capacity);
    }

    /** A new connection in the same memory. */
    TestConnection renewed() {
        memoryA.clearWords();
        memoryB.clearWords();
        return new TestConnection(
                memoryA,
                firstA,
                a.writer().capacity(),
                memoryB,
                firstB,
                b.writer().capacity());
    }
}
