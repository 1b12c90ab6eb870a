/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.report;

import io.nettyipc.benchmarks.contender.Contender;
import io.nettyipc.benchmarks.workload.Topic;
import java.util.List;

/**
 * A finished comparison: all that reports are made of.
 *
 * @param machine     where it ran
 * @param contenders  those asked for, the unavailable ones included
 * @param baseline    the one that others are compared with
 * @param rounds      how many rounds counted
 * @param busy        how many other processes kept a processor busy
 * @param slow        how many of the slices began while something else slowed the processors down, in percent
 * @param systemCalls why system calls were not counted, or null
 */
public record Run(
        Machine machine,
        List<Contender> contenders,
        List<Topic> topics,
        Contender baseline,
        int rounds,
        int busy,
        int slow,
        String systemCalls,
        Results results) {

    /** The machine and what else was going on, for headings. */
    public String conditions() {
        return machine + "; rounds: " + rounds
                + (busy == 0 ? "" : "; other processes that keep a processor busy: " + busy)
                + (slow == 0
                        ? ""
                        : "; slices that began while something else slowed the processors down: " + slow + " %");
    }

    /** Its label, with a star if it spins. */
    String label(Contender contender) {
        return contender.label() + (contender.spins() ? " *" : "");
    }

    /** Why there are no figures of this pair, or null. */
    public String missing(Contender contender, Topic topic) {
        return contender.unavailable() != null ? contender.unavailable() : contender.unsupported(topic);
    }
}
