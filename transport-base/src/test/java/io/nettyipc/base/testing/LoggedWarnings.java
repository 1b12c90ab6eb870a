/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.testing;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * What Netty would have told nobody but a log: buffers released twice in a listener, exceptions at the end of a
 * pipeline.
 */
public final class LoggedWarnings extends Handler implements AutoCloseable {
    private final List<String> messages = new CopyOnWriteArrayList<>();
    private final Logger root = Logger.getLogger("");

    public LoggedWarnings() {
        setLevel(Level.WARNING);
        root.addHandler(this);
    }

    @Override
    public void publish(LogRecord entry) {
        if (!isLoggable(entry)) {
            return;
        }
        StringWriter text = new StringWriter();
        text.append(entry.getLoggerName()).append(": ").append(entry.getMessage());
        if (entry.getThrown() != null) {
            entry.getThrown().printStackTrace(new PrintWriter(text.append(System.lineSeparator()), true));
        }
        messages.add(text.toString());
    }

    public List<String> messages() {
        return messages;
    }

    @Override
    public void flush() {
        // Nothing is buffered.
    }

    @Override
    public void close() {
        root.removeHandler(this);
    }
}
