/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.os;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import io.netty.util.NettyRuntime;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Signals eventfds without ever waiting, also those that another process has too. A {@code write} to an eventfd waits
 * while the counter is full, unless the open file is non-blocking; and whoever else has the descriptor can fill the one
 * and change the other. (A pipe is no better: its lock is held while somebody reads or writes it, and so through a page
 * fault of theirs.)
 *
 * <p>The kernel signals eventfds too, and that takes nothing but a spinlock: a full counter stays full, and the
 * listeners are woken. It does so for Linux AIO, when an operation has ended. So this reads no bytes from
 * {@code /dev/null}, which has ended when the system call that begins it returns.
 *
 * <p>For one thread at a time. Has nothing to be given back: AIO contexts are made once for a process, as many as it
 * has processors, and are shared.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/io_submit.2.html">io_submit(2), IOCB_FLAG_RESFD</a>
 */
public final class EventFdSignals {

    private static final int IOCB_CMD_PREAD = 0;
    private static final int IOCB_FLAG_RESFD = 1;
    private static final int EFAULT = 14;
    /** The last page of the address space, which is the kernel's. */
    private static final long NO_MEMORY = -4096;

    private static final int EFD_NONBLOCK = 0x800;
    private static final int EFD_CLOEXEC = 0x80000;

    /** More than an AIO context has where there are fewer than 64 processors. */
    private static final int MAX_COLLECTED = 128;

    private static final int EVENT_SIZE = 32;
    /** Another thread may collect what this one would have. */
    private static final int MAX_ATTEMPTS = 16;

    /*
     * One block holds all that the calls take:
     *
     *   0  struct iocb: opcode 16 (2 bytes), fildes 20 (4), buf 24, nbytes 32, flags 56 (4), resfd 60 (4);
     *      the rest, and buf and nbytes, are 0 for a read of nothing
     *  64  struct iocb *[1]
     *  72  struct timespec of 0
     *  88  struct io_event [MAX_COLLECTED]
     */
    private static final int OPCODE = 16;
    private static final int FILE = 20;
    private static final int BUFFER = 24;
    private static final int LENGTH = 32;
    private static final int FLAGS = 56;
    private static final int EVENT_FD = 60;
    private static final int POINTERS = 64;
    private static final int TIME = 72;
    private static final int EVENTS = 88;

    private final long context;
    private final ByteBuffer block =
            ByteBuffer.allocateDirect(EVENTS + MAX_COLLECTED * EVENT_SIZE).order(ByteOrder.nativeOrder());
    private final long address = DirectMemory.addressOf(block);

    private EventFdSignals(long context, int file) {
        this.context = context;
        block.putShort(OPCODE, (short) IOCB_CMD_PREAD)
                .putInt(FILE, file)
                .putInt(FLAGS, IOCB_FLAG_RESFD)
                .putLong(POINTERS, address);
    }

    /**
     * Makes one of them.
     *
     * @throws IOException if this system can't: it is no Linux or has no AIO, has too many AIO contexts, or doesn't let
     *     this process use it
     */
    public static EventFdSignals open() throws IOException {
        if (!LibC.Linux.AVAILABLE || Calls.CURRENT == null) {
            throw new IOException("AIO is used on Linux on x86-64, aarch64 and riscv64 only");
        }
        return Contexts.open();
    }

    /**
     * Creates an eventfd, closed in children.
     *
     * @return the caller's
     * @throws IOException if the system has none left
     */
    public static int newEventFd() throws IOException {
        int eventFd = Syscall.eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        if (eventFd < 0) {
            throw LibC.error("eventfd");
        }
        return eventFd;
    }

    /**
     * Signals it once.
     *
     * @return why it cannot be, or {@code null}
     */
    public IOException signal(int eventFd) {
        block.putInt(EVENT_FD, eventFd);
        int error = LibC.EAGAIN;
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            if (Syscall.syscall(Calls.CURRENT.submit, context, 1, address + POINTERS, 0, 0) == 1) {
                return null;
            }
            error = Native.getLastError();
            if (error == LibC.EAGAIN) {
                // There is no room for another result before those that are there are collected.
                Syscall.syscall(Calls.CURRENT.getEvents, context, 0, MAX_COLLECTED, address + EVENTS, address + TIME);
            } else if (error != LibC.EINTR) {
                break;
            }
        }
        return LibC.error("io_submit", error);
    }

    /**
     * Whether a descriptor is that of an eventfd, for certain. Asks for a read to where no memory can be: the kernel
     * refuses that only after it has found the eventfd to be signalled, and so signals nothing.
     *
     * @return {@code false} also where the system says something else
     */
    public boolean isEventFd(int descriptor) {
        block.putInt(EVENT_FD, descriptor).putLong(BUFFER, NO_MEMORY).putLong(LENGTH, 1);
        try {
            return Syscall.syscall(Calls.CURRENT.submit, context, 1, address + POINTERS, 0, 0) < 0
                    && Native.getLastError() == EFAULT;
        } finally {
            block.putLong(BUFFER, 0).putLong(LENGTH, 0);
        }
    }

    /** Whether this really does it: who emulates Linux, or filters its calls, may not. */
    private void check() throws IOException {
        int eventFd = newEventFd();
        try {
            IOException failure = signal(eventFd);
            if (failure != null) {
                throw failure;
            }
            if (LibC.read(eventFd, address + EVENTS, Long.BYTES) != Long.BYTES || block.getLong(EVENTS) != 1) {
                throw new IOException("AIO doesn't signal eventfds on this system");
            }
        } finally {
            LibC.close(eventFd);
        }
    }

    /** Numbers of the system calls, for which the C library has no functions. */
    private record Calls(int setUp, int getEvents, int submit) {
        /** {@code null} where they are not known. */
        static final Calls CURRENT = switch (Platform.ARCH) {
            case "x86-64" -> new Calls(206, 208, 209);
            case "aarch64", "riscv64" -> new Calls(0, 4, 2);
            default -> null;
        };
    }

    private static final class Syscall {
        static {
            Native.register(Syscall.class, NativeLibrary.getProcess());
        }

        private Syscall() {}

        /** Variadic, see {@link LibC.Variadic}. */
        static native long syscall(long number, long a, long b, long c, long d, long e);

        static native int eventfd(int initial, int flags);
    }

    /** Those of the process. They stay: the end of one takes the kernel some 30 milliseconds. */
    private static final class Contexts {
        /** 0 for those that are not made yet. */
        private static final long[] ALL = new long[NettyRuntime.availableProcessors()];

        private static int next;
        private static int file = -1;

        private Contexts() {}

        static synchronized EventFdSignals open() throws IOException {
            if (file == -1) {
                int opened = LibC.open("/dev/null", LibC.O_RDONLY | LibC.O_CLOEXEC);
                if (opened < 0) {
                    throw LibC.error("open /dev/null");
                }
                file = opened;
            }
            int index = next;
            if (ALL[index] == 0) {
                ALL[index] = newContext();
            }
            EventFdSignals signals = new EventFdSignals(ALL[index], file);
            signals.check();
            next = (index + 1) % ALL.length;
            return signals;
        }

        private static long newContext() throws IOException {
            ByteBuffer context = ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.nativeOrder());
            // Of one event, which counts least against fs.aio-max-nr. The kernel makes it at least four for each
            // processor.
            if (Syscall.syscall(Calls.CURRENT.setUp, 1, DirectMemory.addressOf(context), 0, 0, 0) != 0) {
                throw LibC.error("io_setup");
            }
            return context.getLong(0);
        }
    }
}
