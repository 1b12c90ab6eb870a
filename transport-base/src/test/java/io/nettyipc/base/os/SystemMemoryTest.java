/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemMemoryTest {
    @TempDir
    Path root;

    private void file(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    @Test
    void theMachinesMemoryIsTheLimitOfAProcessWithoutAGroup() throws Exception {
        file("proc/meminfo", "MemTotal:       2048 kB\nMemFree: 5 kB\n");

        assertEquals(2 << 20, SystemMemory.limit(root));
    }

    @Test
    void theSmallestLimitOfItsGroupsIsAProcesss() throws Exception {
        file("proc/meminfo", "MemTotal:       2048 kB\n");
        file("proc/self/cgroup", "0::/system.slice/app.service\n");
        file("sys/fs/cgroup/system.slice/app.service/memory.max", "max\n");
        file("sys/fs/cgroup/system.slice/memory.max", "1000000\n");

        assertEquals(1_000_000, SystemMemory.limit(root));
    }

    @Test
    void aContainersGroupIsTheRootThatItSees() throws Exception {
        file("proc/self/cgroup", "0::/../../kubepods/pod1\n");
        file("sys/fs/cgroup/memory.max", "300000\n");

        assertEquals(300_000, SystemMemory.limit(root));
    }

    @Test
    void theFirstVersionOfGroupsHasItsMemoryInOneOfItsTrees() throws Exception {
        file("proc/self/cgroup", "5:cpu:/a\n4:memory:/docker/1\n");
        file("sys/fs/cgroup/memory/docker/1/memory.limit_in_bytes", "500000\n");
        file("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");

        assertEquals(500_000, SystemMemory.limit(root));
    }

    @Test
    void thisMachineHasSome() {
        assertTrue(SystemMemory.limit() > 1 << 20);
    }
}
