/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.vertx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nettyipc.base.testing.ChildJvm;
import io.nettyipc.base.testing.MissingTransport;
import org.junit.jupiter.api.Test;

/** The transports are optional dependencies: an application without them is told what to add. */
class MissingTransportTest {

    @Test
    void messageNamesTheArtifactThatIsMissing() throws Exception {
        try (ChildJvm child = MissingTransport.without(Program.class)) {
            assertEquals(
                    "the class io.nettyipc.pipe.NamedPipe is missing: add"
                            + " io.nettyipc:nettyipc-transport-pipe to the application",
                    child.answer());
            assertEquals(
                    "the class io.nettyipc.shm.ShmSpinStrategy is missing: add"
                            + " io.nettyipc:nettyipc-transport-shm to the application",
                    child.answer());
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
            return MissingTransport.refusal(IpcTransport::pipes);
        }
    }

    static final class Program {
        public static void main(String[] arguments) {
            ChildJvm.answer(MissingTransport.refusal(IpcTransport::pipes));
            ChildJvm.answer(MissingTransport.refusal(IpcTransport::sharedMemory));
        }
    }
}
