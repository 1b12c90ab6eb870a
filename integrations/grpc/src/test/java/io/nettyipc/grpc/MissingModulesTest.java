/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.netty.NettyChannelBuilder;
import io.nettyipc.base.testing.ChildJvm;
import io.nettyipc.base.testing.MissingTransport;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Programs whose class path lacks something: they are told what to add. */
class MissingModulesTest {

    /** Prints what comes of a target; TCP's are to work in any case. */
    static final class Program {
        private Program() {}

        public static void main(String[] args) {
            for (String target : new String[] {args[0], "localhost:1"}) {
                try {
                    ChildJvm.answer(Grpc.newChannelBuilder(target, InsecureChannelCredentials.create())
                            .build()
                            .shutdownNow()
                            .authority());
                } catch (RuntimeException e) {
                    ChildJvm.answer(e);
                }
            }
        }
    }

    @Test
    void withoutTheTransportsModuleATargetSaysWhichToAdd() throws Exception {
        assertSays(
                "shm:orders",
                without("transport-shm", "nettyipc-transport-shm"),
                "needs io.nettyipc:nettyipc-transport-shm");
        assertSays(
                "npipe:orders",
                without("transport-shm", "nettyipc-transport-shm", "transport-pipe", "nettyipc-transport-pipe"),
                "needs io.nettyipc:nettyipc-transport-pipe");
    }

    @Test
    void besideTheShadedNettyAloneATargetSaysThatTheOtherIsNeeded() throws Exception {
        assertSays(
                "npipe:orders",
                jar -> !jar.getFileName().toString().matches("grpc-netty-\\d.*"),
                "needs io.grpc:grpc-netty,");
    }

    @Test
    void withNetty41ATargetSaysThatALaterOneIsNeeded() throws Exception {
        MissingTransport.assertNetty41IsTooOld(WithNetty41.class);
    }

    /** Asks for a server. */
    public static final class WithNetty41 {
        private WithNetty41() {}

        public static String refusal() {
            return MissingTransport.refusal(
                    () -> LocalGrpc.serverBuilder("npipe:orders", InsecureServerCredentials.create()));
        }
    }

    /** The methods that a target's builders need are for gRPC's own package: a version may have others. */
    @Test
    void aVersionOfGrpcWithoutTheSettersForEventLoopsIsToldFromOneThatHasThem() {
        assertNotNull(LoopPools.setter(NettyChannelBuilder.class, "eventLoopGroupPool"));
        MethodHandle missing = LoopPools.setter(NettyChannelBuilder.class, "eventLoopsOfAnotherVersion");

        IllegalStateException refused = assertThrows(
                IllegalStateException.class,
                () -> LoopPools.call(missing, NettyChannelBuilder.forTarget("localhost:1"), null));

        assertTrue(refused.getMessage().contains("this version of grpc-netty lacks the setters"), refused::getMessage);
        assertTrue(refused.getMessage().contains("that take an EventLoopGroup"), refused::getMessage);
    }

    @Test
    void withoutTheShadedNettyATargetWorks() throws Exception {
        assertSays("npipe:orders", jar -> !jar.toString().contains("grpc-netty-shaded"), "localhost");
    }

    private static void assertSays(String target, Predicate<Path> jars, String expected) throws Exception {
        try (ChildJvm program = new ChildJvm(Program.class, jars, Map.of(), target)) {
            String answer = program.answer();
            assertTrue(answer.contains(expected), answer);
            assertEquals("localhost:1", program.answer());
        }
    }

    /** A module is a folder, or a jar that is named by its artifact. */
    private static Predicate<Path> without(String... modules) {
        return entry -> {
            for (String module : modules) {
                for (Path part : entry) {
                    if (part.toString().equals(module) || part.toString().startsWith(module + "-")) {
                        return false;
                    }
                }
            }
            return true;
        };
    }
}
