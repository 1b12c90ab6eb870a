/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import io.nettyipc.base.testing.ModulePath;
import io.nettyipc.pipe.NamedPipe;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ModulePathTest {

    private static final String MODULE = "io.nettyipc.transport.pipe";

    @TempDir
    private Path directory;

    @Test
    void transportWorksAsANamedModule() throws Exception {
        String transport = OS.WINDOWS.isCurrentOs() ? "WindowsNamedPipeChannel" : "NioDomainSocketChannel";

        assertEquals("hello from module " + MODULE + " over " + transport, runOnModulePath(MODULE));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void epollIsUsedWhenItsModuleIsThere() throws Exception {
        assumeTrue(Epoll.isAvailable(), "no native library for this processor");

        assertEquals(
                "hello from module " + MODULE + " over EpollDomainSocketChannel",
                runOnModulePath(MODULE + "," + ModulePath.epollModules()));
    }

    private String runOnModulePath(String modules) throws Exception {
        return new ModulePath(NamedPipe.class).run(ModulePathProgram.class, modules, directory);
    }
}
