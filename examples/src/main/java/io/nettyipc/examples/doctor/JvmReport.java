/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.doctor;

import io.netty.util.Version;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The JVM, the versions of Netty, and the options that matter to the transports. */
final class JvmReport {

    private JvmReport() {}

    static void print(Doctor.Report report) {
        report.line(
                "Java",
                System.getProperty("java.vm.name") + ' ' + System.getProperty("java.vm.version") + ", "
                        + System.getProperty("java.vendor"));
        report.line(
                "system",
                System.getProperty("os.name") + ' ' + System.getProperty("os.version") + ", "
                        + System.getProperty("os.arch") + ", "
                        + Runtime.getRuntime().availableProcessors() + " processors for this process");
        report.line("heap", mebibytes(Runtime.getRuntime().maxMemory()) + " at most");
        netty(report);
        List<String> options = new ArrayList<>();
        for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (matters(option)) {
                options.add(option);
            }
        }
        report.line("options", options.isEmpty() ? "none that matter here" : String.join(" ", options));
    }

    private static void netty(Doctor.Report report) {
        Map<String, List<String>> modules = new TreeMap<>();
        Version.identify()
                .forEach((module, version) -> modules.computeIfAbsent(
                                version.artifactVersion(), key -> new ArrayList<>())
                        .add(module));
        if (modules.isEmpty()) {
            report.line("Netty", "of an unknown version: its jars don't say");
        } else if (modules.size() == 1) {
            report.line("Netty", modules.keySet().iterator().next());
        } else {
            report.line("Netty", "of several versions, which do not go together: " + modules);
        }
    }

    private static boolean matters(String option) {
        return option.contains("native-access")
                || option.contains("unsafe")
                || option.contains("add-opens")
                || option.startsWith("-Dio.netty")
                || option.startsWith("-Djna")
                || option.startsWith("-Djava.io.tmpdir")
                || option.startsWith("-XX:ActiveProcessorCount")
                || option.startsWith("-XX:MaxDirectMemorySize");
    }

    static String mebibytes(long bytes) {
        return bytes == Long.MAX_VALUE ? "no limit" : (bytes >> 20) + " MiB";
    }
}
