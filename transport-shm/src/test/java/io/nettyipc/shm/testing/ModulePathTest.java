/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Native;
import com.sun.jna.platform.win32.WinNT;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.resolver.AddressResolver;
import io.netty.util.concurrent.EventExecutor;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.shm.Shm;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
                runOnModulePath(MODULE + ",io.netty.transport.classes.epoll"));
    }

    private String runOnModulePath(String modules) throws Exception {
        String modulePath = Stream.of(
                        Shm.class,
                        NamedPipe.class,
                        Channel.class,
                        ByteBuf.class,
                        EventExecutor.class,
                        AddressResolver.class,
                        DomainSocketAddress.class,
                        Epoll.class,
                        Native.class,
                        WinNT.class)
                .map(ModulePathTest::location)
                .collect(Collectors.joining(File.pathSeparator));
        // For the native library in it, which is a resource: the class path will do.
        String classPath = Stream.concat(
                        Stream.of(location(ModulePathProgram.class)),
                        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                                .filter(entry -> entry.contains("netty-transport-native-epoll")))
                .collect(Collectors.joining(File.pathSeparator));
        Path output = directory.resolve("output.txt");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-p",
                modulePath,
                "--add-modules",
                modules,
                "-cp",
                classPath,
                "-Djna.nosys=true",
                ModulePathProgram.class.getName(),
                "nettyipc-shm-module-" + ProcessHandle.current().pid()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        List<String> lines = Files.readAllLines(output, StandardCharsets.UTF_8);
        assertEquals(0, process.exitValue(), () -> String.join("\n", lines));
        // A JVM's own warnings may stand before and after it.
        return lines.stream()
                .filter(line -> line.startsWith("hello"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(String.join("\n", lines)));
    }

    private static String location(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
