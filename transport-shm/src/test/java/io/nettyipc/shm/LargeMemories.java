/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nettyipc.shm.segment.LargeMemory;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Large memory, which a thread of its own unmaps. */
final class LargeMemories {

    private LargeMemories() {}

    /** Returns when all that was closed is unmapped. */
    static void awaitUnmapped() throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        LargeMemory.execute(done::countDown);
        assertTrue(done.await(20, TimeUnit.SECONDS));
    }
}
