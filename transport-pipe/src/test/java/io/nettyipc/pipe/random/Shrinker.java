/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.random;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Leaves out of a script that fails what it fails without. */
final class Shrinker {

    private static final long MAX_SECONDS = 60;
    /** A failure that needs luck gets so many chances. */
    private static final int TRIES = 3;

    private static final int PATIENCE_SECONDS = 4;

    private final ChannelPairs pairs;
    private final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(MAX_SECONDS);
    private Script smallest;
    private List<String> findings;

    Shrinker(ChannelPairs pairs, Script script, List<String> findings) {
        this.pairs = pairs;
        smallest = script;
        this.findings = findings;
    }

    /** Returns the smallest script that was found to fail, with what was wrong. */
    String shrink() throws Exception {
        while (withoutAStep() || withoutAnOperation()) {
            // The next one may be possible now.
        }
        return smallest + "\n" + String.join("\n", findings);
    }

    private boolean withoutAStep() throws Exception {
        for (int i = smallest.steps().size() - 1; i >= 0; i--) {
            List<Step> fewer = new ArrayList<>(smallest.steps());
            fewer.remove(i);
            if (stillFails(fewer)) {
                return true;
            }
        }
        return false;
    }

    private boolean withoutAnOperation() throws Exception {
        for (int i = 0; i < smallest.steps().size(); i++) {
            Step step = smallest.steps().get(i);
            for (int j = step.operations().size() - 1;
                    j >= 0 && step.operations().size() > 1;
                    j--) {
                List<Operation> fewer = new ArrayList<>(step.operations());
                fewer.remove(j);
                List<Step> steps = new ArrayList<>(smallest.steps());
                steps.set(i, new Step(step.end(), step.onLoop(), fewer));
                if (stillFails(steps)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean stillFails(List<Step> steps) throws Exception {
        Script candidate = smallest.with(List.copyOf(steps));
        for (int i = 0; i < TRIES && System.nanoTime() < deadline; i++) {
            List<String> seen = ScriptRun.play(candidate, pairs, PATIENCE_SECONDS);
            if (!seen.isEmpty()) {
                smallest = candidate;
                findings = seen;
                return true;
            }
        }
        return false;
    }
}
