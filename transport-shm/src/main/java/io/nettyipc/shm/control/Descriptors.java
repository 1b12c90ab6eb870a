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

    /**
     * Checks that writing eight bytes to it can be nothing but a ring. The peer has the same descriptor, and can fill it or
     * make it block after this: eventfds are for peers only that the application trusts so far.
     */
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
        int flags = LibC.fcntl(descriptor, LibC.F_GETFL, 0);
        if (flags < 0) {
            throw new HandshakeException("cannot find out whether the peer's doorbell blocks", LibC.error("fcntl"));
        }
        if ((flags & LibC.O_NONBLOCK) == 0) {
            throw new HandshakeException("the peer's doorbell is an eventfd that blocks its writers");
        }
    }
}
