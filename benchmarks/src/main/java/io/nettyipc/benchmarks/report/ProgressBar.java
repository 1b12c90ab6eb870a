/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.report;

import java.io.Console;
import java.io.PrintStream;
import java.util.concurrent.TimeUnit;

/**
 * Shows on standard error how far the work is: one moving line on a terminal, else a line every few seconds and for
 * each part.
 */
public final class ProgressBar {
    private static final int WIDTH = 30;
    private static final int LINE = 78;
    private static final int SECONDS = 3;

    private final PrintStream out = System.err;
    private final boolean terminal = isTerminal();
    private final int total;
    private final int maxSeconds;
    private final long start = System.nanoTime();
    private int done;
    private String part = "";
    private long nextLine;

    /** For work that ends with its last step. */
    public ProgressBar(int total) {
        this(total, Integer.MAX_VALUE);
    }

    /**
     * For work that ends with its last step, or when no further one is begun because time is up.
     *
     * @param maxSeconds when that is
     */
    public ProgressBar(int total, int maxSeconds) {
        this.total = total;
        this.maxSeconds = maxSeconds;
    }

    /** One of the steps has begun. Up to a colon it may say to which part it belongs, as a round. */
    public void step(String what) {
        show(what);
        done++;
    }

    /** Something that is none of the steps goes on. */
    public void show(String what) {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
        int percent = percent(done, total, seconds, maxSeconds);
        if (terminal) {
            int filled = WIDTH * percent / 100;
            String bar = "[" + "#".repeat(filled) + ".".repeat(WIDTH - filled) + "] ";
            out.print('\r' + String.format("%-" + LINE + "." + LINE + "s", bar + percent + "% " + what));
            out.flush();
            return;
        }
        String newPart = what.substring(0, Math.max(0, what.indexOf(':')));
        if (seconds >= nextLine || !newPart.equals(part)) {
            out.println(String.format("%3d s, %2d%%: ", seconds, percent) + what);
            part = newPart;
            nextLine = seconds + SECONDS;
        }
    }

    /** Of the steps or of the time, whichever is nearer to its end. */
    static int percent(int done, int total, long seconds, int maxSeconds) {
        return (int) Math.min(99, Math.max(100L * done / total, 100 * seconds / maxSeconds));
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
