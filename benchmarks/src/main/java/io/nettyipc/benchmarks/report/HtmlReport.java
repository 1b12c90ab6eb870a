/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.report;

import io.nettyipc.benchmarks.contender.Contender;
import io.nettyipc.benchmarks.workload.Measure;
import io.nettyipc.benchmarks.workload.Topic;
import java.util.List;
import java.util.Map;

/** One page with all charts and tables that needs nothing else: no script, no network. */
final class HtmlReport {
    private static final String STYLE = """
            :root{color-scheme:light dark;--ink:#1f2328;--soft:#59636e;--grid:#d8dee4;--page:#ffffff;--band:#f6f8fa}
            @media(prefers-color-scheme:dark){
            :root{--ink:#e6edf3;--soft:#9198a1;--grid:#30363d;--page:#0d1117;--band:#151b23}}
            body{margin:0 auto;max-width:1100px;padding:24px 20px 60px;background:var(--page);color:var(--ink);\
            font:15px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif}
            h1{font-size:26px;margin:0 0 4px}h2{font-size:19px;margin:36px 0 8px}
            p,li{max-width:75ch}.soft{color:var(--soft)}
            .chart{overflow-x:auto;margin:12px 0}.chart svg{max-width:100%;height:auto}
            .table{overflow-x:auto;margin:10px 0 26px}
            table{border-collapse:collapse;font-size:13px;font-variant-numeric:tabular-nums;white-space:nowrap}
            caption{text-align:left;font-weight:600;padding:4px 0}
            th,td{padding:4px 10px;text-align:right;border-bottom:1px solid var(--grid)}
            th:first-child,td:first-child{text-align:left}thead th{color:var(--soft);font-weight:600}
            tbody tr:nth-child(even){background:var(--band)}td.none{text-align:left;color:var(--soft)}
            """;

    private final Run run;
    private final Map<String, String> charts;

    HtmlReport(Run run, Map<String, String> charts) {
        this.run = run;
        this.charts = charts;
    }

    String write() {
        StringBuilder page = new StringBuilder();
        page.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
                .append("<title>Netty IPC: comparison</title>\n<style>\n")
                .append(STYLE)
                .append("</style>\n</head>\n<body>\n<h1>Ways between two processes</h1>\n<p class=\"soft\">")
                .append(Svg.escape(run.conditions()))
                .append("<br>")
                .append(Svg.escape(run.machine().time()))
                .append("</p>\n");
        page.append("<p>Two JVMs for each contender, one event loop each, in turns within every round. Compare ratios,"
                + " never times from different runs: times say as much about the machine as about the code. A ratio"
                + " whose rounds disagree about who is better is called <em>no difference</em>.</p>\n");
        charts.forEach((name, svg) -> page.append("<div class=\"chart\" id=\"")
                .append(name)
                .append("\">")
                .append(svg)
                .append("</div>\n"));
        page.append("<h2>All figures</h2>\n");
        page.append("<p>Medians of the rounds. <em>Ratio</em> is how many times better the first figure is"
                        + " than that of ")
                .append(Svg.escape(run.baseline().label()))
                .append(". *: it spins: its loops look for messages instead of being woken, and take a core each,"
                        + " always or while messages come. CPU (us), heap (bytes) and system calls are per message,"
                        + " client / server.")
                .append(
                        run.systemCalls() == null
                                ? ""
                                : " System calls were not measured: " + Svg.escape(run.systemCalls()) + ".")
                .append("</p>\n");
        run.topics().forEach(topic -> writeTable(page, topic));
        Contrasts.of(run).forEach((title, ratios) -> writeContrast(page, title, ratios));
        return page.append("</body>\n</html>\n").toString();
    }

    private void writeTable(StringBuilder page, Topic topic) {
        List<Cost> costs = Cost.measured(run.results(), topic);
        page.append("<div class=\"table\"><table><caption>")
                .append(Svg.escape(topic.title()))
                .append("</caption>\n<thead><tr><th></th>");
        for (Measure measure : topic.measures()) {
            page.append("<th>")
                    .append(measure.title)
                    .append(' ')
                    .append(measure.unit)
                    .append("</th>");
        }
        page.append("<th>ratio</th>");
        costs.forEach(cost -> page.append("<th>").append(cost.title).append("</th>"));
        page.append("</tr></thead>\n<tbody>\n");
        for (Contender contender : run.contenders()) {
            page.append("<tr><td>").append(Svg.escape(run.label(contender))).append("</td>");
            String missing = run.missing(contender, topic);
            if (missing == null) {
                writeFigures(page, contender, topic, costs);
            } else {
                page.append("<td class=\"none\" colspan=\"")
                        .append(topic.measures().size() + 1 + costs.size())
                        .append("\">not measured: ")
                        .append(Svg.escape(missing))
                        .append("</td>");
            }
            page.append("</tr>\n");
        }
        page.append("</tbody></table></div>\n");
    }

    private void writeContrast(StringBuilder page, String title, Map<Contender, Ratio> ratios) {
        page.append("<div class=\"table\"><table><caption>")
                .append(Svg.escape(title))
                .append("</caption>\n<tbody>\n");
        ratios.forEach((contender, ratio) -> page.append("<tr><td>")
                .append(Svg.escape(run.label(contender)))
                .append("</td><td>")
                .append(ratio)
                .append("</td></tr>\n"));
        page.append("</tbody></table></div>\n");
    }

    private void writeFigures(StringBuilder page, Contender contender, Topic topic, List<Cost> costs) {
        Results results = run.results();
        for (Measure measure : topic.measures()) {
            page.append("<td>")
                    .append(Numbers.format(results.median(contender, topic, measure)))
                    .append("</td>");
        }
        Ratio ratio =
                results.ratio(contender, run.baseline(), topic, topic.measures().get(0));
        page.append("<td>")
                .append(contender == run.baseline() ? "baseline" : ratio == null ? "-" : ratio)
                .append("</td>");
        for (Cost cost : costs) {
            page.append("<td>")
                    .append(Numbers.format(results.median(contender, topic, cost.client)))
                    .append(" / ")
                    .append(Numbers.format(results.median(contender, topic, cost.server)))
                    .append("</td>");
        }
    }
}
