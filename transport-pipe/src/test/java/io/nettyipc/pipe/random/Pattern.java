/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.random;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** The bytes that all scripts send, in memory and in a file. Each write takes its piece from a place of its own. */
final class Pattern {

    private static final int LENGTH = 2 << 20;
    /** So many bytes lie between the pieces of one write and the next. A prime, so that few writes begin alike. */
    private static final int DISTANCE = 4_099;

    static final byte[] BYTES = new byte[LENGTH];

    private static final Path FILE;

    static {
        new Random(20_260_101).nextBytes(BYTES);
        try {
            FILE = Files.createTempFile("nettyipc-random-", ".bin");
            FILE.toFile().deleteOnExit();
            Files.write(FILE, BYTES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Pattern() {}

    static File file() {
        return FILE.toFile();
    }

    /** Where the piece of a write begins. */
    static int begin(int number, int length) {
        return (int) ((long) number * DISTANCE % (LENGTH - length));
    }
}
