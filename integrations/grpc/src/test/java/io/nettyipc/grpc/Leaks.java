/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.grpc;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.util.ResourceLeakDetector;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails the test class that leaves buffers to the garbage collector without having released them. */
final class Leaks implements BeforeAllCallback, AfterAllCallback {

    private final Queue<String> leaks = new ConcurrentLinkedQueue<>();

    @Override
    public void beforeAll(ExtensionContext context) {
        if (ResourceLeakDetector.getLevel() != ResourceLeakDetector.Level.PARANOID) {
            throw new AssertionError("run tests with -Dio.netty.leakDetection.level=paranoid");
        }
        ByteBufUtil.setLeakListener((type, records) -> leaks.add(type + records));
    }

    @Override
    public void afterAll(ExtensionContext context) throws InterruptedException {
        // The references of one collection are queued before those of the next.
        ReferenceQueue<Object> queue = new ReferenceQueue<>();
        for (int collection = 0; collection < 2; collection++) {
            WeakReference<Object> canary = new WeakReference<>(new Object(), queue);
            System.gc();
            if (queue.remove(10_000) != canary) {
                throw new AssertionError("System.gc() collects nothing: is -XX:+DisableExplicitGC set?");
            }
        }
        // An allocation makes the detector look.
        ByteBufAllocator.DEFAULT.buffer(1).release();
        if (!leaks.isEmpty()) {
            throw new AssertionError(leaks.size() + " leak(s): " + String.join("\n", leaks));
        }
    }
}
