/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * {@code transport-base/src/test/c/pipe-peer.c}, a plain Win32 program, in a process of its own. The system property
 * {@code nettyipc.peer} names the executable; without it a {@code gcc} on the path compiles it, and without that the
 * tests are skipped.
 */
public final class PeerProgram extends AnsweringProcess {

    private static Path compiled;

    public PeerProgram() throws IOException, InterruptedException {
        super("pipe-peer", new ProcessBuilder(executable()));
    }

    /** The command of the program as somebody's child; see its source for what it can do. */
    public static List<String> child(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(executable(), "child"));
        command.addAll(List.of(arguments));
        return command;
    }

    private static synchronized String executable() throws IOException, InterruptedException {
        String given = System.getProperty("nettyipc.peer");
        if (given != null) {
            return given;
        }
        if (compiled == null) {
            Path source = Path.of("..", "transport-base", "src", "test", "c", "pipe-peer.c");
            Path target = Files.createTempDirectory("nettyipc").resolve("pipe-peer.exe");
            assumeTrue(
                    compile(source, target), "no gcc for " + source + ": put one on the path, or set -Dnettyipc.peer");
            target.toFile().deleteOnExit();
            target.getParent().toFile().deleteOnExit();
            compiled = target;
        }
        return compiled.toString();
    }

    private static boolean compile(Path source, Path target) throws InterruptedException {
        try {
            return new ProcessBuilder("gcc", "-std=gnu11", "-o", target.toString(), source.toString(), "-ladvapi32")
                            .inheritIO()
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Tells it what to do and waits until it is done. */
    public String ask(String command) throws InterruptedException {
        tell(command);
        return answer();
    }

    /** Tells it to do what has to succeed. */
    public void does(String command) throws InterruptedException {
        assertEquals("ok", ask(command), command);
    }

    public static String hex(String text) {
        return text.isEmpty() ? "-" : HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** What {@code read} answers for a message, or the end of one. */
    public static String data(String text) {
        return "data " + hex(text);
    }

    /** What {@code read} answers for a part of a message with more to come. */
    public static String more(String text) {
        return "more " + hex(text);
    }

    /** What {@code fill} writes. */
    public static byte[] filled(int count, int seed) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) (i * 7 + (i >> 8) + seed);
        }
        return bytes;
    }

    /** What {@code sum} answers for these bytes. */
    public static String sum(byte[] bytes) {
        int hash = 0x811c9dc5;
        for (byte b : bytes) {
            hash = (hash ^ (b & 0xff)) * 16777619;
        }
        return bytes.length + " " + Integer.toUnsignedString(hash);
    }
}
