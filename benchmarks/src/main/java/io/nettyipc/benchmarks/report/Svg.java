/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.report;

import java.util.Locale;

/**
 * An SVG picture under construction. It brings its own colours, light and dark, so that it can stand alone in a page or
 * in a README.
 */
final class Svg {
    /** Grey text and lines, and a colour for each family of contenders; see {@link Palette}. */
    static final String STYLE = """
            svg{--ink:#1f2328;--soft:#59636e;--grid:#d8dee4;--page:#ffffff;\
            --tcp:#2a78d6;--unix:#1a7f45;--pipe:#d9480f;--shm:#7b4bd1;--aeron:#a07200;--other:#6b7280;\
            font-family:system-ui,-apple-system,'Segoe UI',sans-serif;font-size:12px}
            @media(prefers-color-scheme:dark){svg{--ink:#e6edf3;--soft:#9198a1;--grid:#30363d;--page:#0d1117;\
            --tcp:#539bf5;--unix:#3fb968;--pipe:#f0883e;--shm:#b392f0;--aeron:#d8a520;--other:#9ca3af}}
            svg text{fill:var(--ink)}svg .soft{fill:var(--soft)}svg .title{font-size:14px;font-weight:600}
            svg .grid{stroke:var(--grid);stroke-width:1}svg .axis{stroke:var(--soft);stroke-width:1}
            svg .page{fill:var(--page)}
            """;

    private final StringBuilder body = new StringBuilder();
    private final int width;
    private final int height;

    Svg(int width, int height, String description) {
        this.width = width;
        this.height = height;
        body.append("<title>").append(escape(description)).append("</title>\n");
        body.append("<rect class=\"page\" width=\"")
                .append(width)
                .append("\" height=\"")
                .append(height)
                .append("\"/>\n");
    }

    /** {@code anchor} is start, middle or end. */
    void text(double x, double y, String styleClass, String anchor, String text) {
        body.append(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" class=\"%s\" text-anchor=\"%s\">%s</text>%n",
                x,
                y,
                styleClass,
                anchor,
                escape(text)));
    }

    void line(double x1, double y1, double x2, double y2, String styleClass) {
        body.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" class=\"%s\"/>%n",
                x1,
                y1,
                x2,
                y2,
                styleClass));
    }

    /** A line in a contender's colour. */
    void stroke(double x1, double y1, double x2, double y2, String colour, double strokeWidth, String dash) {
        body.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\" stroke-width=\"%.1f\""
                        + " stroke-dasharray=\"%s\"/>%n",
                x1,
                y1,
                x2,
                y2,
                colour,
                strokeWidth,
                dash));
    }

    void polyline(String points, String colour, String dash, String tooltip) {
        body.append("<polyline fill=\"none\" stroke-width=\"2\" stroke-linejoin=\"round\" stroke=\"")
                .append(colour)
                .append("\" stroke-dasharray=\"")
                .append(dash)
                .append("\" points=\"")
                .append(points.strip())
                .append("\"><title>")
                .append(escape(tooltip))
                .append("</title></polyline>\n");
    }

    void dot(double x, double y, double radius, String colour, String tooltip) {
        body.append(String.format(
                Locale.ROOT,
                "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"%s\"><title>%s</title></circle>%n",
                x,
                y,
                radius,
                colour,
                escape(tooltip)));
    }

    void bar(double x, double y, double width, double height, String colour, double opacity, String tooltip) {
        body.append(String.format(
                Locale.ROOT,
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\" fill-opacity=\"%.2f\">"
                        + "<title>%s</title></rect>%n",
                x,
                y,
                Math.max(width, 0.5),
                height,
                colour,
                opacity,
                escape(tooltip)));
    }

    /** The picture, to be a file or a part of a page. */
    @Override
    public String toString() {
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + width + ' ' + height + "\" width=\"" + width
                + "\" height=\"" + height + "\" role=\"img\">\n<style>" + STYLE + "</style>\n" + body + "</svg>\n";
    }

    /** Makes text of anything, in XML and HTML. */
    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
