/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import io.nettyipc.base.testing.ModulePath;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.shm.Shm;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ModulePathTest {

    private static final String MODULE = "io.nettyipc.transport.shm";

    @TempDir
    private Path directory;

    /** On Linux over NIO, since nothing asks for the module of epoll. */
    @Test
    void transportWorksAsANamedModule() throws Exception {
        assertEquals("hello from module " + MODULE + " without epoll", runOnModulePath(MODULE));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void epollIsUsedWhenItsModuleIsThere() throws Exception {
        assumeTrue(Epoll.isAvailable(), "no native library for this processor");

        assertEquals(
                "hello from module " + MODULE + " with epoll",
                runOnModulePath(MODULE + "," + ModulePath.epollModules()));
    }

    /** As in a runtime that jlink made of no more modules than these need. */
    @Test
    void transportWorksWithoutTheFlightRecordersModule() throws Exception {
        assertEquals(
                "hello from module " + MODULE + " without epoll without a flight recorder",
                runOnModulePath(MODULE, "--limit-modules", MODULE));
    }

    private String runOnModulePath(String modules, String... options) throws Exception {
        return new ModulePath(Shm.class, NamedPipe.class).run(ModulePathProgram.class, modules, directory, options);
    }
}
