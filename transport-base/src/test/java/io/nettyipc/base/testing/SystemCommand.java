/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.testing;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Programs of the system that a test needs, and that may be missing or need root: {@code strace}, {@code unshare}. */
public final class SystemCommand {

    private SystemCommand() {}

    /** Whether a command ends well, whatever it says. */
    public static boolean works(List<String> command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether another command can be started by one that these words begin, such as {@code strace -f}. */
    public static boolean worksBefore(List<String> prefix) throws InterruptedException {
        List<String> command = new ArrayList<>(prefix);
        command.add("true");
        return works(command);
    }
}
