/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.report;

import io.nettyipc.benchmarks.contender.Contender;
import io.nettyipc.benchmarks.workload.Measure;
import io.nettyipc.benchmarks.workload.Topic;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All figures of all rounds, for other programs. */
final class JsonReport {
    private final Run run;

    JsonReport(Run run) {
        this.run = run;
    }

    String write() {
        Machine machine = run.machine();
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("system", machine.system());
        root.put("processor", machine.processor());
        root.put("processors", machine.processors());
        root.put("java", machine.java());
        root.put("netty", machine.netty());
        root.put("time", machine.time());
        root.put("rounds", run.rounds());
        root.put("busyProcesses", run.busy());
        root.put("slowSlicesPercent", run.slow());
        root.put("baseline", run.baseline().id());
        root.put("systemCallsNotMeasured", run.systemCalls());
        root.put("contenders", run.contenders().stream().map(this::contender).toList());
        root.put("topics", run.topics().stream().map(this::topic).toList());
        return Json.write(root) + '\n';
    }

    private Map<String, Object> contender(Contender contender) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", contender.id());
        json.put("label", contender.label());
        json.put("unavailable", contender.unavailable());
        return json;
    }

    private Map<String, Object> topic(Topic topic) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", topic.id());
        json.put("title", topic.title());
        json.put("measures", topic.measures().stream().map(Measure::id).toList());
        json.put("results", run.contenders().stream().map(c -> result(c, topic)).toList());
        return json;
    }

    private Map<String, Object> result(Contender contender, Topic topic) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("contender", contender.id());
        json.put("notMeasured", run.missing(contender, topic));
        Map<String, Object> figures = new LinkedHashMap<>();
        for (Measure measure : Measure.values()) {
            double[] values = run.results().values(contender, topic, measure);
            if (values.length > 0) {
                figures.put(measure.id(), figure(contender, topic, measure, values));
            }
        }
        json.put("figures", figures);
        return json;
    }

    private Map<String, Object> figure(Contender contender, Topic topic, Measure measure, double[] values) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("unit", measure.unit);
        json.put("median", run.results().median(contender, topic, measure));
        json.put("rounds", Arrays.stream(values).boxed().toList());
        Ratio ratio = run.results().ratio(contender, run.baseline(), topic, measure);
        if (ratio != null && contender != run.baseline() && Double.isFinite(ratio.max())) {
            json.put("timesBetter", List.of(ratio.median(), ratio.min(), ratio.max()));
            json.put("noDifference", ratio.isUndecided());
        }
        return json;
    }
}
