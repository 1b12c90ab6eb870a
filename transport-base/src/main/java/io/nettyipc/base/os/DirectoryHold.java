/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.os;

import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.nio.file.Path;

/**
 * Keeps {@code systemd-tmpfiles} from removing a directory, and what is in it, when it gets old: it leaves alone what
 * somebody has a lock on ({@code flock}, which is no lock for {@code fcntl}'s users). Any number of processes can hold
 * one.
 *
 * @see <a href="https://www.freedesktop.org/software/systemd/man/latest/tmpfiles.d.html">tmpfiles.d(5), Age</a>
 */
public final class DirectoryHold implements AutoCloseable {
    private static final InternalLogger logger = InternalLoggerFactory.getInstance(DirectoryHold.class);

    private static final int LOCK_SH = 1;
    private static final int LOCK_NB = 4;

    private final Descriptor directory;

    private DirectoryHold(Descriptor directory) {
        this.directory = directory;
    }

    /** Holds the directory, as far as the system lets us: one that can't be held is used all the same. */
    public static DirectoryHold of(Path path) {
        if (NativeAccess.unavailabilityCause() != null) {
            return new DirectoryHold(null);
        }
        int number = Descriptor.tryOpen(path.toString(), LibC.O_RDONLY);
        Descriptor directory = number < 0 ? null : new Descriptor(number);
        if (directory != null && LibC.flock(number, LOCK_SH | LOCK_NB) != 0) {
            logger.debug("{} can't be locked: {}", path, LibC.describe(LibC.lastError()));
        }
        return new DirectoryHold(directory);
    }

    /** Lets go; a second time does nothing. */
    @Override
    public void close() {
        if (directory != null) {
            directory.close();
        }
    }
}
