/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process.windows;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Writes its arguments, one a line, in brackets. */
final class ArgumentsProgram {
    private ArgumentsProgram() {}

    public static void main(String... arguments) {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        for (String argument : arguments) {
            out.print('[' + argument + "]\n");
        }
    }
}
