/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nettyipc.pipe.PipeFixture;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.condition.OS;

/** In a JVM with {@code --illegal-native-access=deny}, which Java has from 24 on. */
@EnabledForJreRange(min = JRE.JAVA_24)
@Timeout(60)
class DeniedNativeAccessTest {

    private static final String FLAG =
            "this JVM denies native access: start it with --enable-native-access=ALL-UNNAMED";

    private static String run(String program) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:-PrintWarnings",
                        "--illegal-native-access=deny",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DeniedNativeAccessProgram.class.getName(),
                        program,
                        PipeFixture.newName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output;
    }

    @Test
    void whatCannotBeUsedNamesTheOptionThatIsMissing() throws Exception {
        String output = run("availability");

        assertTrue(
                output.contains("shared memory is not available: java.lang.UnsupportedOperationException: " + FLAG),
                output);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void pipesGoOverNioAndTheLogSaysWhy() throws Exception {
        String output = run("echo");

        assertTrue(output.contains("echoed over NioDomainSocketChannel, by this user"), output);
        assertTrue(
                output.contains("INFO: pipes use NIO, and shared memory files, since Netty's ")
                        && output.contains(" can't be used: " + FLAG + System.lineSeparator()),
                output);
    }

    @Test
    @EnabledOnOs(OS.WINDOWS)
    void pipesOfWindowsNameTheOptionThatIsMissing() throws Exception {
        String output = run("availability");

        assertTrue(
                output.contains("named pipes are not available: java.lang.UnsupportedOperationException: " + FLAG),
                output);
    }
}
