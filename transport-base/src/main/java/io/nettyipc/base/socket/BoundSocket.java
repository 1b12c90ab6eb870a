/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.socket;

import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.nettyipc.base.os.SocketFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * A socket file that a server made.
 *
 * <p>Netty's channels delete it when they close, by its path. If somebody has removed it meanwhile and put another file
 * there, a server of their own for example, Netty would delete that one; so it is kept under a second name until the
 * channel has closed. For that moment, some microseconds, its path is missing.
 *
 * @param path where it is
 * @param file what it was just after it was made, or {@code null} if others had replaced it by then; the system does
 *     not reuse its inode while the server is open
 * @param lock see {@link BindLock#fileFor}
 */
record BoundSocket(Path path, SocketFile file, Path lock) {
    private static final InternalLogger logger = InternalLoggerFactory.getInstance(BoundSocket.class);

    /**
     * Gives a file that has replaced the socket a second name, before the channel closes.
     *
     * @return for {@link #restore}
     */
    Path keepReplacement() {
        try {
            SocketFile found = SocketFile.readIfExists(path);
            if (found == null || found.isSameFile(file)) {
                return null;
            }
            Path kept = path.resolveSibling("." + UUID.randomUUID() + ".nettyipc");
            return Files.createLink(kept, path);
        } catch (IOException e) {
            logger.warn("Closing the server of {} may remove a file that replaced its socket", path, e);
            return null;
        }
    }

    /** Puts the file that has replaced the socket back, once the channel has closed. */
    void restore(Path kept) {
        if (kept == null) {
            return;
        }
        try {
            Files.createLink(path, kept);
            Files.delete(kept);
            logger.debug("Kept {}, which had replaced a server's socket", path);
        } catch (IOException e) {
            logger.warn("The file that replaced the server's socket {} is now {}", path, kept, e);
        }
    }
}
