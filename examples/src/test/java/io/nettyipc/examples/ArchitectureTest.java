/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.nettyipc.mailslot.Mailslot;
import io.nettyipc.pipe.InheritedSocket;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.process.ChildProcess;
import io.nettyipc.process.Fifo;
import io.nettyipc.process.Stdio;
import io.nettyipc.shm.Shm;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The rules of docs/architecture.md, for all modules: this is the one that has them all on its class path. */
class ArchitectureTest {

    private static final DescribedPredicate<JavaClass> FACADES = belongToAnyOf(
            NamedPipe.class,
            InheritedSocket.class,
            Mailslot.class,
            ChildProcess.class,
            Stdio.class,
            Fifo.class,
            Shm.class);

    private static JavaClasses classes;

    @BeforeAll
    static void readClasses() {
        classes = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .withImportOption(location -> !location.contains("-tests.jar"))
                .importPackages("io.nettyipc")
                .that(not(resideInAnyPackage("io.nettyipc.examples..", "io.nettyipc.benchmarks..")));
    }

    /** Else a rule that finds nothing would hold for nothing. */
    @Test
    void everyModuleIsLookedAt() {
        Set<String> packages = new TreeSet<>();
        classes.forEach(each -> packages.add(each.getPackageName()));

        assertTrue(
                packages.containsAll(Set.of(
                        "io.nettyipc.base.channel",
                        "io.nettyipc.base.loop",
                        "io.nettyipc.base.os",
                        "io.nettyipc.base.overlapped",
                        "io.nettyipc.base.socket",
                        "io.nettyipc.codec.call",
                        "io.nettyipc.dockerjava",
                        "io.nettyipc.grpc",
                        "io.nettyipc.mailslot.windows",
                        "io.nettyipc.pipe.windows",
                        "io.nettyipc.process.unix",
                        "io.nettyipc.reactor",
                        "io.nettyipc.shm.ring",
                        "io.nettyipc.vertx")),
                packages::toString);
    }

    /** A facade chooses by platform, so it names classes that name those beside it: it is left out. */
    @Test
    void packagesDependOnEachOtherInOneDirectionOnly() {
        slices().matching("io.nettyipc.(**)")
                .should()
                .beFreeOfCycles()
                .ignoreDependency(FACADES, alwaysTrue())
                .check(classes);
    }

    @Test
    void onlyFacadesChooseByPlatform() {
        noClasses()
                .that(not(FACADES))
                .and()
                .resideInAnyPackage(
                        "io.nettyipc.pipe", "io.nettyipc.mailslot", "io.nettyipc.process", "io.nettyipc.shm..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.nettyipc..windows..", "io.nettyipc..unix..")
                .check(classes);
    }

    /** To Netty, which creates channels by reflection, the other modules may export. */
    @Test
    void onlyTransportBaseExportsInternals() throws Exception {
        Set<String> allowed = Set.of("io.netty.transport");
        for (Class<?> facade : List.of(NamedPipe.class, Mailslot.class, ChildProcess.class, Shm.class)) {
            Path module = Path.of(
                    facade.getProtectionDomain().getCodeSource().getLocation().toURI());
            ModuleDescriptor descriptor =
                    ModuleFinder.of(module).findAll().iterator().next().descriptor();
            for (ModuleDescriptor.Exports exports : descriptor.exports()) {
                assertTrue(allowed.containsAll(exports.targets()), descriptor.name() + ": " + exports);
            }
        }
    }

    @Test
    void onlyOnePackageCallsNativeCode() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.nettyipc.base.os")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.sun.jna..")
                .check(classes);
    }

    @Test
    void transportBaseKnowsNoTransport() {
        noClasses()
                .that()
                .resideInAPackage("io.nettyipc.base..")
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("io.nettyipc..").and(not(resideInAnyPackage("io.nettyipc.base.."))))
                .check(classes);
    }
}
