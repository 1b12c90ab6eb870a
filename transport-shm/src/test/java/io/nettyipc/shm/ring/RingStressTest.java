/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nettyipc.base.testing.TestSize;
import io.nettyipc.shm.lease.LeaseStress;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jcstress.Main;
import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.collectors.DiskReadCollector;
import org.openjdk.jcstress.infra.collectors.TestResult;

/**
 * Runs the jcstress tests of the ring and of leases, each for a short time in a JVM of its own, and fails where one saw
 * what is forbidden, or too little to have tested anything. The report is in {@code target/jcstress}.
 *
 * <p>They show only what the processor at hand reorders: on x86-64, a store and a later load. Without the full fence of
 * {@link WaitEpoch} or that of {@link PeerEpoch}, those of {@link RingWakeStress} fail there.
 *
 * <p>{@code -Dnettyipc.test.millis} sets how long each test runs.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "shows nothing of the ring that Linux does not")
class RingStressTest {

    private static final int MILLIS = Integer.getInteger("nettyipc.test.millis", TestSize.of(500, 20_000));
    private static final Map<String, List<TestResult>> RESULTS = new TreeMap<>();
    private static int exitCode;

    static List<Class<?>> tests() {
        return List.of(
                RingStreamStress.LongMessage.class,
                RingStreamStress.OneMessage.class,
                RingStreamStress.TwoMessages.class,
                RingStreamStress.Overwritten.class,
                RingStreamStress.End.class,
                RingStreamStress.WrapAround.class,
                RingStreamStress.FullRing.class,
                RingStreamStress.Growth.class,
                RingWakeStress.SleepForData.class,
                RingWakeStress.SleepForEnd.class,
                RingWakeStress.SleepForSpace.class,
                RingWakeStress.OneRingForData.class,
                RingWakeStress.OneRingForSpace.class,
                RingWakeStress.SleepAgain.class,
                LeaseStress.HandOver.class,
                LeaseStress.Return.class,
                LeaseStress.Reuse.class);
    }

    @BeforeAll
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    static void run() throws Exception {
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "needs two processors");
        Path directory = emptyDirectory();
        Process jcstress = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        // jcstress gives these options to the tests' JVMs too.
                        "--enable-native-access=ALL-UNNAMED",
                        "-Djava.io.tmpdir=" + directory,
                        "-Djna.tmpdir=" + directory,
                        "-Dio.netty.leakDetection.level=disabled",
                        "-cp",
                        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                                .collect(Collectors.joining(File.pathSeparator)),
                        Main.class.getName(),
                        "-r",
                        directory.resolve("report").toString(),
                        "-time",
                        String.valueOf(MILLIS),
                        "-iters",
                        "1",
                        "-strideSize",
                        String.valueOf(StressedRing.STRIDE_SIZE),
                        "-strideCount",
                        String.valueOf(StressedRing.STRIDES),
                        // Each test in one JVM that goes through the interpreter and both compilers, instead of in
                        // dozens
                        // for every combination of them. The compiler is to move instructions as far as it may.
                        "-sc",
                        "false",
                        "-jvmArgs",
                        "-XX:+StressLCM -XX:+StressGCM -XX:-RestrictContended")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output.txt").toFile())
                .start();
        try {
            exitCode = jcstress.waitFor();
        } finally {
            jcstress.descendants().forEach(ProcessHandle::destroyForcibly);
            jcstress.destroyForcibly();
        }
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file :
                    files.filter(file -> file.toString().endsWith(".bin.gz")).toList()) {
                DiskReadCollector reader = new DiskReadCollector(
                        file.toString(),
                        result -> RESULTS.computeIfAbsent(result.getName(), name -> new ArrayList<>())
                                .add(result));
                reader.dump();
                reader.close();
            }
        }
    }

    /** Below {@code target}, whatever the current directory is. */
    private static Path emptyDirectory() throws IOException, URISyntaxException {
        Path classes = Path.of(RingStressTest.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Path directory = classes.resolveSibling("jcstress");
        if (Files.exists(directory)) {
            try (Stream<Path> files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder()).forEach(file -> {
                    try {
                        Files.delete(file);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
            }
        }
        return Files.createDirectory(directory);
    }

    @Test
    void everyTestRan() {
        assertEquals(new TreeSet<>(tests().stream().map(Class::getCanonicalName).toList()), RESULTS.keySet());
        assertEquals(0, exitCode, "jcstress's exit code; see target/jcstress/output.txt");
    }

    @ParameterizedTest
    @MethodSource("tests")
    void nothingForbiddenIsSeen(Class<?> test) {
        // Two on JDK 17: with biased locking and without.
        List<TestResult> results = RESULTS.getOrDefault(test.getCanonicalName(), List.of());
        assertFalse(results.isEmpty(), "did not run");
        for (TestResult result : results) {
            String seen = describe(result);
            System.out.println(seen);
            assertEquals(Status.NORMAL, result.status(), seen);
            assertTrue(result.grading().isPassed, seen);
            assertTrue(result.getStateKeys().size() > 1, () -> "the two never met: nothing was tested\n" + seen);
        }
    }

    private static String describe(TestResult result) {
        StringBuilder seen = new StringBuilder(result.getName() + ": " + result.status());
        result.getMessages().forEach(message -> seen.append("\n  ").append(message));
        result.grading()
                .gradingResults
                .values()
                .forEach(outcome -> seen.append(String.format(
                        "\n  %-28s%,12d  %s, %s", outcome.id, outcome.count, outcome.expect, outcome.description)));
        return seen.toString();
    }
}
