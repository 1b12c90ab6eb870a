/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process.start;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.netty.channel.embedded.EmbeddedChannel;
import io.nettyipc.process.ProcessAddress;
import io.nettyipc.process.ProcessStderr;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ProcessStartTest {

    /** Else whoever connects to the child would wait for ever. */
    @Test
    void anErrorIsToldLikeAnyOtherFailure() throws Exception {
        Error error = new OutOfMemoryError("as if");

        assertSame(error, failure(builder -> {
            throw error;
        }));
    }

    @Test
    void aMissingProgramIsNamed() throws Exception {
        String message = failure(builder -> {}).getMessage();

        assertEquals(
                "process nettyipc-no-such-program can't be started: ", message.substring(0, message.indexOf(": ") + 2));
    }

    private static Throwable failure(Consumer<ProcessBuilder> redirection) throws Exception {
        CompletableFuture<Throwable> ended = new CompletableFuture<>();
        ProcessStart.inBackground(
                ProcessAddress.of("nettyipc-no-such-program"),
                ProcessStderr.DISCARD,
                redirection,
                new ProcessTermination(new ProcessChannelConfig(new EmbeddedChannel())),
                ended::complete);
        return ended.get(20, TimeUnit.SECONDS);
    }
}
