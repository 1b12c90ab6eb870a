/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Map;
import java.util.function.Supplier;

/** Applications that lack the transports, or have a Netty before 4.2. */
public final class MissingTransport {
    private MissingTransport() {}

    /** Starts a program without the transports on its class path. */
    public static ChildJvm without(Class<?> program) throws IOException {
        return new ChildJvm(program, jar -> !jar.toString().matches(".*(transport-pipe|transport-shm).*"), Map.of());
    }

    /** Why there is no transport. */
    public static String refusal(Supplier<?> transport) {
        try {
            return "there is " + transport.get();
        } catch (IllegalStateException | UnsatisfiedLinkError e) {
            return e.getMessage();
        }
    }

    /**
     * Has a transport refused for want of Netty 4.2.
     *
     * @param program a public class with a public method {@code refusal} that returns why there is no transport
     */
    public static void assertNetty41IsTooOld(Class<?> program) throws Exception {
        try (WithoutClasses netty41 = WithoutClasses.ofNetty42()) {
            String message = netty41.call(program, "refusal").toString();

            // Which class is met first differs between systems.
            assertTrue(message.matches(".*Netty 4\\.2\\.7\\S* or later is needed.*"), message);
        }
    }
}
