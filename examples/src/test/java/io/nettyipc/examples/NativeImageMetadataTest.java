/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples;

import static com.tngtech.archunit.core.domain.JavaModifier.ABSTRACT;
import static com.tngtech.archunit.core.domain.JavaModifier.NATIVE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeMapped;
import com.sun.jna.Structure;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * What a native image has to be told of each module, in
 * {@code META-INF/native-image/io.nettyipc/ARTIFACT/reachability-metadata.json}, against what the modules' classes do.
 * This runs on a JVM: it shows that nothing is forgotten, not that an image works, which is for
 * {@code .github/workflows/native-image.yml}.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it finds the same there")
class NativeImageMetadataTest {

    /** What these classes ask for by reflection or method handles; a class that begins to is reported. */
    private static final Map<String, List<String>> REFLECTION = Map.of(
            "io.nettyipc.base.channel.RegionFile",
            List.of(
                    "io.netty.channel.DefaultFileRegion file",
                    "io.netty.channel.DefaultFileRegion transferred",
                    "io.netty.channel.DefaultFileRegion transferTo(java.nio.channels.WritableByteChannel,long)"),
            "io.nettyipc.base.loop.LoopCount",
            List.of("io.nettyipc.base.loop.LoopCount value"),
            "io.nettyipc.base.os.DeniedAccess",
            List.of("java.lang.Module isNativeAccessEnabled()"),
            "io.nettyipc.base.os.NettyVersion",
            List.of("io.netty.channel.IoHandle registered()"),
            "io.nettyipc.base.overlapped.OverlappedChannel",
            List.of("io.netty.channel.AbstractChannel$AbstractUnsafe deregister(io.netty.channel.ChannelPromise)"),
            "io.nettyipc.shm.ring.AddressCopy",
            List.of(
                    "io.netty.util.internal.PlatformDependent copyMemory(long,long,long)",
                    "java.lang.foreign.MemorySegment NULL",
                    "java.lang.foreign.MemorySegment reinterpret(long)",
                    "java.lang.foreign.MemorySegment copy(java.lang.foreign.MemorySegment,long,"
                            + "java.lang.foreign.MemorySegment,long,long)"),
            "io.nettyipc.grpc.LoopPools",
            List.of(
                    "io.grpc.netty.NettyChannelBuilder eventLoopGroupPool(io.grpc.internal.ObjectPool)",
                    "io.grpc.netty.NettyServerBuilder bossEventLoopGroupPool(io.grpc.internal.ObjectPool)",
                    "io.grpc.netty.NettyServerBuilder workerEventLoopGroupPool(io.grpc.internal.ObjectPool)"),
            "io.nettyipc.vertx.IpcTransport",
            List.of("io.vertx.core.spi.transport.Transport ioHandlerFactory()"));

    /** Methods that need an entry for what they find; by a constant name they may do without, but not always. */
    private static final Map<String, Set<String>> REFLECTIVE_METHODS = Map.of(
            Class.class.getName(),
            Set.of(
                    "forName",
                    "getConstructor",
                    "getConstructors",
                    "getDeclaredConstructor",
                    "getDeclaredConstructors",
                    "getDeclaredField",
                    "getDeclaredFields",
                    "getDeclaredMethod",
                    "getDeclaredMethods",
                    "getField",
                    "getFields",
                    "getMethod",
                    "getMethods",
                    "getResource",
                    "getResourceAsStream"),
            ClassLoader.class.getName(),
            Set.of("loadClass", "getResource", "getResources", "getResourceAsStream"),
            MethodHandles.Lookup.class.getName(),
            Set.of(
                    "findClass",
                    "findConstructor",
                    "findGetter",
                    "findSetter",
                    "findSpecial",
                    "findStatic",
                    "findStaticGetter",
                    "findStaticVarHandle",
                    "findVarHandle",
                    "findVirtual"),
            "java.lang.reflect.Proxy",
            Set.of("newProxyInstance"),
            "java.util.ServiceLoader",
            Set.of("load", "loadInstalled"));

    /** BlockHound is an agent, of which an image has none. */
    private static final String OF_AN_AGENT = "reactor.blockhound.integration.BlockHoundIntegration";

    private static final List<String> LIBRARIES = List.of(
            "linux-x86-64/libjnidispatch.so",
            "linux-aarch64/libjnidispatch.so",
            "win32-x86-64/jnidispatch.dll",
            "win32-aarch64/jnidispatch.dll",
            "darwin-x86-64/libjnidispatch.jnilib",
            "darwin-aarch64/libjnidispatch.jnilib");

    private static final Path ROOT = root();

    private static final Map<String, Module> MODULES = new TreeMap<>();

    /** A module that is published, as its compiler and its resources left it. */
    private record Module(String name, Path classDirectory, JavaClasses classes, Metadata metadata) {}

    /** The entries of one file, or of all of them. */
    private static final class Metadata {
        private final Map<String, List<JsonObject>> types = new LinkedHashMap<>();
        private final Set<List<String>> proxies = new HashSet<>();
        private final List<String> globs = new ArrayList<>();

        void add(JsonObject file) {
            for (JsonElement each : array(file, "reflection")) {
                JsonObject entry = each.getAsJsonObject();
                if (entry.get("type").isJsonObject()) {
                    List<String> interfaces = new ArrayList<>();
                    entry.getAsJsonObject("type")
                            .getAsJsonArray("proxy")
                            .forEach(name -> interfaces.add(name.getAsString()));
                    proxies.add(interfaces);
                } else {
                    types.computeIfAbsent(entry.get("type").getAsString(), name -> new ArrayList<>())
                            .add(entry);
                }
            }
            array(file, "resources")
                    .forEach(
                            each -> globs.add(each.getAsJsonObject().get("glob").getAsString()));
        }

        boolean hasType(String name) {
            return types.containsKey(name);
        }

        boolean has(String name, String flag) {
            return types.getOrDefault(name, List.of()).stream().anyMatch(entry -> isSet(entry, flag));
        }

        /** A field by its name, or a method as {@code name(type,type)}. */
        boolean hasMember(String name, String member) {
            return types.getOrDefault(name, List.of()).stream()
                    .anyMatch(entry -> members(entry).contains(member));
        }

        boolean hasResource(String path) {
            return globs.stream()
                    .anyMatch(glob -> FileSystems.getDefault()
                            .getPathMatcher("glob:" + glob)
                            .matches(Path.of(path)));
        }
    }

    private static Path root() {
        try {
            return Path.of(NativeImageMetadataTest.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .resolve("../../..")
                    .normalize();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeAll
    static void readModules() throws IOException {
        for (Path parent : List.of(ROOT, ROOT.resolve("integrations"))) {
            try (Stream<Path> directories = Files.list(parent)) {
                for (Path directory : directories.toList()) {
                    Path classes = directory.resolve("target/classes");
                    if (Files.exists(directory.resolve("src/main/java/module-info.java")) && Files.exists(classes)) {
                        String name = directory.getFileName().toString();
                        MODULES.put(
                                name,
                                new Module(
                                        name,
                                        classes,
                                        new ClassFileImporter().importPath(classes),
                                        metadata(name, classes)));
                    }
                }
            }
        }
    }

    private static Metadata metadata(String module, Path classes) throws IOException {
        Metadata metadata = new Metadata();
        Path file =
                classes.resolve("META-INF/native-image/io.nettyipc/nettyipc-" + module + "/reachability-metadata.json");
        if (Files.exists(file)) {
            metadata.add(JsonParser.parseString(Files.readString(file)).getAsJsonObject());
        }
        return metadata;
    }

    /** Else a rule that finds nothing would hold for nothing. */
    @Test
    void everyModuleIsLookedAt() {
        assertTrue(
                MODULES.keySet()
                        .containsAll(Set.of(
                                "transport-base",
                                "transport-pipe",
                                "transport-mailslot",
                                "transport-process",
                                "transport-shm",
                                "codec-message",
                                "grpc")),
                () -> MODULES.keySet() + " in " + ROOT);
    }

    /** Native.register looks for the methods by reflection, and binds them by JNI. */
    @Test
    void classesWhoseNativeMethodsJnaBindsAreNamed() {
        Set<String> missing = new TreeSet<>();
        int found = 0;
        for (Module module : MODULES.values()) {
            for (JavaClass each : module.classes) {
                if (each.getMethods().stream()
                        .anyMatch(method -> method.getModifiers().contains(NATIVE))) {
                    found++;
                    if (!module.metadata.has(each.getName(), "jniAccessible")
                            || !module.metadata.has(each.getName(), "allDeclaredMethods")) {
                        missing.add(module.name + ": " + each.getName());
                    }
                }
            }
        }
        assertNothing(missing, "need jniAccessible and allDeclaredMethods");
        assertTrue(found >= 12, "only " + found + " classes with native methods");
    }

    @Test
    void interfacesThatJnaImplementsAreNamedAsProxies() {
        Set<String> missing = new TreeSet<>();
        Set<String> found = new TreeSet<>();
        for (Module module : MODULES.values()) {
            Set<JavaClass> libraries = new HashSet<>();
            for (JavaClass each : module.classes) {
                if (each.isInterface() && each.isAssignableTo(Library.class)) {
                    libraries.add(each);
                }
                libraries.addAll(librariesOf(each));
                each.getDirectDependenciesFromSelf().stream()
                        .map(dependency -> dependency.getTargetClass())
                        .filter(target -> target.getName().matches("com\\.sun\\.jna\\.platform\\.win32\\.\\w+Util"))
                        .forEach(target -> libraries.addAll(librariesOf(resolved(target))));
            }
            for (JavaClass library : libraries) {
                found.add(library.getName());
                if (!module.metadata.proxies.contains(List.of(library.getName()))
                        || !module.metadata.has(library.getName(), "allPublicFields")) {
                    missing.add(module.name + ": " + library.getName());
                }
            }
        }
        assertNothing(missing, "need a proxy, and allPublicFields");
        assertTrue(
                found.containsAll(Set.of("io.nettyipc.base.os.LibC$Variadic", "com.sun.jna.platform.win32.Advapi32")),
                found::toString);
    }

    private static Set<JavaClass> librariesOf(JavaClass user) {
        Set<JavaClass> libraries = new HashSet<>();
        user.getDirectDependenciesFromSelf().stream()
                .map(dependency -> dependency.getTargetClass())
                .filter(target -> target.isInterface()
                        && target.isAssignableTo(Library.class)
                        && !target.isEquivalentTo(Library.class)
                        && !target.getPackageName().equals("com.sun.jna.win32"))
                .forEach(libraries::add);
        return libraries;
    }

    /** With what it depends on, which classes outside of the modules lack. */
    private static JavaClass resolved(JavaClass type) {
        return new ClassFileImporter().importClasses(type.reflect()).get(type.getName());
    }

    @Test
    void structuresAndTypesThatJnaMakesAreNamed() {
        Set<String> missing = new TreeSet<>();
        Set<JavaClass> seen = new HashSet<>();
        for (Module module : MODULES.values()) {
            for (JavaClass each : module.classes) {
                each.getDirectDependenciesFromSelf().stream()
                        .map(dependency -> dependency.getTargetClass())
                        .forEach(target -> addMissingJnaTypes(module, target, seen, missing));
            }
        }
        assertNothing(missing, "need allDeclaredConstructors, and structures allDeclaredFields");
        assertTrue(
                seen.stream().anyMatch(type -> type.getName().endsWith("SID_AND_ATTRIBUTES")),
                "no structure within a structure was found");
    }

    private static void addMissingJnaTypes(Module module, JavaClass type, Set<JavaClass> seen, Set<String> missing) {
        JavaClass element = type.getBaseComponentType();
        boolean structure = element.isAssignableTo(Structure.class);
        if (!(structure || element.isAssignableTo(NativeMapped.class))
                || Set.of(Structure.class.getName(), NativeMapped.class.getName())
                        .contains(element.getName())
                || !seen.add(element)) {
            return;
        }
        if (!module.metadata.has(element.getName(), "allDeclaredConstructors")
                || (structure && !module.metadata.has(element.getName(), "allDeclaredFields"))) {
            missing.add(module.name + ": " + element.getName());
        }
        if (structure) {
            for (JavaField field : resolved(element).getAllFields()) {
                addMissingJnaTypes(module, field.getRawType(), seen, missing);
            }
        }
    }

    /** By Bootstrap.channel(Class). */
    @Test
    void constructorsOfChannelsAreNamed() {
        Set<String> missing = new TreeSet<>();
        Set<String> found = new TreeSet<>();
        for (Module module : MODULES.values()) {
            for (JavaClass each : module.classes) {
                if (each.isAssignableTo(Channel.class)
                        && !each.getModifiers().contains(ABSTRACT)
                        && each.getConstructors().stream()
                                .anyMatch(constructor ->
                                        constructor.getRawParameterTypes().isEmpty())) {
                    found.add(each.getName());
                    if (!module.metadata.hasMember(each.getName(), "<init>()")) {
                        missing.add(module.name + ": " + each.getName());
                    }
                }
            }
        }
        assertNothing(missing, "need the method <init> without parameters");
        assertTrue(
                found.containsAll(Set.of(
                        io.nettyipc.shm.Shm.channelType().getName(),
                        io.nettyipc.shm.Shm.serverChannelType().getName(),
                        "io.nettyipc.pipe.windows.WindowsNamedPipeChannel",
                        "io.nettyipc.pipe.windows.WindowsNamedPipeServerChannel",
                        "io.nettyipc.process.unix.UnixProcessChannel",
                        "io.nettyipc.mailslot.unix.UnixMailslotChannel")),
                found::toString);
    }

    /** Netty asks a handler's class which of its methods do nothing but pass on. */
    @Test
    void handlersAreNamed() {
        Set<String> missing = new TreeSet<>();
        for (Module module : MODULES.values()) {
            for (JavaClass each : module.classes) {
                if (each.isAssignableTo(ChannelHandler.class) && !module.metadata.hasType(each.getName())) {
                    missing.add(module.name + ": " + each.getName());
                }
            }
        }
        assertNothing(missing, "need an entry");
    }

    @Test
    void providersOfServicesAreNamed() throws IOException {
        Set<String> missing = new TreeSet<>();
        int found = 0;
        for (Module module : MODULES.values()) {
            Path services = module.classDirectory.resolve("META-INF/services");
            if (!Files.exists(services)) {
                continue;
            }
            try (Stream<Path> files = Files.list(services)) {
                for (Path file : files.toList()) {
                    if (file.endsWith(OF_AN_AGENT)) {
                        continue;
                    }
                    if (!module.metadata.hasResource("META-INF/services/" + file.getFileName())) {
                        missing.add(module.name + ": the resource " + file.getFileName());
                    }
                    for (String provider : Files.readAllLines(file)) {
                        found++;
                        if (!module.metadata.hasMember(provider.strip(), "<init>()")) {
                            missing.add(module.name + ": " + provider);
                        }
                    }
                }
            }
        }
        assertNothing(missing, "need a resource, and their constructors");
        assertTrue(found >= 3, "only " + found + " providers");
    }

    @Test
    void whatIsFoundByReflectionIsNamed() {
        Set<String> callers = new TreeSet<>();
        Set<String> missing = new TreeSet<>();
        for (Module module : MODULES.values()) {
            for (JavaClass each : module.classes) {
                if (each.getAccessesFromSelf().stream().anyMatch(NativeImageMetadataTest::isReflective)) {
                    callers.add(each.getName());
                    for (String needed : REFLECTION.getOrDefault(each.getName(), List.of())) {
                        int space = needed.indexOf(' ');
                        if (!module.metadata.hasMember(needed.substring(0, space), needed.substring(space + 1))) {
                            missing.add(module.name + ": " + needed);
                        }
                    }
                }
            }
        }
        Set<String> known = new TreeSet<>(REFLECTION.keySet());
        if (!MODULES.containsKey("vertx")) {
            known.remove("io.nettyipc.vertx.IpcTransport");
        }
        assertEquals(known, callers, "a class uses reflection, or no longer does: name in REFLECTION what it finds");
        assertNothing(missing, "need an entry");
    }

    private static boolean isReflective(JavaAccess<?> access) {
        return REFLECTIVE_METHODS
                .getOrDefault(access.getTargetOwner().getName(), Set.of())
                .contains(access.getTarget().getName());
    }

    /** A library has their names in it. */
    @Test
    void whatJnasLibrariesFindByJniIsNamed() throws IOException {
        Metadata metadata = MODULES.get("transport-base").metadata;
        Set<String> missing = new TreeSet<>();
        for (String library : LIBRARIES) {
            String path = "com/sun/jna/" + library;
            Set<String> found = namesIn(path);
            assertTrue(
                    found.containsAll(Set.of("com.sun.jna.Pointer", "com.sun.jna.Structure", "java.lang.String")),
                    () -> path + ": " + found);
            found.removeIf(name -> metadata.has(name, "jniAccessible"));
            missing.addAll(found);
            if (!metadata.hasResource(path)) {
                missing.add("the resource " + path);
            }
        }
        assertNothing(missing, "need jniAccessible");
    }

    private static Set<String> namesIn(String library) throws IOException {
        String text;
        try (InputStream in = Native.class.getClassLoader().getResourceAsStream(library)) {
            text = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
        Set<String> names = new TreeSet<>();
        Matcher matcher = Pattern.compile("\0((?:java/(?:lang|nio)|com/sun/jna)/[\\w/$]+)(?=\0)")
                .matcher(text);
        while (matcher.find()) {
            names.add(matcher.group(1).replace('/', '.'));
        }
        return names;
    }

    /** A name that is misspelt, or was renamed, would be passed over in silence. */
    @Test
    void whatIsNamedExists() throws IOException {
        List<Runnable> checks = new ArrayList<>();
        Set<String> unknown = new TreeSet<>();
        for (Module module : MODULES.values()) {
            ClassLoader loader = loader(module.classDirectory);
            for (Map.Entry<String, List<JsonObject>> type : module.metadata.types.entrySet()) {
                checks.add(() -> type.getValue().forEach(entry -> addUnknown(loader, type.getKey(), entry, unknown)));
            }
            for (List<String> proxy : module.metadata.proxies) {
                checks.add(() -> proxy.forEach(name -> addUnknown(loader, name, new JsonObject(), unknown)));
            }
        }
        checks.forEach(Runnable::run);

        assertNothing(unknown, "don't exist");
        assertFalse(checks.isEmpty());
    }

    private static void addUnknown(ClassLoader loader, String name, JsonObject entry, Set<String> unknown) {
        try {
            Class<?> type = Class.forName(name, false, loader);
            if (entry.has("condition")) {
                Class.forName(
                        entry.getAsJsonObject("condition").get("typeReached").getAsString(), false, loader);
            }
            Set<String> missing = members(entry);
            if (!missing.isEmpty() && !isOlderThanTheEntry(name)) {
                missing.removeAll(members(type));
                missing.forEach(member -> unknown.add(name + ' ' + member));
            }
        } catch (ClassNotFoundException e) {
            if (!isOlderThanTheEntry(name)) {
                unknown.add(name + ", or its condition");
            }
        }
    }

    /** What is looked for in the JDK came with 22, and is done without before. */
    private static boolean isOlderThanTheEntry(String name) {
        return name.startsWith("java.lang.") && Runtime.version().feature() < 22;
    }

    /** Of a module's classes and of what it is compiled with. */
    private static ClassLoader loader(Path classes) throws IOException {
        List<URL> locations = new ArrayList<>(List.of(classes.toUri().toURL()));
        Path classPath = classes.resolveSibling("test.classpath");
        if (Files.exists(classPath)) {
            for (String entry : Files.readString(classPath).strip().split(File.pathSeparator, -1)) {
                locations.add(Path.of(entry).toUri().toURL());
            }
        }
        return new URLClassLoader(locations.toArray(URL[]::new), NativeImageMetadataTest.class.getClassLoader());
    }

    private static Set<String> members(JsonObject entry) {
        Set<String> members = new TreeSet<>();
        array(entry, "fields")
                .forEach(
                        field -> members.add(field.getAsJsonObject().get("name").getAsString()));
        for (JsonElement each : array(entry, "methods")) {
            List<String> parameters = new ArrayList<>();
            array(each.getAsJsonObject(), "parameterTypes").forEach(type -> parameters.add(type.getAsString()));
            members.add(each.getAsJsonObject().get("name").getAsString() + '(' + String.join(",", parameters) + ')');
        }
        return members;
    }

    private static Set<String> members(Class<?> type) {
        Set<String> members = new TreeSet<>();
        Stream.of(type.getDeclaredFields()).forEach(field -> members.add(field.getName()));
        for (Method method : type.getDeclaredMethods()) {
            members.add(method.getName() + parameters(method.getParameterTypes()));
        }
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            members.add("<init>" + parameters(constructor.getParameterTypes()));
        }
        return members;
    }

    private static String parameters(Class<?>[] types) {
        List<String> names = new ArrayList<>();
        Stream.of(types).forEach(type -> names.add(type.getTypeName()));
        return '(' + String.join(",", names) + ')';
    }

    private static boolean isSet(JsonObject entry, String flag) {
        return entry.has(flag) && entry.get(flag).getAsBoolean();
    }

    private static JsonArray array(JsonObject of, String name) {
        return of.has(name) ? of.getAsJsonArray(name) : new JsonArray();
    }

    private static void assertNothing(Set<String> names, String what) {
        assertTrue(names.isEmpty(), () -> what + ":\n" + String.join("\n", names));
    }
}
