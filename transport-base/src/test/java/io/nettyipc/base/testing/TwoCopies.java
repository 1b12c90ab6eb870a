/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A program with two copies of the library, as two web applications or plugins in one JVM bring them. Each does the
 * same on several threads, at the same time as the other.
 */
public final class TwoCopies {
    private static final int THREADS = 4;

    private TwoCopies() {}

    /** What a copy does. Has a public constructor without parameters; closed in the end. */
    public interface Part extends AutoCloseable {

        /** Called by several threads, with a name that nobody else has. */
        void use(String name) throws Exception;

        @Override
        void close();
    }

    /** Starts the program; it answers for each copy how many names that has used, or what went wrong. */
    public static ChildJvm start(List<String> options, Class<? extends Part> part, int names) throws Exception {
        return ChildJvm.withOptions(options, TwoCopies.class, part.getName(), Integer.toString(names));
    }

    public static void main(String[] arguments) throws Exception {
        ExecutorService copies = Executors.newFixedThreadPool(2);
        try (WithoutClasses first = new WithoutClasses(name -> false);
                WithoutClasses second = new WithoutClasses(name -> false)) {
            List<Future<Object>> results = new ArrayList<>();
            for (ClassLoader loader : List.of(first, second)) {
                Class<?> copy = loader.loadClass(TwoCopies.class.getName());
                results.add(copies.submit(() -> copy.getMethod("use", String.class, int.class)
                        .invoke(null, arguments[0], Integer.parseInt(arguments[1]))));
            }
            for (Future<Object> result : results) {
                ChildJvm.answer(result.get());
            }
        } catch (Exception e) {
            e.printStackTrace();
            ChildJvm.answer(e);
        }
        System.exit(0);
    }

    /** Called by reflection, in each copy: returns how many names were used. */
    public static int use(String type, int names) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try (Part part =
                Class.forName(type).asSubclass(Part.class).getConstructor().newInstance()) {
            String prefix = "copy-" + ProcessHandle.current().pid() + '-' + System.identityHashCode(TwoCopies.class);
            List<Callable<Integer>> parts = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                String ofThread = prefix + '-' + i + '-';
                parts.add(() -> use(part, ofThread, names / THREADS));
            }
            int used = 0;
            for (Future<Integer> thread : threads.invokeAll(parts)) {
                used += thread.get();
            }
            return used;
        } finally {
            threads.shutdownNow();
        }
    }

    private static int use(Part part, String prefix, int names) throws Exception {
        for (int i = 0; i < names; i++) {
            part.use(prefix + i);
        }
        return names;
    }
}
