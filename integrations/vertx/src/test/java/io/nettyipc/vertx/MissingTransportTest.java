/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.vertx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nettyipc.base.testing.ChildJvm;
import io.nettyipc.base.testing.WithoutClasses;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The transports are optional dependencies: an application without them is told what to add. */
class MissingTransportTest {

    @Test
    void messageNamesTheArtifactThatIsMissing() throws Exception {
        try (ChildJvm child = new ChildJvm(
                Program.class, jar -> !jar.toString().matches(".*(transport-pipe|transport-shm).*"), Map.of())) {
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
        try (WithoutClasses netty41 = WithoutClasses.ofNetty42()) {
            String message = netty41.call(WithNetty41.class, "refusal").toString();

            // Which class is met first differs between systems.
            assertTrue(message.matches(".*Netty 4\\.2\\.7\\S* or later is needed.*"), message);
        }
    }

    /** Asks for pipes. */
    public static final class WithNetty41 {
        private WithNetty41() {}

        public static String refusal() {
            try {
                return IpcTransport.pipes().toString();
            } catch (IllegalStateException | UnsatisfiedLinkError e) {
                return e.getMessage();
            }
        }
    }

    static final class Program {
        public static void main(String[] arguments) {
            answerWithFailureOf(IpcTransport::pipes);
            answerWithFailureOf(IpcTransport::sharedMemory);
        }

        private static void answerWithFailureOf(Supplier<?> transport) {
            try {
                ChildJvm.answer(transport.get());
            } catch (IllegalStateException e) {
                ChildJvm.answer(e.getMessage());
            }
        }
    }
}
