/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.report;

import io.nettyipc.benchmarks.contender.Contender;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Lines over a few evenly spaced places, on a logarithmic axis, with a legend in the lines' own order. */
final class LineChart {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 400;
    private static final int LEFT = 60;
    private static final int RIGHT = 640;
    private static final int TOP = 66;
    private static final int BOTTOM = 350;

    private final String title;
    private final String unit;
    private final List<String> places;
    private final List<Line> lines = new ArrayList<>();

    /** A contender's values, one for each place; NaN where there is none. */
    private record Line(Contender contender, List<Double> values) {
        double last() {
            return values.stream().filter(v -> !v.isNaN()).reduce(Double.NaN, (a, b) -> b);
        }
    }

    LineChart(String title, String unit, List<String> places) {
        this.title = title;
        this.unit = unit;
        this.places = places;
    }

    /** Adds a line, unless it has no value at all. */
    void add(Contender contender, List<Double> values) {
        Line line = new Line(contender, values);
        if (!Double.isNaN(line.last())) {
            lines.add(line);
        }
    }

    boolean isEmpty() {
        return lines.isEmpty();
    }

    String draw() {
        Svg svg = new Svg(WIDTH, HEIGHT, title);
        svg.text(12, 24, "title", "start", title);
        svg.text(12, 44, "soft", "start", unit + ", logarithmic");
        double low = Double.POSITIVE_INFINITY;
        double high = 0;
        for (Line line : lines) {
            for (double value : line.values) {
                if (value > 0) {
                    low = Math.min(low, value);
                    high = Math.max(high, value);
                }
            }
        }
        LogScale y = new LogScale(low / 1.1, high * 1.1, BOTTOM, TOP);
        for (double tick : y.ticks()) {
            svg.line(LEFT, y.at(tick), RIGHT, y.at(tick), "grid");
            svg.text(LEFT - 8.0, y.at(tick) + 4, "soft", "end", LogScale.label(tick));
        }
        for (int i = 0; i < places.size(); i++) {
            svg.text(x(i), BOTTOM + 20.0, "soft", "middle", places.get(i));
        }
        svg.line(LEFT, BOTTOM, RIGHT, BOTTOM, "axis");
        lines.forEach(line -> draw(svg, line, y));
        drawLegend(svg);
        return svg.toString();
    }

    private double x(int place) {
        double step = (RIGHT - LEFT - 40.0) / Math.max(1, places.size() - 1);
        return LEFT + 20 + step * place;
    }

    private void draw(Svg svg, Line line, LogScale y) {
        String colour = Palette.colour(line.contender);
        StringBuilder points = new StringBuilder();
        for (int i = 0; i < line.values.size(); i++) {
            if (line.values.get(i) > 0) {
                points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(i), y.at(line.values.get(i))));
            }
        }
        svg.polyline(points.toString(), colour, Palette.dash(line.contender), line.contender.label());
        for (int i = 0; i < line.values.size(); i++) {
            if (line.values.get(i) > 0) {
                svg.dot(
                        x(i),
                        y.at(line.values.get(i)),
                        3.5,
                        colour,
                        line.contender.label() + ", " + places.get(i) + ": " + Numbers.format(line.values.get(i)) + ' '
                                + unit);
            }
        }
    }

    /** The topmost line comes first. */
    private void drawLegend(Svg svg) {
        List<Line> order = new ArrayList<>(lines);
        order.sort((a, b) -> Double.compare(b.last(), a.last()));
        double y = TOP + 6;
        for (Line line : order) {
            svg.stroke(
                    RIGHT + 14.0,
                    y - 4,
                    RIGHT + 42.0,
                    y - 4,
                    Palette.colour(line.contender),
                    2.5,
                    Palette.dash(line.contender));
            svg.text(RIGHT + 50.0, y, "", "start", line.contender.label());
            y += 21;
        }
    }
}
