/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.report;

import java.io.Console;
import java.io.PrintStream;

/** Shows on standard error how far the work is: one moving line on a terminal, else a line every tenth of the way. */
public final class ProgressBar {
    private static final int WIDTH = 30;
    private static final int LINE = 78;

    private final PrintStream out = System.err;
    private final boolean terminal = isTerminal();
    private final int total;
    private int done;
    private int tenths;

    public ProgressBar(int total) {
        this.total = total;
    }

    /** One of the steps has begun. */
    public void step(String what) {
        if (terminal) {
            int filled = WIDTH * done / total;
            String line =
                    "[" + "#".repeat(filled) + ".".repeat(WIDTH - filled) + "] " + 100 * done / total + "% " + what;
            out.print('\r' + String.format("%-" + LINE + "." + LINE + "s", line));
            out.flush();
        } else if (10 * done / total >= tenths) {
            out.println(100 * done / total + "% " + what);
            tenths = 10 * done / total + 1;
        }
        done++;
    }

    /** Removes the bar, at the end or before an error message. */
    public void clear() {
        if (terminal) {
            out.print('\r' + " ".repeat(LINE) + '\r');
            out.flush();
        }
    }

    @SuppressWarnings("SystemConsoleNull") // Both behaviours are handled.
    private static boolean isTerminal() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            // From JDK 22 on there is a console even if there is no terminal.
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }
}
