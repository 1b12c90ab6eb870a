/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.control;

import io.nettyipc.base.os.LibC;
import java.io.IOException;

/** File descriptors that came from a peer: what they are, and their end. Linux only. */
final class Descriptors {

    private Descriptors() {}

    static void close(int... descriptors) {
        for (int descriptor : descriptors) {
            LibC.close(descriptor);
        }
    }

    /** Checks that it is one, by what the kernel calls it. */
    static void checkEventFd(int descriptor) throws HandshakeException {
        String target;
        try {
            target = LibC.readLink("/proc/self/fd/" + descriptor);
        } catch (IOException e) {
            throw new HandshakeException("cannot find out what the peer's descriptor is: " + e.getMessage(), e);
        }
        if (!target.equals("anon_inode:[eventfd]")) {
            throw new HandshakeException("the peer's doorbell is not an eventfd but " + target);
        }
    }
}
