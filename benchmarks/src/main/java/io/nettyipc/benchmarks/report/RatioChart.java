/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.report;

import io.nettyipc.benchmarks.contender.Contender;
import io.nettyipc.benchmarks.workload.Measure;
import io.nettyipc.benchmarks.workload.Topic;
import java.util.ArrayList;
import java.util.List;

/**
 * How many times better each contender is than the baseline, with the spread over the rounds; a panel for each topic.
 */
final class RatioChart {
    private static final int LABELS = 215;
    private static final int PANEL = 260;
    private static final int VALUE = 92;
    private static final int ROW = 24;
    /** What a tick's label takes. */
    private static final int LABEL = 26;

    private static final int TOP = 74;
    private static final int BOTTOM = 30;

    private final Run run;
    private final List<Topic> topics;
    private final List<Contender> contenders;

    RatioChart(Run run, List<Topic> topics) {
        this.run = run;
        this.topics = topics;
        contenders = run.contenders().stream()
                .filter(c -> topics.stream().anyMatch(t -> run.results().has(c, t)))
                .toList();
    }

    String draw() {
        int height = TOP + ROW * contenders.size() + BOTTOM;
        Svg svg = new Svg(
                LABELS + PANEL * topics.size(),
                height,
                "times better than " + run.baseline().label());
        svg.text(12, 24, "title", "start", "Times better than " + run.baseline().label());
        svg.text(
                12,
                44,
                "soft",
                "start",
                "median of the rounds and their spread; further right is better; hollow grey: no difference; *: it"
                        + " spins");
        for (int row = 0; row < contenders.size(); row++) {
            svg.text(12, TOP + ROW * row + ROW * 0.67, "", "start", run.label(contenders.get(row)));
        }
        for (int i = 0; i < topics.size(); i++) {
            drawPanel(svg, topics.get(i), LABELS + PANEL * i, height);
        }
        return svg.toString();
    }

    private void drawPanel(Svg svg, Topic topic, int left, int height) {
        Measure measure = topic.measures().get(0);
        double low = 0.8;
        double high = 1.25;
        for (Contender contender : contenders) {
            Ratio ratio = ratio(contender, topic);
            if (ratio != null) {
                low = Math.min(low, ratio.min());
                high = Math.max(high, ratio.max());
            }
        }
        LogScale x = new LogScale(low, high, left + 10.0, left + PANEL - VALUE);
        svg.text(left + 10.0, TOP - 10.0, "soft", "start", topic.title() + ", " + measure.title);
        int bottom = height - BOTTOM;
        for (double tick : x.ticks()) {
            svg.line(x.at(tick), TOP, x.at(tick), bottom, "grid");
        }
        for (double tick : labelled(x)) {
            svg.text(x.at(tick), bottom + 16.0, "soft", "middle", LogScale.label(tick));
        }
        svg.line(x.at(1), TOP, x.at(1), bottom, "axis");
        for (int row = 0; row < contenders.size(); row++) {
            drawRow(svg, contenders.get(row), topic, x, TOP + ROW * (row + 0.5), left + PANEL - VALUE + 8.0);
        }
    }

    /** Labels need more room than lines; 1 always has one. */
    private static List<Double> labelled(LogScale x) {
        List<Double> labelled = new ArrayList<>(List.of(1.0));
        for (double tick : x.ticks()) {
            if (labelled.stream().allMatch(other -> Math.abs(x.at(other) - x.at(tick)) >= LABEL)) {
                labelled.add(tick);
            }
        }
        return labelled;
    }

    private void drawRow(Svg svg, Contender contender, Topic topic, LogScale x, double y, double valueX) {
        Ratio ratio = ratio(contender, topic);
        if (ratio == null) {
            svg.text(valueX, y + 4, "soft", "start", contender == run.baseline() ? "baseline" : "not measured");
            return;
        }
        String tooltip = contender.label() + ": " + ratio;
        String colour = ratio.isUndecided() ? "var(--soft)" : Palette.colour(contender);
        svg.stroke(x.at(ratio.min()), y, x.at(ratio.max()), y, colour, 3, "none");
        svg.dot(x.at(ratio.median()), y, 5, colour, tooltip);
        if (ratio.isUndecided()) {
            svg.dot(x.at(ratio.median()), y, 3, "var(--page)", tooltip);
        }
        svg.text(
                valueX,
                y + 4,
                ratio.isUndecided() ? "soft" : "",
                "start",
                ratio.isUndecided() ? "no difference" : Numbers.format(ratio.median()) + "x");
    }

    private Ratio ratio(Contender contender, Topic topic) {
        return contender == run.baseline()
                ? null
                : run.results()
                        .ratio(
                                contender,
                                run.baseline(),
                                topic,
                                topic.measures().get(0));
    }
}
