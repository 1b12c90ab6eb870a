/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nettyipc.base.testing.ChildJvm;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Netty's epoll and io_uring are optional, their classes too. */
@EnabledOnOs(OS.LINUX)
@Timeout(120)
class NoNativeClassesTest {

    @Test
    void withoutTheClassesOfNettysNativeTransportsChannelsAreOverNio() throws Exception {
        try (ChildJvm program = new ChildJvm(
                NoNativeClassesProgram.class,
                jar -> !jar.toString().matches(".*netty-transport-(classes|native)-(epoll|io_uring|kqueue).*"),
                Map.of(),
                "classes-" + ProcessHandle.current().pid())) {
            assertEquals("FILE", program.answer());
            assertEquals("UnixMessagePipeChannel", program.answer());
        }
    }
}
