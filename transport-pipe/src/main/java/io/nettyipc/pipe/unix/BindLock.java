/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.unix;

import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps this user's servers from replacing each other's socket files. It is held while a server looks for a stale
 * socket, removes it and binds, and while one closes, because Netty deletes the socket file by its path.
 *
 * <p>The file stays: deleting a lock file would let two processes lock two files of the same name.
 */
final class BindLock implements Closeable {
    private static final InternalLogger logger = InternalLoggerFactory.getInstance(BindLock.class);

    /**
     * A file lock belongs to the process, and closing any descriptor of the file ends it. So within the process the file
     * is only opened by whoever has put its path here.
     */
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel channel;

    private BindLock(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** Returns the lock, or {@code null} if somebody else has it now. The directory must exist. */
    static BindLock tryAcquire(RuntimeDirectory directory) throws IOException {
        Path path = directory.path().resolve("bind.lock");
        if (!HELD_HERE.add(path)) {
            return null;
        }
        FileChannel channel = null;
        boolean acquired = false;
        try {
            channel = FileChannel.open(
                    path,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            FileLock lock = channel.tryLock();
            acquired = lock != null;
            return acquired ? new BindLock(path, channel) : null;
        } finally {
            if (!acquired) {
                release(path, channel);
            }
        }
    }

    private static void release(Path path, FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // The descriptor, and with it the lock, is gone whatever close reports.
            logger.debug("Closing {} failed", path, e);
        } finally {
            HELD_HERE.remove(path);
        }
    }

    /** Releases the lock. */
    @Override
    public void close() {
        release(path, channel);
    }
}
