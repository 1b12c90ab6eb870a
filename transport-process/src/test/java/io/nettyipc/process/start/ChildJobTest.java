/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process.start;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nettyipc.base.testing.LoggedWarnings;
import java.io.InputStream;
import java.io.OutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(value = OS.WINDOWS, disabledReason = "jobs are Windows'")
class ChildJobTest {

    @Test
    void aRefusalIsToldOnceAndNotThatOfAChildThatHasEnded() {
        try (LoggedWarnings warnings = new LoggedWarnings()) {
            assertNull(ChildJob.of(new Unreachable(false), true));
            assertEquals(0, warnings.messages().size());

            assertNull(ChildJob.of(new Unreachable(true), true));
            assertNull(ChildJob.of(new Unreachable(true), false));

            assertEquals(1, warnings.messages().size());
            String message = warnings.messages().get(0);
            assertTrue(message.contains("refuses a job") && message.contains("OpenProcess: ERROR_"), message);
        }
    }

    /** One that this process may not open. */
    private static final class Unreachable extends Process {
        private final boolean alive;

        Unreachable(boolean alive) {
            this.alive = alive;
        }

        @Override
        public long pid() {
            // No process has an id that isn't a multiple of four.
            return 3;
        }

        @Override
        public boolean isAlive() {
            return alive;
        }

        @Override
        public OutputStream getOutputStream() {
            return OutputStream.nullOutputStream();
        }

        @Override
        public InputStream getInputStream() {
            return InputStream.nullInputStream();
        }

        @Override
        public InputStream getErrorStream() {
            return InputStream.nullInputStream();
        }

        @Override
        public int waitFor() {
            return 0;
        }

        @Override
        public int exitValue() {
            return 0;
        }

        @Override
        public void destroy() {
            // There is none.
        }
    }
}
