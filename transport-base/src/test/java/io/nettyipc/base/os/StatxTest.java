/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.os;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(value = OS.LINUX, disabledReason = "other systems have no such call")
class StatxTest {

    @TempDir
    Path directory;

    private static boolean isPrivate(Path path) {
        return Statx.isPrivateDirectory(path.toString(), UnixUsers.ownId());
    }

    @Test
    void onlyDirectoriesThatNobodyElseMayUseArePrivate() throws Exception {
        Path own = Files.createDirectory(directory.resolve("own-ü"));
        Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwx------"));
        assertTrue(isPrivate(own));
        assertFalse(Statx.isPrivateDirectory(own.toString(), UnixUsers.ownId() + 1));
        for (String open : new String[] {"rwxr-----", "rwx--x---", "rwx----w-"}) {
            Files.setPosixFilePermissions(own, PosixFilePermissions.fromString(open));
            assertFalse(isPrivate(own), open);
        }
        Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwx------"));
        assertFalse(isPrivate(Files.createSymbolicLink(directory.resolve("link"), own)));
        Path file = Files.createFile(own.resolve("file"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        assertFalse(isPrivate(file));
        assertFalse(isPrivate(own.resolve("nothing")));
    }
}
