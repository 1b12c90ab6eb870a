/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.os;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "names are no files there")
class RuntimeDirectoryTest {
    @TempDir
    Path directory;

    private RuntimeDirectory locate(Path... ofUser) {
        return RuntimeDirectory.locate(
                Arrays.stream(ofUser).map(Path::toString).toList(), List.of(directory), UnixUsers.ownId());
    }

    private Path file(String place, String mode) throws Exception {
        Path names = Files.createDirectories(directory.resolve(place));
        Files.setPosixFilePermissions(names, PosixFilePermissions.fromString(mode));
        return Files.createFile(names.resolve("orders.sock"));
    }

    /** A login shell has the variable; cron and services of the user don't. */
    @Test
    void theDirectoryOfTheUserIsUsedAlsoWithoutTheVariable() throws Exception {
        Path own = Files.createDirectory(directory.resolve("run"));

        assertEquals(
                own.resolve("nettyipc"),
                locate(directory.resolve("missing"), own).path());
    }

    @Test
    void aFileIsFoundInAnotherPlaceIfItIsInNoneBefore() throws Exception {
        Path own = Files.createDirectory(directory.resolve("run"));
        RuntimeDirectory names = locate(own);
        Path wanted = names.socketPath("orders");
        assertEquals(wanted, names.find(wanted));

        Path other = file("nettyipc-" + UnixUsers.ownId(), "rwx------");
        assertEquals(other, names.find(wanted));
        assertEquals(List.of(other), names.elsewhere(wanted));

        file("run/nettyipc", "rwx------");
        assertEquals(wanted, names.find(wanted));
    }

    @Test
    void aFileThatOthersCanHavePutThereIsNotFound() throws Exception {
        RuntimeDirectory names = locate(Files.createDirectory(directory.resolve("run")));
        file("nettyipc-" + UnixUsers.ownId(), "rwxrwxrwx");

        assertEquals(names.socketPath("orders"), names.find(names.socketPath("orders")));
    }
}
