/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.ring;

import io.nettyipc.base.testing.ChildJvm;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.Options;
import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.TestInfo;
import org.openjdk.jcstress.infra.collectors.TestResult;
import org.openjdk.jcstress.infra.runners.ForkedTestConfig;
import org.openjdk.jcstress.infra.runners.Runner;
import org.openjdk.jcstress.infra.runners.TestConfig;
import org.openjdk.jcstress.infra.runners.TestList;
import org.openjdk.jcstress.os.AffinityMode;
import org.openjdk.jcstress.os.AffinitySupport;
import org.openjdk.jcstress.os.NodeType;
import org.openjdk.jcstress.os.SchedulingClass;
import org.openjdk.jcstress.vm.CompileMode;

/**
 * Runs jcstress tests in this JVM, as the JVMs that jcstress starts do. It is told lines of how many milliseconds and
 * which test, and answers "passed" or not, and what was seen.
 */
final class RingStressProgram {
    private RingStressProgram() {}

    /** Whether each actor can be given a processor of its own. */
    private static boolean choosesProcessors() {
        return CompletableFuture.runAsync(
                        () -> {
                            AffinitySupport.bind(0);
                            AffinitySupport.bind(1);
                        },
                        task -> new Thread(task).start())
                // On other systems, or in a container that has others.
                .handle((bound, failure) -> failure == null)
                .join();
    }

    public static void main(String... arguments) throws Exception {
        boolean pinned = choosesProcessors();
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.split(" ", 2);
            ChildJvm.answer(verdict(run(words[0], TestList.getInfo(words[1]), pinned)));
        }
    }

    private static TestResult run(String millis, TestInfo test, boolean pinned) throws Exception {
        Options options = new Options(new String[] {
            "-time",
            millis,
            "-iters",
            "1",
            "-strideSize",
            String.valueOf(StressedRing.STRIDE_SIZE),
            "-strideCount",
            String.valueOf(StressedRing.STRIDES)
        });
        options.parse();
        SchedulingClass anywhere = new SchedulingClass(AffinityMode.NONE, test.threads(), NodeType.PACKAGE);
        TestConfig config = new TestConfig(options, test, 0, List.of(), CompileMode.UNIFIED, anywhere);
        ForkedTestConfig here = new ForkedTestConfig(config);
        here.localAffinity = pinned;
        here.localAffinityMap = new int[] {0, 1};
        TestResult result = Class.forName(config.generatedRunnerName)
                .asSubclass(Runner.class)
                .getConstructor(ForkedTestConfig.class)
                .newInstance(here)
                .run();
        result.setConfig(config);
        return result;
    }

    private static String verdict(TestResult result) {
        StringBuilder seen = new StringBuilder();
        if (result.status() != Status.NORMAL) {
            seen.append(result.status());
        } else if (!result.grading().isPassed) {
            seen.append("saw what is forbidden");
        } else if (result.getStateKeys().size() < 2) {
            seen.append("tested nothing: the two never met");
        } else {
            seen.append("passed");
        }
        seen.append(": ").append(result.getName());
        result.getMessages().forEach(message -> seen.append("; ").append(message));
        result.grading()
                .gradingResults
                .values()
                .forEach(outcome -> seen.append(String.format(
                        "; %s %,d times, %s, %s", outcome.id, outcome.count, outcome.expect, outcome.description)));
        return seen.toString();
    }
}
