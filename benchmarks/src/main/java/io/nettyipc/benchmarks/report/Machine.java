/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.report;

import io.netty.util.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.stream.Stream;

/**
 * What figures depend on besides the code.
 *
 * @param system     the operating system, with its kernel's version
 * @param processor  the processor's model, where the system tells it
 * @param processors how many the JVM may use
 * @param java       the JVM
 * @param netty      Netty's version
 * @param time       when the run ended
 */
public record Machine(String system, String processor, int processors, String java, String netty, String time) {
    /** This machine, now. */
    public static Machine current() {
        return new Machine(
                property("os.name") + ' ' + property("os.version") + ' ' + property("os.arch"),
                processorModel(),
                Runtime.getRuntime().availableProcessors(),
                property("java.vm.name") + ' ' + property("java.runtime.version"),
                Version.identify().get("netty-common").artifactVersion(),
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    }

    private static String property(String name) {
        return System.getProperty(name);
    }

    private static String processorModel() {
        Path info = Path.of("/proc/cpuinfo");
        if (Files.isReadable(info)) {
            try (Stream<String> lines = Files.lines(info)) {
                return lines.filter(line -> line.startsWith("model name"))
                        .map(line -> line.substring(line.indexOf(':') + 1).strip())
                        .findFirst()
                        .orElse("unknown processor");
            } catch (IOException e) {
                return "unknown processor";
            }
        }
        String windows = System.getenv("PROCESSOR_IDENTIFIER");
        return windows == null ? "unknown processor" : windows;
    }

    @Override
    public String toString() {
        return system + ", " + processors + " x " + processor + ", " + java + ", Netty " + netty;
    }
}
