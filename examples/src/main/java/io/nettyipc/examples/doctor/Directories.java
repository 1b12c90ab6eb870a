/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.doctor;

import io.nettyipc.pipe.NamedPipeAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Where sockets and files go, and whether this process may put them there. */
final class Directories {

    private Directories() {}

    static void print(Doctor.Report report) {
        String path = NamedPipeAddress.of("doctor").path();
        report.line("the name \"doctor\" is", path);
        if (path.startsWith("/")) {
            report.line("its directory", described(Path.of(path).getParent()));
            report.line("/dev/shm", described(Path.of("/dev/shm")));
        }
        String chosen = System.getProperty("io.nettyipc.shm.directory");
        if (chosen != null) {
            report.line("io.nettyipc.shm.directory", chosen + ": " + described(Path.of(chosen)));
        }
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        report.line("java.io.tmpdir", temporary + ": " + described(temporary));
    }

    private static String described(Path directory) {
        if (!Files.isDirectory(directory)) {
            return "doesn't exist yet";
        }
        StringBuilder text = new StringBuilder(Files.isWritable(directory) ? "writable" : "not writable");
        try {
            text.append(", owned by ").append(Files.getOwner(directory).getName());
            text.append(", ").append(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)));
        } catch (IOException | UnsupportedOperationException e) {
            // A system without either.
        }
        return text.toString();
    }
}
