/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.segment;

import io.nettyipc.base.os.LibC;
import io.nettyipc.shm.segment.Segment.Kind;
import java.io.IOException;
import java.nio.file.Path;

/**
 * How one test process tells another, in one line, what to open. The channel sends a descriptor over a socket instead.
 */
final class SegmentLine {

    private SegmentLine() {}

    static String of(Segment segment) {
        String where = segment.kind() == Kind.MEMFD
                ? "/proc/" + ProcessHandle.current().pid() + "/fd/" + segment.descriptor()
                : segment.name();
        return segment.kind() + " " + segment.size() + " " + where;
    }

    static Segment open(String line) throws IOException {
        String[] words = line.split(" ", 3);
        int size = Integer.parseInt(words[1]);
        return switch (Kind.valueOf(words[0])) {
            case MEMFD -> Segment.openMemfd(openDescriptor(words[2], LibC.O_RDWR), size);
            case FILE -> Segment.openFile(Path.of(words[2]), size);
            case SECTION -> Segment.openSection(words[2], size);
        };
    }

    static int openDescriptor(String path, int access) throws IOException {
        int descriptor = LibC.open(path, access | LibC.O_CLOEXEC);
        if (descriptor < 0) {
            throw LibC.error("open " + path);
        }
        return descriptor;
    }
}
