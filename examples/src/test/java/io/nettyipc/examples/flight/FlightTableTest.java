/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.flight;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nettyipc.examples.ExampleProgram;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlightTableTest {
    private static final Map<String, String> JVM = Map.of(
            "JDK_JAVA_OPTIONS",
            "-XX:-PrintWarnings --add-opens=java.base/java.nio=ALL-UNNAMED -Dio.netty.noUnsafe=false");

    @ParameterizedTest
    @ValueSource(strings = {"npipe", "shm"})
    void aTableArrivesWholeFromAnotherProcess(String scheme) throws Exception {
        String target = scheme + ":flight-test-" + ProcessHandle.current().pid();
        try (ExampleProgram server = new ExampleProgram(JVM, FlightTableServer.class, target)) {
            server.awaitLine("Flight server on ");
            try (ExampleProgram client = new ExampleProgram(JVM, FlightTableClient.class, target, "1000000")) {
                String output = client.awaitEnd();
                assertTrue(output.contains("1000000 rows, sum 499999500000, "), output);
            }
        }
    }
}
