/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

/** The jars are OSGi bundles: a framework resolves them with Netty's and JNA's, and they work in it. */
@Timeout(120)
class OsgiTest {

    /** What users get of them is enough: no other jar of the class path is given to the framework. */
    private static final String BUNDLES = "(io\\.netty\\.|com\\.sun\\.jna|io\\.nettyipc\\.(transport|codec)\\.).*";

    private static final String PROJECT = "io.nettyipc.";

    @Test
    void theBundlesResolveAndEchoOverPipesAndSharedMemory(@TempDir Path directory) throws Exception {
        Framework framework = ServiceLoader.load(FrameworkFactory.class)
                .findFirst()
                .orElseThrow()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE,
                        directory.resolve("bundles").toString()));
        framework.start();
        try {
            List<Bundle> bundles = new ArrayList<>();
            for (Path location : bundles().values()) {
                bundles.add(framework.getBundleContext().installBundle("reference:" + location.toUri()));
            }
            Bundle application =
                    framework.getBundleContext().installBundle("application", new ByteArrayInputStream(application()));
            for (Bundle bundle : bundles) {
                if (bundle.getHeaders().get(Constants.FRAGMENT_HOST) == null
                        && bundle.getSymbolicName().startsWith(PROJECT)) {
                    bundle.start(); // says which of its imports nobody exports
                }
            }
            application.start();
            Class<?> echo = application.loadClass(OsgiEcho.class.getName());
            Class<?> shm = application.loadClass("io.nettyipc.shm.Shm");

            assertTrue(OsgiEcho.class != echo, "the framework's own class is meant");
            assertEquals(
                    "io.nettyipc.transport.shm",
                    org.osgi.framework.FrameworkUtil.getBundle(shm).getSymbolicName());
            assertEquals(
                    List.of("pipe: hello", "shm: hello"), echo.getMethod("run").invoke(null));
        } finally {
            framework.stop();
            framework.waitForStop(30_000);
        }
    }

    @Test
    void aBundleExportsWhatItsModuleDoes() throws Exception {
        Set<String> found = new TreeSet<>();
        for (Map.Entry<String, Path> bundle : bundles().entrySet()) {
            if (!bundle.getKey().startsWith(PROJECT)) {
                continue;
            }
            ModuleDescriptor module = ModuleFinder.of(bundle.getValue())
                    .findAll()
                    .iterator()
                    .next()
                    .descriptor();
            Set<String> exported = new TreeSet<>();
            module.exports().stream()
                    .filter(exports -> !exports.isQualified())
                    .forEach(exports -> exported.add(exports.source()));
            found.add(module.name());

            assertEquals(module.name(), bundle.getKey());
            assertEquals(exported, exportedPackages(bundle.getValue()), module.name());
        }
        assertTrue(
                found.containsAll(Set.of("io.nettyipc.transport.pipe", "io.nettyipc.codec.message")), found::toString);
    }

    /** Without those that are for the project's own bundles. */
    private static Set<String> exportedPackages(Path location) throws IOException {
        Set<String> packages = new TreeSet<>();
        String header = manifest(location).getMainAttributes().getValue(Constants.EXPORT_PACKAGE);
        // Commas within quotes are in versions and lists of packages.
        for (String clause : header.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", -1)) {
            if (!clause.contains("x-internal:=true")) {
                packages.add(clause.split(";", -1)[0]);
            }
        }
        return packages;
    }

    /** Those of the class path, by their names: jars, or the directories of modules that are not packaged yet. */
    private static Map<String, Path> bundles() throws IOException {
        Map<String, Path> bundles = new TreeMap<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path location = Path.of(entry).toAbsolutePath();
            Manifest manifest = Files.exists(location) ? manifest(location) : null;
            String name =
                    manifest == null ? null : manifest.getMainAttributes().getValue(Constants.BUNDLE_SYMBOLICNAME);
            if (name != null && name.matches(BUNDLES) && !entry.endsWith("-tests.jar")) {
                bundles.put(name.split(";", -1)[0], location);
            }
        }
        return bundles;
    }

    private static Manifest manifest(Path location) throws IOException {
        if (Files.isDirectory(location)) {
            Path file = location.resolve(JarFile.MANIFEST_NAME);
            if (!Files.exists(file)) {
                return null;
            }
            try (InputStream in = Files.newInputStream(file)) {
                return new Manifest(in);
            }
        }
        try (JarFile jar = new JarFile(location.toFile())) {
            return jar.getManifest();
        }
    }

    /** A bundle of {@link OsgiEcho}, which imports what an application has to. */
    private static byte[] application() throws IOException {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
        attributes.putValue(Constants.BUNDLE_SYMBOLICNAME, "application");
        attributes.putValue(
                Constants.IMPORT_PACKAGE,
                "io.netty.bootstrap,io.netty.buffer,io.netty.channel,io.netty.channel.unix,io.netty.util,"
                        + "io.netty.util.concurrent,io.nettyipc.pipe,io.nettyipc.shm");
        Map<String, byte[]> classes = new HashMap<>();
        String folder = OsgiEcho.class.getPackageName().replace('.', '/') + '/';
        Path directory;
        try {
            directory = Path.of(OsgiEcho.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .resolve(folder);
        } catch (java.net.URISyntaxException e) {
            throw new IOException(e);
        }
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.startsWith("OsgiEcho")) {
                    classes.put(folder + name, Files.readAllBytes(file));
                }
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
            for (Map.Entry<String, byte[]> each : classes.entrySet()) {
                jar.putNextEntry(new JarEntry(each.getKey()));
                jar.write(each.getValue());
                jar.closeEntry();
            }
        }
        return bytes.toByteArray();
    }
}
