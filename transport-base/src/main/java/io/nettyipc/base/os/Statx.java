/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.os;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One of Linux's calls for what there is at a path. The JDK's way takes ten times as long, which counts for a client
 * that connects often.
 */
final class Statx {

    private static final int AT_FDCWD = -100;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int STATX_TYPE = 1;
    private static final int STATX_MODE = 2;
    private static final int STATX_UID = 8;
    private static final int WANTED = STATX_TYPE | STATX_MODE | STATX_UID;

    /** {@code struct statx} is the same on every architecture. */
    private static final int SIZE = 256;

    private static final int MASK = 0;
    private static final int UID = 20;
    private static final int MODE = 28;

    private static final int S_IFMT = 0170000;
    private static final int S_IFDIR = 0040000;
    private static final int S_IRWXG_S_IRWXO = 077;

    private Statx() {}

    /** Whether a path is, without a link, that of a directory that a user owns and nobody else may use, for certain. */
    static boolean isPrivateDirectory(String path, int userId) {
        if (!Call.AVAILABLE) {
            return false;
        }
        byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        byte[] found = new byte[SIZE];
        if (Call.statx(AT_FDCWD, Arrays.copyOf(bytes, bytes.length + 1), AT_SYMLINK_NOFOLLOW, WANTED, found) != 0) {
            return false;
        }
        ByteBuffer status = ByteBuffer.wrap(found).order(ByteOrder.nativeOrder());
        int mode = status.getShort(MODE) & 0xFFFF;
        return (status.getInt(MASK) & WANTED) == WANTED
                && (mode & S_IFMT) == S_IFDIR
                && (mode & S_IRWXG_S_IRWXO) == 0
                && status.getInt(UID) == userId;
    }

    private static final class Call {
        static final boolean AVAILABLE = isAvailable();

        private Call() {}

        private static boolean isAvailable() {
            if (Platform.current() != Platform.LINUX || NativeAccess.unavailabilityCause() != null) {
                return false;
            }
            try {
                Native.register(Call.class, NativeLibrary.getProcess());
                return true;
            } catch (UnsatisfiedLinkError e) {
                // An older C library.
                return false;
            }
        }

        static native int statx(int directory, byte[] path, int flags, int mask, byte[] result);
    }
}
