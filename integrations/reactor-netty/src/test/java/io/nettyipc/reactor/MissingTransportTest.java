/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.reactor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nettyipc.base.testing.ChildJvm;
import io.nettyipc.base.testing.MissingTransport;
import org.junit.jupiter.api.Test;

/** The transports are optional dependencies: an application without them is told what to add. */
class MissingTransportTest {

    @Test
    void messageNamesTheArtifactThatIsMissing() throws Exception {
        try (ChildJvm child = MissingTransport.without(Program.class)) {
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

    @Test
    void withNetty41TheMessageAsksForALaterOne() throws Exception {
        MissingTransport.assertNetty41IsTooOld(WithNetty41.class);
    }

    /** Asks for pipes. */
    public static final class WithNetty41 {
        private WithNetty41() {}

        public static String refusal() {
            return MissingTransport.refusal(() -> IpcLoopResources.pipes("none"));
        }
    }

    static final class Program {
        public static void main(String[] arguments) {
            ChildJvm.answer(MissingTransport.refusal(() -> IpcLoopResources.pipes("none")));
            ChildJvm.answer(MissingTransport.refusal(() -> IpcLoopResources.sharedMemory("none")));
        }
    }
}
