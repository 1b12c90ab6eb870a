/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process.unix;

import io.nettyipc.base.os.Descriptor;
import io.nettyipc.base.os.LibC;
import io.nettyipc.process.start.ChildPipes;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;

/**
 * The pipes of a child that is being started. The JDK's own pipes of a child block; these don't at our end.
 *
 * <p>Both ends are closed in children. {@link ProcessBuilder} opens the child's ends anew, by their path below
 * {@code /dev/fd}, and hands them over as its standard streams.
 */
final class ProcessPipes implements ChildPipes {
    private Descriptor childInput;
    private Descriptor childOutput;
    private Descriptor childError;
    private Descriptor input;
    private Descriptor output;
    private Descriptor error;

    private ProcessPipes() {}

    /**
     * Opens the pipes.
     *
     * @param withError whether there is one for standard error too
     */
    static ProcessPipes open(boolean withError) throws IOException {
        ProcessPipes pipes = new ProcessPipes();
        try {
            Descriptor[] pipe = LibC.pipe();
            pipes.childInput = pipe[0];
            pipes.output = pipe[1];
            pipe = LibC.pipe();
            pipes.input = pipe[0];
            pipes.childOutput = pipe[1];
            pipes.output.setNonBlocking();
            pipes.input.setNonBlocking();
            if (withError) {
                pipe = LibC.pipe();
                pipes.error = pipe[0];
                pipes.childError = pipe[1];
                pipes.error.setNonBlocking();
            }
            return pipes;
        } catch (Throwable t) {
            pipes.close();
            throw t;
        }
    }

    @Override
    public void redirect(ProcessBuilder builder) {
        builder.redirectInput(Redirect.from(file(childInput))).redirectOutput(Redirect.to(file(childOutput)));
        if (childError != null) {
            builder.redirectError(Redirect.to(file(childError)));
        }
    }

    private static File file(Descriptor descriptor) {
        return new File("/dev/fd/" + descriptor.number());
    }

    /** What the child writes. */
    Descriptor input() {
        return input;
    }

    /** What the child reads. */
    Descriptor output() {
        return output;
    }

    /** What the child writes to standard error, or null. */
    Descriptor error() {
        return error;
    }

    /** The child has its own now; ours would hide its end. */
    @Override
    public void closeChildEnds() {
        close(childInput, childOutput, childError);
    }

    @Override
    public void close() {
        closeChildEnds();
        close(input, output, error);
    }

    private static void close(Descriptor... descriptors) {
        for (Descriptor descriptor : descriptors) {
            if (descriptor != null) {
                descriptor.close();
            }
        }
    }
}
