/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Two copies of the library in one JVM, as two web applications or plugins bring them, that bind and close names at
 * once.
 */
public final class TwoCopies {
    private static final int THREADS = 4;

    private TwoCopies() {}

    static String run(int names) throws Exception {
        URL[] path = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(TwoCopies::url)
                .toArray(URL[]::new);
        ExecutorService copies = Executors.newFixedThreadPool(2);
        try (URLClassLoader first = new URLClassLoader(path, ClassLoader.getPlatformClassLoader());
                URLClassLoader second = new URLClassLoader(path, ClassLoader.getPlatformClassLoader())) {
            List<Future<Object>> results = new ArrayList<>();
            for (URLClassLoader loader : List.of(first, second)) {
                Class<?> copy = loader.loadClass(TwoCopies.class.getName());
                results.add(copies.submit(
                        () -> copy.getMethod("bindAndClose", int.class).invoke(null, names)));
            }
            return results.get(0).get(5, TimeUnit.MINUTES) + " "
                    + results.get(1).get();
        } finally {
            copies.shutdownNow();
        }
    }

    private static URL url(String entry) {
        try {
            return Path.of(entry).toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(entry, e);
        }
    }

    /** Called by reflection, in each copy: returns how many names were bound and closed. */
    public static int bindAndClose(int names) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (PipeFixture pipes = new PipeFixture()) {
            List<Callable<Integer>> parts = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                String prefix = "copy-" + System.identityHashCode(TwoCopies.class) + '-' + i + '-';
                parts.add(() -> bindAndClose(pipes, prefix, names / THREADS));
            }
            int done = 0;
            for (Future<Integer> part : threads.invokeAll(parts)) {
                done += part.get();
            }
            return done;
        } finally {
            threads.shutdownNow();
        }
    }

    private static int bindAndClose(PipeFixture pipes, String prefix, int names) throws InterruptedException {
        for (int i = 0; i < names; i++) {
            ChannelFuture bound = pipes.listen(NamedPipeAddress.of(prefix + i));
            if (!bound.await(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("a bind doesn't end");
            }
            Channel server = bound.sync().channel();
            if (!server.close().await(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("a close doesn't end");
            }
        }
        return names;
    }
}
