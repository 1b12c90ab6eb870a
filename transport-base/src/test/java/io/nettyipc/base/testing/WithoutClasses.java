/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.testing;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** This JVM's class path once more and without some of the classes, as if a library were an older version. */
public final class WithoutClasses extends URLClassLoader {
    private final Predicate<String> missing;

    /**
     * @param missing by their full names
     */
    public WithoutClasses(Predicate<String> missing) throws IOException {
        super(classPath(), ClassLoader.getPlatformClassLoader());
        this.missing = missing;
    }

    /** As with a Netty before 4.2: there are no event loops for handlers of others. */
    public static WithoutClasses ofNetty42() throws IOException {
        return new WithoutClasses(
                name -> name.matches("io\\.netty\\.channel\\.(\\w+\\.)?\\w*Io(Handle|Event|Reg|Ops)\\w*"));
    }

    private static URL[] classPath() throws IOException {
        List<URL> entries = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            entries.add(Path.of(entry).toUri().toURL());
        }
        return entries.toArray(URL[]::new);
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        if (missing.test(name)) {
            throw new ClassNotFoundException(name);
        }
        return super.findClass(name);
    }

    /** Calls a public static method without parameters of a public class, as it is here. */
    public Object call(Class<?> type, String method) throws ReflectiveOperationException {
        return loadClass(type.getName()).getMethod(method).invoke(null);
    }
}
