/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** What the JDK's flight recorder writes down of some kinds of events in this JVM, however short they are. */
public final class FlightRecording implements AutoCloseable {

    private final Recording recording = new Recording();

    /** Begins to record. */
    public FlightRecording(String... events) {
        for (String event : events) {
            recording.enable(event).withThreshold(Duration.ZERO);
        }
        recording.start();
    }

    /** Ends the recording, and returns the events in the order of their ends. */
    public List<RecordedEvent> stop() throws IOException {
        recording.stop();
        Path file = Files.createTempFile("nettyipc", ".jfr");
        try {
            recording.dump(file);
            return RecordingFile.readAllEvents(file);
        } finally {
            Files.delete(file);
        }
    }

    @Override
    public void close() {
        recording.close();
    }
}
