/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.segment;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The thread that creates, opens and unmaps large memory, one segment after the other. It takes Linux a quarter of a
 * millisecond to find, and as long to give back, each MiB, and an event loop can do nothing else meanwhile. The thread
 * ends when it has nothing to do.
 */
public final class LargeMemory {

    private static final int MAX_SMALL = 1 << 20;

    private static final ThreadPoolExecutor THREAD = new ThreadPoolExecutor(
            1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), new DefaultThreadFactory("nettyipc-memory", true));

    static {
        THREAD.allowCoreThreadTimeOut(true);
    }

    private LargeMemory() {}

    /**
     * Whether so much memory is to be dealt with here.
     *
     * @param size in bytes
     */
    public static boolean isLarge(int size) {
        return size > MAX_SMALL;
    }

    /** Runs it after what was given before; it must not throw. */
    public static void execute(Runnable work) {
        THREAD.execute(work);
    }
}
