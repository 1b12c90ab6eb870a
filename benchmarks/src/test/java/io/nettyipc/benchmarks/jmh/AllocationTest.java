/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.util.ResourceLeakDetector;
import io.nettyipc.benchmarks.contender.Contenders;
import java.util.Collection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** JMH's {@code -prof gc} shows that a message allocates nothing on the heap. */
class AllocationTest {
    /**
     * The smallest object has 16 bytes, so less than this is not one for each message, but what else goes on in the
     * JVM.
     */
    private static final double LESS_THAN_AN_OBJECT = 12;

    private ResourceLeakDetector.Level level;

    /** What records who touched a buffer allocates for that. */
    @BeforeEach
    void detectNoLeaks() {
        level = ResourceLeakDetector.getLevel();
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    }

    @AfterEach
    void detectLeaksAgain() {
        ResourceLeakDetector.setLevel(level);
    }

    @Test
    void theRingAllocatesNothing() throws RunnerException {
        assertAllocatesNothing(options(RingTransfer.class).param("size", "64"), 2, 500);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pipe", "shm-none", "shm-adaptive"})
    void aRoundTripAllocatesNothing(String contender) throws RunnerException {
        String unavailable = Contenders.byId(contender).unavailable();
        assumeTrue(unavailable == null, unavailable);
        assertAllocatesNothing(options(PipePingPong.class).param("contender", contender), 1, 2_000);
    }

    private static ChainedOptionsBuilder options(Class<?> benchmark) {
        return new OptionsBuilder()
                .include("^" + benchmark.getName().replace(".", "\\.") + "\\.")
                .addProfiler(GCProfiler.class)
                .forks(0)
                .warmupIterations(2)
                .warmupTime(TimeValue.milliseconds(300))
                .measurementIterations(1)
                .verbosity(VerboseMode.SILENT);
    }

    /**
     * JMH allocates some hundred KiB in each iteration, which has to be little for each operation: it must take so
     * long.
     */
    private static void assertAllocatesNothing(ChainedOptionsBuilder options, int benchmarks, int millis)
            throws RunnerException {
        options.measurementTime(TimeValue.milliseconds(millis));
        Collection<RunResult> results = new Runner(options.build()).run();
        assertEquals(benchmarks, results.size());
        for (RunResult result : results) {
            double bytes =
                    result.getSecondaryResults().get("gc.alloc.rate.norm").getScore();
            assertTrue(
                    bytes < LESS_THAN_AN_OBJECT,
                    () -> result.getParams().getBenchmark() + " allocates " + bytes + " bytes each time");
        }
    }
}
