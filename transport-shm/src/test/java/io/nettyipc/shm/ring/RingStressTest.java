/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.ring;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nettyipc.base.testing.ChildJvm;
import io.nettyipc.base.testing.TestSize;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jcstress.infra.runners.TestList;

/**
 * Runs the jcstress tests of the ring and of leases, each for a short time, and fails where one saw what is forbidden,
 * or too little to have tested anything. A JVM runs them until it has done so for {@link #MILLIS_OF_A_JVM}.
 *
 * <p>They show only what the processor at hand reorders: on x86-64, a store and a later load. Without the full fence of
 * {@link WaitEpoch} or that of {@link PeerEpoch}, those of {@link RingWakeStress} fail there.
 *
 * <p>{@code -Dnettyipc.test.millis} sets how long each test runs.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "shows nothing of the ring that Linux does not")
class RingStressTest {
    private static final int MILLIS = Integer.getInteger("nettyipc.test.millis", TestSize.of(500, 20_000));
    private static final int MILLIS_OF_A_JVM = 10_000;

    private static ChildJvm jvm;
    private static int millisLeft;

    static Collection<String> tests() {
        return TestList.tests();
    }

    @AfterAll
    static void end() {
        if (jvm != null) {
            jvm.close();
            jvm = null;
        }
        millisLeft = 0;
    }

    @ParameterizedTest
    @MethodSource("tests")
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void nothingForbiddenIsSeen(String test) throws Exception {
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "needs two processors");
        int millis;
        for (int left = MILLIS; left > 0; left -= millis) {
            millis = Math.min(left, MILLIS_OF_A_JVM);
            if (millisLeft < millis) {
                start();
            }
            millisLeft -= millis;
            jvm.tell(millis + " " + test);

            String seen = jvm.answer();

            System.out.println(seen);
            assertTrue(seen.startsWith("passed: "), seen);
        }
    }

    /** The JVM goes through the interpreter and both compilers, which are to move instructions as far as they may. */
    private static void start() throws IOException {
        end();
        jvm = ChildJvm.withOptions(
                List.of(
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=4",
                        "-XX:+UnlockDiagnosticVMOptions",
                        "-XX:+StressLCM",
                        "-XX:+StressGCM",
                        "-XX:-RestrictContended",
                        "-Dio.netty.leakDetection.level=disabled"),
                RingStressProgram.class);
        millisLeft = MILLIS_OF_A_JVM;
    }
}
