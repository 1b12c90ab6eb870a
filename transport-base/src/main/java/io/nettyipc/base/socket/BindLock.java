/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.socket;

import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.nettyipc.base.os.SocketFile;
import io.nettyipc.base.os.UnixUsers;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Keeps this user's servers from replacing each other's socket files. It is held while a server looks for a stale
 * socket, removes it and binds, and while one closes, because Netty deletes the socket file by its path.
 *
 * <p>The file lies beside the socket: whoever can bind there can lock there, and processes with other temporary
 * directories, or in other containers, use the same one. It stays: deleting a lock file would let two processes lock
 * two files of the same name.
 */
public final class BindLock implements Closeable {
    private static final InternalLogger logger = InternalLoggerFactory.getInstance(BindLock.class);

    /**
     * A file lock belongs to the process, and closing any descriptor of the file ends it. So within the process the
     * file is only opened by whoever has set the system property of this prefix and its path. A static field would not
     * do: another class loader may have a copy of this class.
     */
    private static final String HELD_PREFIX = "nettyipc.bind.lock:";

    private final Path file;
    private final FileChannel channel;

    private BindLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Returns the lock's file for a socket: one for all sockets of its directory, and for this user. */
    public static Path fileFor(Path socket) {
        Path directory = socket.getParent();
        try {
            // One file is not to be opened under two names.
            directory = directory.toRealPath();
        } catch (IOException e) {
            logger.debug("{} can't be resolved", directory, e);
        }
        return directory.resolve(".nettyipc-" + Integer.toUnsignedString(UnixUsers.ownId()) + ".lock");
    }

    /**
     * Returns the lock, or {@code null} if somebody else has it now. Where the file system has no locks, or takes no
     * such file, the lock that is returned is not {@link #isHeld() held}.
     */
    public static BindLock tryAcquire(Path file) {
        if (System.getProperties().putIfAbsent(HELD_PREFIX + file, "held") != null) {
            return null;
        }
        FileChannel channel = null;
        boolean held = false;
        try {
            channel = open(file);
            held = channel.tryLock() != null;
            return held ? new BindLock(file, channel) : null;
        } catch (OverlappingFileLockException e) {
            // Others in this process have locked the file.
            return null;
        } catch (IOException e) {
            logger.debug("{} can't be locked", file, e);
            return new BindLock(file, null);
        } finally {
            if (!held) {
                release(file, channel);
            }
        }
    }

    private static FileChannel open(Path file) throws IOException {
        // Reading as well: the open of a FIFO that somebody has put there would wait for its reader.
        FileChannel channel = FileChannel.open(
                file,
                Set.of(
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        SocketFile found = SocketFile.readIfExists(file);
        if (found == null || !found.isRegular() || found.userId() != UnixUsers.ownId()) {
            channel.close();
            throw new IOException("it is not a regular file of this user but " + found);
        }
        return channel;
    }

    /** Returns whether others are kept out. */
    public boolean isHeld() {
        return channel != null;
    }

    private static void release(Path file, FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // The descriptor, and with it the lock, is gone whatever close reports.
            logger.debug("Closing {} failed", file, e);
        } finally {
            System.getProperties().remove(HELD_PREFIX + file);
        }
    }

    /** Releases the lock. */
    @Override
    public void close() {
        if (channel != null) {
            release(file, channel);
        }
    }
}
