/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.jna.Native;
import com.sun.jna.platform.win32.WinNT;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.resolver.AddressResolver;
import io.netty.util.concurrent.EventExecutor;
import io.nettyipc.base.os.LibC;
import java.io.File;
import java.lang.module.ModuleFinder;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs programs with a transport, Netty and JNA on the module path. */
public final class ModulePath {

    private final Class<?>[] modules;

    /**
     * Prepares for it.
     *
     * @param modules a class of each module of this project that has to be there, besides the one that the transports
     *     share
     */
    public ModulePath(Class<?>... modules) {
        this.modules = modules;
    }

    /**
     * Runs a program and waits for its end.
     *
     * @param program    on the class path, given a name that nobody else uses
     * @param addModules what {@code --add-modules} says
     * @param directory  for its output
     * @param options    of the JVM, besides
     * @return the line of its output that begins with hello
     */
    public String run(Class<?> program, String addModules, Path directory, String... options) throws Exception {
        String modulePath = Stream.concat(
                        Stream.of(modules),
                        Stream.of(
                                LibC.class,
                                Channel.class,
                                ByteBuf.class,
                                EventExecutor.class,
                                AddressResolver.class,
                                DomainSocketAddress.class,
                                Epoll.class,
                                Native.class,
                                WinNT.class))
                .map(ModulePath::location)
                .collect(Collectors.joining(File.pathSeparator));
        modulePath += File.pathSeparator + epollLibrary();
        Path output = directory.resolve("output.txt");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-p",
                modulePath,
                "--add-modules",
                addModules,
                "-cp",
                location(program),
                "-Djna.nosys=true"));
        command.addAll(List.of(options));
        command.add(program.getName());
        command.add("nettyipc-" + program.getSimpleName() + '-'
                + ProcessHandle.current().pid());
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

    /** The names of the two modules without which Netty has no epoll; nothing requires them. */
    public static String epollModules() {
        ModuleFinder library = ModuleFinder.of(Path.of(epollLibrary()));
        return "io.netty.transport.classes.epoll,"
                + library.findAll().iterator().next().descriptor().name();
    }

    /** The jar with the library for this kind of machine. */
    private static String epollLibrary() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> entry.contains("netty-transport-native-epoll"))
                .findFirst()
                .orElseThrow();
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
