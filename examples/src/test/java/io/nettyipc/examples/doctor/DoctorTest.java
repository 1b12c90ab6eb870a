/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nettyipc.examples.ExampleProgram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class DoctorTest {

    @Test
    void everythingIsAvailableAndMeasuredHere() throws Exception {
        try (ExampleProgram doctor = new ExampleProgram(Doctor.class, "0.1")) {
            assertTrue(doctor.awaitLine("  Netty ").matches(" +Netty +4\\.2\\.\\d+\\.Final"));
            assertTrue(doctor.awaitLine("  named pipes ").contains(" yes, as "));
            assertTrue(doctor.awaitLine("  shared memory ").endsWith(" yes"));
            assertTrue(doctor.awaitLine("  java.io.tmpdir ").contains(": writable"));
            doctor.awaitLine("Round trips");
            for (String transport : new String[] {"TCP, for comparison", "named pipe", "shared memory"}) {
                String line = doctor.awaitLine("  " + transport);
                assertTrue(line.contains(" half of them in "), line);
            }
            assertEquals(0, doctor.finish());
        }
    }

    @Test
    void aReasonHasWhatAllCausesSayOnce() {
        Throwable cause = new IllegalStateException("the library\n can't be loaded");
        assertEquals(
                "unavailable; the library can't be loaded", Doctor.reason(new RuntimeException("unavailable", cause)));
        assertEquals(cause.toString().replaceAll("\\s+", " "), Doctor.reason(new RuntimeException(cause)));
    }
}
