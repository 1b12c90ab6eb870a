/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.nettyipc.benchmarks.contender.Contender;
import io.nettyipc.benchmarks.contender.Contenders;
import io.nettyipc.benchmarks.workload.Measure;
import io.nettyipc.benchmarks.workload.Topic;
import io.nettyipc.benchmarks.workload.Workloads;
import java.util.List;
import org.junit.jupiter.api.Test;

class RatioTest {
    private final Results results = new Results();
    private final Contender tcp = Contenders.byId("tcp-nio");
    private final Contender local = Contenders.byId("local");
    private final Topic topic =
            new Workloads(null).byIds(List.of("round-trip-64")).get(0);

    private void add(Contender contender, Measure measure, double... rounds) {
        for (double value : rounds) {
            results.add(contender, topic, measure, value);
        }
    }

    @Test
    void aRatioIsTakenWithinEachRound() {
        add(tcp, Measure.P50, 10, 100, 1000);
        add(local, Measure.P50, 5, 25, 500);
        assertEquals(
                "2.00x (2.00..4.00)",
                results.ratio(local, tcp, topic, Measure.P50).toString());
    }

    @Test
    void moreIsBetterForARate() {
        add(tcp, Measure.BYTES, 100, 100, 100);
        add(local, Measure.BYTES, 50, 40, 25);
        assertEquals(
                "0.40x (0.25..0.50)",
                results.ratio(local, tcp, topic, Measure.BYTES).toString());
    }

    @Test
    void roundsThatDisagreeShowNoDifference() {
        add(tcp, Measure.P50, 10, 10, 10);
        add(local, Measure.P50, 5, 5, 11);
        assertEquals(
                "no difference (0.91..2.00)",
                results.ratio(local, tcp, topic, Measure.P50).toString());
    }

    @Test
    void whatWasNotMeasuredHasNoRatio() {
        add(tcp, Measure.P50, 10);
        assertNull(results.ratio(local, tcp, topic, Measure.P50));
    }
}
