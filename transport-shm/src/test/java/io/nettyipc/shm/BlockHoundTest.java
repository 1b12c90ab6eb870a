/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nettyipc.base.testing.ChildJvm;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class BlockHoundTest {

    @TempDir
    Path directory;

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "the Java code of the loop is the same there")
    void eventLoopsDoNothingThatBlockHoundTakesForBlocking() throws Exception {
        try (ChildJvm program = ChildJvm.withOptions(
                // Without it BlockHound can't change classes on JDK 13 and later.
                List.of("-XX:+AllowRedefinitionToAddDeleteMethods"),
                BlockHoundProgram.class,
                "hound-" + ProcessHandle.current().pid(),
                directory.resolve("file").toString())) {
            assertEquals("nothing blocks", program.answer());
            assertEquals("sleep is seen", program.answer());
        }
    }
}
