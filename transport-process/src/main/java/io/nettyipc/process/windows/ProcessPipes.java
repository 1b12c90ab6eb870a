/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process.windows;

import io.nettyipc.process.start.ChildPipes;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;

/**
 * The pipes of a child that is being started. The child's ends are opened by {@link ProcessBuilder}, which closes them.
 *
 * @param error null if nobody handles standard error
 */
record ProcessPipes(ProcessPipe stdin, ProcessPipe stdout, ProcessPipe error) implements ChildPipes {

    static ProcessPipes open(boolean withError) throws IOException {
        ProcessPipe stdin = ProcessPipe.toChild();
        ProcessPipe stdout = null;
        try {
            stdout = ProcessPipe.fromChild();
            return new ProcessPipes(stdin, stdout, withError ? ProcessPipe.fromChild() : null);
        } catch (IOException e) {
            close(stdin, stdout);
            throw e;
        }
    }

    @Override
    public void redirect(ProcessBuilder builder) {
        String ambiguous = System.getProperty("jdk.lang.Process.allowAmbiguousCommands");
        builder.command(ProcessArguments.quote(builder.command(), !"false".equalsIgnoreCase(ambiguous)));
        builder.redirectInput(Redirect.from(stdin.file())).redirectOutput(Redirect.to(stdout.file()));
        if (error != null) {
            builder.redirectError(Redirect.to(error.file()));
        }
    }

    @Override
    public void closeChildEnds() {
        // This process has none.
    }

    @Override
    public void close() {
        close(stdin, stdout, error);
    }

    private static void close(ProcessPipe... pipes) {
        for (ProcessPipe pipe : pipes) {
            if (pipe != null) {
                pipe.close();
            }
        }
    }
}
