/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.testing;

import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import io.netty.util.ResourceLeakTracker;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/** Makes leak detectors that keep what they report, because a line in a log fails no test. */
final class RecordingLeakDetectorFactory extends ResourceLeakDetectorFactory {

    private final List<RecordingLeakDetector<?>> detectors = new CopyOnWriteArrayList<>();
    private final Queue<String> leaks = new ConcurrentLinkedQueue<>();

    @Override
    @SuppressWarnings("deprecation") // abstract in Netty, so it has to be here
    public <T> ResourceLeakDetector<T> newResourceLeakDetector(
            Class<T> resource, int samplingInterval, long maxActive) {
        return newResourceLeakDetector(resource, samplingInterval);
    }

    @Override
    public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> resource, int samplingInterval) {
        RecordingLeakDetector<T> detector = new RecordingLeakDetector<>(resource, samplingInterval, leaks);
        detectors.add(detector);
        return detector;
    }

    /**
     * Lets every detector look for objects that were collected without having been released, and takes what they found.
     */
    List<String> takeLeaks() {
        for (RecordingLeakDetector<?> detector : detectors) {
            detector.look();
        }
        List<String> taken = new ArrayList<>();
        for (String leak = leaks.poll(); leak != null; leak = leaks.poll()) {
            taken.add(leak);
        }
        return taken;
    }

    private static final class RecordingLeakDetector<T> extends ResourceLeakDetector<T> {

        private final Queue<String> leaks;

        RecordingLeakDetector(Class<?> resource, int samplingInterval, Queue<String> leaks) {
            super(resource, samplingInterval);
            this.leaks = leaks;
        }

        @SuppressWarnings("unchecked") // a detector only holds a weak reference to what it tracks
        void look() {
            T probe = (T) new Object();
            ResourceLeakTracker<T> tracker = track(probe);
            if (tracker != null) {
                tracker.close(probe);
            }
        }

        @Override
        protected boolean needReport() {
            return true;
        }

        @Override
        protected void reportTracedLeak(String resourceType, String records) {
            leaks.add(resourceType + " was garbage collected before it was released:" + records);
            super.reportTracedLeak(resourceType, records);
        }

        @Override
        protected void reportUntracedLeak(String resourceType) {
            leaks.add(resourceType + " was garbage collected before it was released (no records)");
            super.reportUntracedLeak(resourceType);
        }
    }
}
