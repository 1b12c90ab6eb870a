/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.reactor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nettyipc.base.testing.ChildJvm;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The transports are optional dependencies: an application without them is told what to add. */
class MissingTransportTest {

    @Test
    void messageNamesTheArtifactThatIsMissing() throws Exception {
        try (ChildJvm child = new ChildJvm(
                Program.class, jar -> !jar.toString().matches(".*(transport-pipe|transport-shm).*"), Map.of())) {
            assertEquals(
                    "the class io.nettyipc.pipe.NamedPipe is missing: "
                            + "add io.nettyipc:nettyipc-transport-pipe to the application",
                    child.answer());
            // Which class is met first differs between systems.
            String message = child.answer();
            assertTrue(
                    message.matches("the class io\\.nettyipc\\.shm\\.\\w+ is missing: "
                            + "add io\\.nettyipc:nettyipc-transport-shm to the application"),
                    message);
        }
    }

    static final class Program {
        public static void main(String[] arguments) {
            answerWithFailureOf(IpcLoopResources::pipes);
            answerWithFailureOf(IpcLoopResources::sharedMemory);
        }

        private static void answerWithFailureOf(Function<String, IpcLoopResources> transport) {
            try {
                ChildJvm.answer(transport.apply("none"));
            } catch (IllegalStateException e) {
                ChildJvm.answer(e.getMessage());
            }
        }
    }
}
