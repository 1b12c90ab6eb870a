/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Another commit's transports, compiled in a Git worktree of their own below {@code target}. */
final class OtherCommit {
    private OtherCommit() {}

    /**
     * Compiles {@code commit} and returns this JVM's class path with its modules in place of ours, the benchmarks
     * excepted.
     *
     * @throws IOException says what Git or Maven said
     */
    static String classPath(String commit) throws IOException, InterruptedException {
        Path root = Path.of(run(Path.of("").toAbsolutePath(), "git", "rev-parse", "--show-toplevel"));
        String hash = run(root, "git", "rev-parse", "--verify", commit + "^{commit}");
        Path tree =
                root.resolve("benchmarks").resolve("target").resolve("guard").resolve(hash);
        if (!Files.exists(tree)) {
            run(root, "git", "worktree", "prune");
            run(root, "git", "worktree", "add", "--detach", tree.toString(), hash);
        }
        boolean windows = File.separatorChar == '\\';
        List<String> modules = new ArrayList<>();
        for (String module : List.of("transport-pipe", "transport-shm", "codec-message", "grpc")) {
            if (Files.exists(tree.resolve(module).resolve("pom.xml"))) {
                modules.add(module);
            }
        }
        System.err.println("compiling " + commit + " in " + tree);
        run(tree, windows ? "mvn.cmd" : "mvn", "-q", "-pl", String.join(",", modules), "-am", "compile");

        List<String> classPath = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path path = Path.of(entry).toAbsolutePath().normalize();
            boolean ours = path.startsWith(root) && !path.startsWith(root.resolve("benchmarks"));
            classPath.add(ours ? tree.resolve(root.relativize(path)).toString() : path.toString());
        }
        return String.join(File.pathSeparator, classPath);
    }

    /** Runs a program and returns what it prints. */
    private static String run(Path directory, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " failed:\n" + output);
        }
        return output;
    }
}
