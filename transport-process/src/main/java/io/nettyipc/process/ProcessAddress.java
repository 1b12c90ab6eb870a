/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process;

import io.netty.util.internal.ObjectUtil;
import java.io.File;
import java.net.SocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A program to start and to talk to, for {@code connect}. Each connect starts it anew.
 *
 * <p>Immutable and safe for use by any thread.
 */
public final class ProcessAddress extends SocketAddress {
    private static final long serialVersionUID = 1160374929817206535L;

    @SuppressWarnings("serial") // an immutable list, which is serializable
    private final List<String> command;

    private final File directory;

    /** The variables that the program inherits as they are, or {@code null} for all. Their values need not be text. */
    @SuppressWarnings("serial") // an immutable set, which is serializable
    private final Set<String> inherited;

    @SuppressWarnings("serial") // an immutable map, which is serializable
    private final Map<String, String> changed;

    private ProcessAddress(List<String> command, File directory, Set<String> inherited, Map<String, String> changed) {
        if (command.isEmpty()) {
            throw new IllegalArgumentException("the command is empty: give a program, such as cat, and its arguments");
        }
        this.command = List.copyOf(command);
        this.directory = directory;
        this.inherited = inherited;
        this.changed = changed;
    }

    /**
     * A program that runs in this process's directory and with its environment.
     *
     * @param command the program and its arguments, which arrive as they are given here: no shell, no quoting. On
     *     Windows they are quoted for programs that take their command line apart as the C runtime does, which most do;
     *     arguments of {@code cmd.exe} and of batch files are treated as {@link ProcessBuilder} treats them
     */
    public static ProcessAddress of(String... command) {
        return new ProcessAddress(List.of(command), null, null, Map.of());
    }

    /**
     * The program that the builder would start, with the builder's directory and environment as they are now. Its
     * redirections don't matter: the channel has its own.
     */
    public static ProcessAddress of(ProcessBuilder builder) {
        ObjectUtil.checkNotNull(builder, "builder");
        Set<String> inherited = new HashSet<>();
        Map<String, String> changed = new HashMap<>();
        builder.environment().forEach((name, value) -> {
            if (value.equals(System.getenv(name))) {
                inherited.add(name);
            } else {
                changed.put(name, value);
            }
        });
        return new ProcessAddress(builder.command(), builder.directory(), Set.copyOf(inherited), Map.copyOf(changed));
    }

    /** Returns the program and its arguments. */
    public List<String> command() {
        return command;
    }

    /** Returns a new builder for the program, without redirections. */
    public ProcessBuilder newBuilder() {
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory);
        if (inherited != null) {
            // The JDK keeps the bytes of what nobody has set: a value need not be text in the JVM's charset.
            builder.environment().keySet().retainAll(inherited);
            builder.environment().putAll(changed);
        }
        return builder;
    }

    /** Returns the name of the program; arguments may be secrets. */
    @Override
    public String toString() {
        return "process " + command.get(0);
    }
}
