/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.process;

import io.nettyipc.benchmarks.transport.Counters;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/** This JVM's just-in-time compilers. */
public final class Compilers {
    private static final CompilationMXBean COMPILATION = ManagementFactory.getCompilationMXBean();
    /** Twice the resolution of {@link Counters#processCpuNanos} on JDK 17: whoever works meanwhile is seen. */
    private static final long LOOK_MILLIS = 20;

    private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS) / 4;
    private static final int MAX_LOOKS = 50;

    private static long millisBefore;

    private Compilers() {}

    /**
     * Lets them finish what they have to do, while nothing that is measured runs in this process. Beside threads that
     * spin on every processor they get little time, and slow code would be measured for long.
     *
     * @return how long they have worked since the last call, in milliseconds
     */
    public static long settle() throws InterruptedException {
        long before = Counters.processCpuNanos();
        for (int look = 0; look < MAX_LOOKS; look++) {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            long now = Counters.processCpuNanos();
            if (now - before < QUIET_NANOS) {
                break;
            }
            before = now;
        }
        long millis = COMPILATION.getTotalCompilationTime();
        long worked = millis - millisBefore;
        millisBefore = millis;
        return worked;
    }
}
