/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process.windows;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A child's arguments, so that each arrives as it was given. Windows has one command line, which the child takes apart,
 * as a rule as {@code CommandLineToArgvW} does. {@link ProcessBuilder} puts it together: it sees to spaces and to
 * backslashes at the end, but passes quotes on as they are. So arguments with quotes are quoted here, in a form that it
 * leaves alone.
 *
 * <p>{@code cmd.exe}, and the batch files that it runs, have rules of their own; their arguments are left to
 * {@link ProcessBuilder} and its checks.
 *
 * @see <a href="https://learn.microsoft.com/cpp/c-language/parsing-c-command-line-arguments">Parsing C command-line
 *     arguments</a>
 */
final class ProcessArguments {

    private ProcessArguments() {}

    /**
     * Quotes a command for a {@link ProcessBuilder}.
     *
     * @param lenient whether the system property {@code jdk.lang.Process.allowAmbiguousCommands} isn't {@code false};
     *     if it is, the JDK quotes by itself, all but an argument that looks quoted already
     * @throws IllegalArgumentException if an argument can't be passed
     */
    static List<String> quote(List<String> command, boolean lenient) {
        List<String> quoted = new ArrayList<>(command);
        if (isShell(command.get(0))) {
            return quoted;
        }
        for (int i = 1; i < quoted.size(); i++) {
            String argument = quoted.get(i);
            if (argument.indexOf('"') < 0) {
                continue;
            }
            if (lenient) {
                quoted.set(i, quote(argument));
            } else if (looksQuoted(argument)) {
                throw new IllegalArgumentException(
                        "argument " + i + " begins and ends with a quote, which can't be passed on with"
                                + " -Djdk.lang.Process.allowAmbiguousCommands=false; leave that out, or pass it"
                                + " another way");
            }
        }
        return quoted;
    }

    private static boolean looksQuoted(String argument) {
        return argument.length() > 1
                && argument.startsWith("\"")
                && argument.endsWith("\"")
                && !argument.endsWith("\\\"");
    }

    /** Trailing dots and spaces are no part of a file's name. */
    private static boolean isShell(String program) {
        int end = program.length();
        while (end > 0 && ". \"".indexOf(program.charAt(end - 1)) >= 0) {
            end--;
        }
        String path = program.substring(0, end).toLowerCase(Locale.ROOT);
        String name = path.substring(Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/')) + 1);
        return name.endsWith(".bat") || name.endsWith(".cmd") || name.equals("cmd") || name.equals("cmd.exe");
    }

    /** Begins and ends with a quote, and no backslash stands before the last: so the JDK takes it for quoted. */
    private static String quote(String argument) {
        StringBuilder quoted = new StringBuilder(argument.length() + 16).append('"');
        int backslashes = 0;
        for (int i = 0; i < argument.length(); i++) {
            char c = argument.charAt(i);
            if (c == '\\') {
                backslashes++;
                continue;
            }
            if (c == '"') {
                // Twice as many before a quote, and one that makes it a character.
                backslashes = 2 * backslashes + 1;
            }
            append(quoted, backslashes).append(c);
            backslashes = 0;
        }
        quoted.append('"');
        if (backslashes > 0) {
            // Outside, before a pair of quotes with nothing in it.
            append(quoted, 2 * backslashes).append("\"\"");
        }
        return quoted.toString();
    }

    private static StringBuilder append(StringBuilder text, int backslashes) {
        return text.append("\\".repeat(backslashes));
    }
}
