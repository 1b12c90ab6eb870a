/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process.windows;

import java.io.IOException;
import java.io.PrintStream;

/** Writes its standard input to its standard output, in a JVM of its own: Windows has no such program. */
final class CatProgram {
    private CatProgram() {}

    public static void main(String... arguments) throws IOException {
        if (arguments.length > 0) {
            byte[] noise = new byte[64 * 1024];
            PrintStream error = System.err;
            for (int left = Integer.parseInt(arguments[0]); left > 0; left -= noise.length) {
                error.write(noise, 0, Math.min(left, noise.length));
            }
            error.flush();
        }
        System.in.transferTo(System.out);
        System.out.flush();
    }
}
