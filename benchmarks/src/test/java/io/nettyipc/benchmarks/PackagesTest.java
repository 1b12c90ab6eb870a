/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The rule that the examples' ArchitectureTest has for all other modules, without this one on its class path. */
class PackagesTest {

    @Test
    void packagesDependOnEachOtherInOneDirectionOnly() {
        JavaClasses classes = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.nettyipc.benchmarks");
        // Else the rule would hold for nothing.
        assertTrue(classes.stream().anyMatch(each -> each.getPackageName().endsWith(".benchmarks.workload")));

        slices().matching("io.nettyipc.(**)").should().beFreeOfCycles().check(classes);
    }
}
