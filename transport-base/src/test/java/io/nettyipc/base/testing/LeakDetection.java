/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.testing;

import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Fails the test class after which Netty's leak detector has something to report. JUnit finds it through
 * {@code META-INF/services}, so it guards every test without being named by any: as a session listener it installs the
 * recording detectors before a test class can load a Netty class, as a Jupiter extension it looks at them after each
 * class.
 */
public final class LeakDetection implements LauncherSessionListener, AfterAllCallback {

    private static final RecordingLeakDetectorFactory DETECTORS = new RecordingLeakDetectorFactory();

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        install();
    }

    /** Installs the recording detectors, in a program that JUnit does not run, before it loads a class of Netty's. */
    public static void install() {
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(DETECTORS);
    }

    @Override
    public void afterAll(ExtensionContext context) throws InterruptedException {
        // The class around a nested one is still to come.
        if (!context.getRequiredTestClass().isAnnotationPresent(Nested.class)) {
            failOnLeaks();
        }
    }

    /** Throws an error if something has been reported since the last look. */
    public static void failOnLeaks() throws InterruptedException {
        if (ResourceLeakDetectorFactory.instance() != DETECTORS) {
            throw new AssertionError(
                    "leak detection is not installed: was JUnit's launcher session listener not called?");
        }
        if (ResourceLeakDetector.getLevel() != ResourceLeakDetector.Level.PARANOID) {
            throw new AssertionError("run tests with -Dio.netty.leakDetection.level=paranoid");
        }
        collectGarbage();
        List<String> leaks = DETECTORS.takeLeaks();
        if (!leaks.isEmpty()) {
            throw new AssertionError(leaks.size() + " leak(s):" + System.lineSeparator() + String.join("\n", leaks));
        }
    }

    /**
     * Returns when every reference to what was unreachable at the call is in its queue. The JVM hands over the cleared
     * references of one collection after those of the collection before: when a reference of the second has arrived,
     * all of the first have.
     */
    private static void collectGarbage() throws InterruptedException {
        ReferenceQueue<Object> queue = new ReferenceQueue<>();
        for (int collection = 0; collection < 2; collection++) {
            WeakReference<Object> canary = new WeakReference<>(new Object(), queue);
            System.gc();
            if (queue.remove(10_000) != canary) {
                throw new AssertionError("System.gc() collects nothing: is -XX:+DisableExplicitGC set?");
            }
        }
    }
}
