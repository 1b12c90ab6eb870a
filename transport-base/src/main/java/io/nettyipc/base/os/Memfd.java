/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.os;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.io.IOException;

/**
 * Linux's anonymous files, and the seals on them.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/memfd_create.2.html">memfd_create(2)</a>
 * @see <a href="https://man7.org/linux/man-pages/man2/F_GET_SEALS.2const.html">F_GET_SEALS(2const)</a>
 */
public final class Memfd {

    public static final int F_SEAL_SEAL = 1;
    public static final int F_SEAL_SHRINK = 2;
    public static final int F_SEAL_GROW = 4;
    public static final int F_SEAL_FUTURE_WRITE = 16;

    private static final int MFD_CLOEXEC = 1;
    private static final int MFD_ALLOW_SEALING = 2;
    private static final int MFD_NOEXEC_SEAL = 8;
    private static final int F_ADD_SEALS = 1033;
    private static final int F_GET_SEALS = 1034;
    private static final int EINVAL = 22;

    static {
        Native.register(Memfd.class, NativeLibrary.getProcess());
    }

    private Memfd() {}

    /** Returns the descriptor of a new empty file that can be sealed and is closed in children. */
    public static int create(String name) throws IOException {
        int flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
        // Not executable: asked for from Linux 6.3 on, where an administrator may insist; unknown before.
        int descriptor = memfd_create(name, flags | MFD_NOEXEC_SEAL);
        if (descriptor < 0 && Native.getLastError() == EINVAL) {
            descriptor = memfd_create(name, flags);
        }
        if (descriptor < 0) {
            throw LibC.error("memfd_create");
        }
        return descriptor;
    }

    /** Takes all pages now. Linux hands out more than it has, and would answer with SIGBUS at the first access. */
    public static void allocate(int descriptor, int size) throws IOException {
        while (fallocate(descriptor, 0, 0, size) != 0) {
            int error = Native.getLastError();
            if (error != LibC.EINTR) {
                throw LibC.error("fallocate of " + size + " bytes", error);
            }
        }
    }

    public static void seal(int descriptor, int seals) throws IOException {
        if (LibC.fcntl(descriptor, F_ADD_SEALS, seals) != 0) {
            throw LibC.error("fcntl(F_ADD_SEALS)");
        }
    }

    /** Returns the seals on a file, or -1 if it is of a kind that can't have any. */
    public static int seals(int descriptor) throws IOException {
        int seals = LibC.fcntl(descriptor, F_GET_SEALS, 0);
        if (seals < 0) {
            int error = Native.getLastError();
            if (error != EINVAL) {
                throw LibC.error("fcntl(F_GET_SEALS)", error);
            }
        }
        return seals;
    }

    private static native int memfd_create(String name, int flags);

    private static native int fallocate(int descriptor, int mode, long offset, long size);
}
