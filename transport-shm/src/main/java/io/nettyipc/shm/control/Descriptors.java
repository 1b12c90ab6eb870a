/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.control;

import io.nettyipc.base.os.LibC;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** File descriptors that came from a peer: what they are, and their end. Linux only. */
final class Descriptors {

    private Descriptors() {}

    static void close(int... descriptors) {
        for (int descriptor : descriptors) {
            LibC.close(descriptor);
        }
    }

    /** Checks that it is one. What the peer, who has it too, makes of it after this is the peer's problem. */
    static void checkEventFd(int descriptor) throws HandshakeException {
        String target;
        try {
            target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
        } catch (IOException e) {
            throw new HandshakeException("cannot find out what the peer's descriptor is: " + e, e);
        }
        if (!target.equals("anon_inode:[eventfd]")) {
            throw new HandshakeException("the peer's doorbell is not an eventfd but " + target);
        }
    }
}
