/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process;

import io.netty.channel.IoHandlerFactory;
import io.nettyipc.pipe.unix.UnixTransport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the programs are Unix's")
@ParameterizedClass
@MethodSource("io.nettyipc.pipe.UnixTransports#all")
class ProcessTreeTest extends AbstractProcessTreeTest {
    @Parameter
    UnixTransport transport;

    @Override
    protected IoHandlerFactory factory() {
        return transport.newIoHandlerFactory();
    }

    @Override
    protected ProcessAddress launcher(String way) {
        return shell(
                switch (way) {
                    case "wait" -> "sleep 600 </dev/null >/dev/null & echo $!; wait";
                    case "leave" -> "sleep 600 </dev/null >/dev/null & echo $!";
                    case "share" -> "exec 3<&0; sleep 600 <&3 & echo $!";
                    default -> throw new IllegalArgumentException(way);
                });
    }

    private static ProcessAddress shell(String script) {
        return ProcessAddress.of("sh", "-c", script);
    }

    @Test
    void whatIgnoresTheRequestIsKilled() throws Exception {
        ProcessChannel launcher = connect(
                bootstrap(), shell("sh -c 'trap \"\" TERM; echo $$; while :; do sleep 1; done' </dev/null & wait"));
        ProcessHandle program = program();

        launcher.close();

        assertEnds(program);
    }

    @Test
    void whatAnEnvironmentWithoutTheMarkHidesIsFoundAsADescendant() throws Exception {
        ProcessChannel launcher = connect(bootstrap(), shell("env -i sleep 600 </dev/null >/dev/null & echo $!; wait"));
        ProcessHandle program = program();

        launcher.terminate();

        assertEnds(program);
    }
}
