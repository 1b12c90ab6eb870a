/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.report;

import io.nettyipc.benchmarks.contender.Contender;
import io.nettyipc.benchmarks.workload.Measure;
import io.nettyipc.benchmarks.workload.Topic;
import java.util.List;

/** What one message costs: processor time, heap bytes and system calls, the client's and the server's end to end. */
final class CostChart {
    private static final int LABELS = 215;
    private static final int PANEL = 260;
    private static final int VALUE = 100;
    private static final int ROW = 24;
    private static final int TOP = 74;
    private static final int BOTTOM = 14;

    private final Run run;
    private final Topic topic;
    private final List<Contender> contenders;
    private final List<Cost> costs;

    CostChart(Run run, Topic topic) {
        this.run = run;
        this.topic = topic;
        contenders = run.contenders().stream()
                .filter(c -> run.results().has(c, topic))
                .toList();
        costs = Cost.measured(run.results(), topic);
    }

    String draw() {
        Svg svg = new Svg(
                LABELS + PANEL * costs.size(), TOP + ROW * contenders.size() + BOTTOM, "cost of " + topic.title());
        svg.text(12, 24, "title", "start", "Cost of one message: " + topic.title());
        svg.text(12, 44, "soft", "start", "client (dark) and server (light); medians; shorter is better");
        for (int row = 0; row < contenders.size(); row++) {
            svg.text(
                    12,
                    TOP + ROW * row + ROW * 0.67,
                    "",
                    "start",
                    contenders.get(row).label());
        }
        for (int i = 0; i < costs.size(); i++) {
            drawPanel(svg, costs.get(i), LABELS + PANEL * i);
        }
        return svg.toString();
    }

    private void drawPanel(Svg svg, Cost cost, int left) {
        svg.text(left, TOP - 10.0, "soft", "start", cost.description);
        double max = contenders.stream()
                .mapToDouble(c -> value(c, cost.client) + value(c, cost.server))
                .max()
                .orElse(1);
        double scale = max == 0 ? 0 : (PANEL - VALUE) / max;
        for (int row = 0; row < contenders.size(); row++) {
            Contender contender = contenders.get(row);
            double client = value(contender, cost.client);
            double server = value(contender, cost.server);
            double y = TOP + ROW * row;
            String colour = Palette.colour(contender);
            svg.bar(left, y + 5, client * scale, ROW - 10.0, colour, 1, "client: " + Numbers.format(client));
            svg.bar(
                    left + client * scale,
                    y + 5,
                    server * scale,
                    ROW - 10.0,
                    colour,
                    0.5,
                    "server: " + Numbers.format(server));
            svg.text(
                    left + (client + server) * scale + 6,
                    y + ROW * 0.67,
                    "soft",
                    "start",
                    Numbers.format(client) + " + " + Numbers.format(server));
        }
    }

    private double value(Contender contender, Measure measure) {
        double value = run.results().median(contender, topic, measure);
        return Double.isNaN(value) ? 0 : value;
    }
}
