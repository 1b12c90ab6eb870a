/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.ring;

/** Both sides of a connection in one process. */
final class TestConnection {

    final TestMemory memoryA;
    final TestMemory memoryB;
    final RingPair a;
    final RingPair b;

    TestConnection(int capacityA, int capacityB) {
        this(new TestMemory(capacityA), capacityA, new TestMemory(capacityB), capacityB);
    }

    private TestConnection(TestMemory memoryA, int capacityA, TestMemory memoryB, int capacityB) {
        this.memoryA = memoryA;
        this.memoryB = memoryB;
        a = new RingPair(memoryA, capacityA, memoryB, capacityB);
        b = new RingPair(memoryB, capacityB, memoryA, capacityA);
    }

    TestConnection(int capacity) {
        this(capacity, capacity);
    }

    /** A new connection in the same memory. */
    TestConnection renewed() {
        memoryA.clearWords();
        memoryB.clearWords();
        return new TestConnection(
                memoryA, a.writer().capacity(), memoryB, b.writer().capacity());
    }
}
