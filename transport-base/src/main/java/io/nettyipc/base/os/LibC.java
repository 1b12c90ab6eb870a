/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.os;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;
import com.sun.jna.Platform;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The C library's functions for descriptors, mapped directly. Pointers and {@code size_t} are {@code long}: for 64-bit
 * systems only. Netty's own native code has most of them too, but not where NIO is used, and not for FIFOs, processes
 * and sockets that keep boundaries. Public for {@code transport-shm}.
 */
public final class LibC {

    public static final int O_RDONLY = 0;
    public static final int O_WRONLY = 1;
    public static final int O_RDWR = 2;
    public static final int O_NONBLOCK = Platform.isLinux() ? 0x800 : 4;
    /** Linux has it elsewhere on ARM and POWER. */
    public static final int O_NOFOLLOW =
            !Platform.isLinux() ? 0x100 : Platform.isARM() || Platform.isPPC() ? 0x8000 : 0x20000;
    /** Linux only: a descriptor that stands for the file, and needs no permission of it. */
    public static final int O_PATH = 0x200000;

    public static final int O_NOCTTY = Platform.isLinux() ? 0x100 : 0x20000;
    /** It has another value on each system. */
    public static final int O_CLOEXEC = Platform.isLinux() ? 0x80000 : Platform.isMac() ? 0x1000000 : 0x100000;

    public static final int F_SETFD = 2;
    public static final int F_GETFL = 3;
    public static final int F_SETFL = 4;
    public static final int F_DUPFD_CLOEXEC = Platform.isLinux() ? 1030 : Platform.isMac() ? 67 : 17;

    public static final int FD_CLOEXEC = 1;

    public static final int EPERM = 1;
    public static final int EINTR = 4;
    public static final int ENXIO = 6;
    public static final int EAGAIN = Platform.isLinux() ? 11 : 35;
    public static final int EEXIST = 17;
    public static final int EPIPE = 32;
    static final int ENOTSOCK = Platform.isLinux() ? 88 : 38;
    public static final int EMSGSIZE = Platform.isLinux() ? 90 : 40;
    static final int ENOBUFS = Platform.isLinux() ? 105 : 55;
    public static final int ECONNRESET = Platform.isLinux() ? 104 : 54;
    public static final int ECANCELED = Platform.isLinux() ? 125 : 89;
    static final int ECONNREFUSED = Platform.isLinux() ? 111 : 61;

    public static final short POLLIN = 1;
    public static final short POLLOUT = 4;
    public static final short POLLERR = 8;
    public static final short POLLHUP = 16;
    public static final short POLLNVAL = 32;
    /** The peer will write no more. Others than Linux tell by POLLIN only. */
    public static final short POLLRDHUP = (short) (Platform.isLinux() ? 0x2000 : 0);

    public static final long FIONREAD = Platform.isLinux() ? 0x541BL : 0x4004667FL;

    public static final int MSG_DONTWAIT = Platform.isLinux() ? 0x40 : 0x80;
    /** The JVM ignores SIGPIPE where this is missing. */
    public static final int MSG_NOSIGNAL = Platform.isLinux() ? 0x4000 : 0;

    static {
        if (Native.POINTER_SIZE != Long.BYTES) {
            throw new UnsatisfiedLinkError("a 64-bit system is needed");
        }
        // The JVM itself is linked with the C library, whatever its file is called. Paths are in UTF-8, see FileNames.
        Native.register(LibC.class, NativeLibrary.getProcess(Map.of(Library.OPTION_STRING_ENCODING, "UTF-8")));
    }

    private static final int MAX_LINK = 128;

    private LibC() {}

    /** Without O_CREAT, which would need the third, variadic argument. */
    public static native int open(String path, int flags);

    public static native int close(int descriptor);

    public static native long read(int descriptor, long buffer, long length);

    static native long write(int descriptor, long buffer, long length);

    static native long writev(int descriptor, long vectors, int count);

    static native long recv(int descriptor, long buffer, long length, int flags);

    public static native long send(int descriptor, long buffer, long length, int flags);

    public static native int dup2(int from, int to);

    static native int shutdown(int socket, int how);

    public static native int isatty(int descriptor);

    public static native int fchmod(int descriptor, int mode);

    static native int flock(int descriptor, int operation);

    public static native int mkfifo(String path, int mode);

    public static native int poll(long descriptors, long count, int timeoutMillis);

    /** See {@link Variadic}. */
    public static int fcntl(int descriptor, int command, int argument) {
        return Linux.AVAILABLE
                ? Linux.fcntl(descriptor, command, argument)
                : VariadicInstance.INSTANCE.fcntl(descriptor, command, argument);
    }

    static int ioctl(int descriptor, long request, int[] argument) {
        return Linux.AVAILABLE
                ? Linux.ioctl(descriptor, request, argument)
                : VariadicInstance.INSTANCE.ioctl(descriptor, new NativeLong(request), argument);
    }

    /**
     * Returns what a symbolic link has, its first {@value #MAX_LINK} bytes, as ASCII: it is for links of the kernel's.
     */
    public static String readLink(String path) throws IOException {
        byte[] target = new byte[MAX_LINK];
        long length = readlink(path, target, target.length);
        if (length < 0) {
            throw error("readlink " + path);
        }
        return new String(target, 0, (int) length, StandardCharsets.US_ASCII);
    }

    private static native long readlink(String path, byte[] target, long size);

    private static native int pipe(int[] descriptors);

    private static native String strerror(int error);

    /** The {@code errno} of the call that this thread made last. */
    public static int lastError() {
        return Native.getLastError();
    }

    /** The error of the call that this thread made last. */
    public static IOException error(String call) {
        return error(call, lastError());
    }

    public static IOException error(String call, int error) {
        return new IOException(call + ": " + describe(error));
    }

    public static String describe(int error) {
        return strerror(error) + " (errno " + error + ')';
    }

    /** Returns the reading and the writing end of a new pipe, closed in children. */
    public static Descriptor[] pipe() throws IOException {
        int[] ends = new int[2];
        if (Linux.AVAILABLE) {
            if (Linux.pipe2(ends, O_CLOEXEC) != 0) {
                throw error("pipe2");
            }
            return new Descriptor[] {new Descriptor(ends[0]), new Descriptor(ends[1])};
        }
        if (pipe(ends) != 0) {
            throw error("pipe");
        }
        fcntl(ends[0], F_SETFD, FD_CLOEXEC);
        fcntl(ends[1], F_SETFD, FD_CLOEXEC);
        return new Descriptor[] {new Descriptor(ends[0]), new Descriptor(ends[1])};
    }

    /**
     * Functions with a variable number of arguments. Linux passes those as any other; macOS on arm64 passes them on the
     * stack, which direct mapping doesn't do.
     */
    interface Variadic extends Library {
        int fcntl(int descriptor, int command, Object... argument);

        int ioctl(int descriptor, NativeLong request, Object... argument);
    }

    /** Not a field of the interface, where JNA would look for it by reflection, which a module doesn't allow. */
    public static final class VariadicInstance {
        public static final Variadic INSTANCE = Native.load(Variadic.class);

        private VariadicInstance() {}
    }

    /** Functions that only Linux has, or that JNA maps directly only there. */
    static final class Linux {
        static final boolean AVAILABLE = Platform.isLinux();

        static {
            if (AVAILABLE) {
                Native.register(Linux.class, NativeLibrary.getProcess());
            }
        }

        private Linux() {}

        static native int fcntl(int descriptor, int command, int argument);

        static native int ioctl(int descriptor, long request, int[] argument);

        static native int pipe2(int[] descriptors, int flags);

        static native int socket(int domain, int type, int protocol);

        static native int bind(int descriptor, byte[] address, int length);

        static native int connect(int descriptor, byte[] address, int length);

        static native int listen(int descriptor, int backlog);

        static native int accept4(int descriptor, long address, long length, int flags);

        static native int setsockopt(int descriptor, int level, int option, int[] value, int length);

        static native int getsockopt(int descriptor, int level, int option, int[] value, int[] length);
    }
}
