/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples;

import java.io.File;
import java.net.URI;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** How an example starts another one in a process of its own. */
public final class JavaProgram {
    private JavaProgram() {}

    /** Returns the words of the command. */
    public static List<String> command(Class<?> main) {
        return List.of(ProcessHandle.current().info().command().orElse("java"), "-cp", classPath(), main.getName());
    }

    /** Maven runs an example with a class loader of its own. */
    private static String classPath() {
        return JavaProgram.class.getClassLoader() instanceof URLClassLoader loader
                ? Arrays.stream(loader.getURLs())
                        .map(url -> Path.of(URI.create(url.toString())).toString())
                        .collect(Collectors.joining(File.pathSeparator))
                : System.getProperty("java.class.path");
    }
}
