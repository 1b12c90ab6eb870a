/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.os;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The directory for the sockets of portable names, one a user: {@code $XDG_RUNTIME_DIR/nettyipc}, else
 * {@code nettyipc-<uid>} in the temporary directory.
 */
public final class RuntimeDirectory {
    private static final int S_IRWXG_S_IRWXO = 077;

    private final Path path;
    private final int userId;

    private RuntimeDirectory(Path path, int userId) {
        this.path = path;
        this.userId = userId;
    }

    /** Returns the directory for this JVM's user and environment. It may not exist yet. */
    public static RuntimeDirectory current() {
        return Holder.CURRENT;
    }

    /** Returns the directory for the given values of {@code XDG_RUNTIME_DIR} (or {@code null}) and {@code java.io.tmpdir}. */
    public static RuntimeDirectory locate(String xdgRuntimeDir, String temporaryDirectory, int userId) {
        Path base = usableRuntimeDirectory(xdgRuntimeDir, userId);
        return base != null
                ? new RuntimeDirectory(base.resolve("nettyipc"), userId)
                : new RuntimeDirectory(
                        Path.of(temporaryDirectory)
                                .toAbsolutePath()
                                .normalize()
                                .resolve("nettyipc-" + Integer.toUnsignedString(userId)),
                        userId);
    }

    private static Path usableRuntimeDirectory(String xdgRuntimeDir, int userId) {
        if (xdgRuntimeDir == null || !xdgRuntimeDir.startsWith("/")) {
            return null;
        }
        try {
            Path path = Path.of(xdgRuntimeDir);
            return Files.isDirectory(path) && (int) Files.getAttribute(path, "unix:uid") == userId ? path : null;
        } catch (IOException | InvalidPathException e) {
            return null;
        }
    }

    /** Returns the directory of a portable name's socket. */
    public static RuntimeDirectory containing(Path socket) {
        return new RuntimeDirectory(socket.getParent(), UnixUsers.ownId());
    }

    public Path path() {
        return path;
    }

    /** Returns the path of the socket for a portable name. */
    public Path socketPath(String name) {
        return path.resolve(name + ".sock");
    }

    /** Returns the path of the socket for a mailslot's name. */
    public Path mailslotPath(String name) {
        return path.resolve(name + ".mailslot");
    }

    /** Returns the path of the FIFO of that name. */
    public Path fifoPath(String name) {
        return path.resolve(name + ".fifo");
    }

    /**
     * Creates the directory if it is missing, and checks it.
     *
     * @throws IOException if it cannot be created, or others could have put something into it
     */
    public void create() throws IOException {
        try {
            Files.createDirectory(
                    path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException e) {
            check();
        } catch (IOException e) {
            throw new IOException(
                    "cannot create the directory for pipes " + path + " (" + reason(e)
                            + "): set XDG_RUNTIME_DIR or java.io.tmpdir to a directory that this user can write to",
                    e);
        }
    }

    /**
     * Checks that nobody but us can have put a socket into the directory.
     *
     * @throws java.nio.file.NoSuchFileException if it is missing
     * @throws IOException                       if it is not safe; the message says what was found and what to do
     */
    public void check() throws IOException {
        SocketFile found = SocketFile.read(path, LinkOption.NOFOLLOW_LINKS);
        String problem;
        if (!found.isDirectory()) {
            problem = "is " + found.kind() + " instead of a directory: remove it";
        } else if (found.userId() != userId) {
            problem = "belongs to the user id " + Integer.toUnsignedString(found.userId()) + " and not to us ("
                    + Integer.toUnsignedString(userId)
                    + "): remove it, or set XDG_RUNTIME_DIR to a directory of this user";
        } else if ((found.permissions() & S_IRWXG_S_IRWXO) != 0) {
            problem = "can be used by other users (mode %04o): look what they put there, then run chmod 700 %s"
                    .formatted(found.permissions(), path);
        } else {
            return;
        }
        throw new IOException("the directory for pipes is not safe: " + path + ' ' + problem);
    }

    /** Returns the text of a failure without the name of its class if the text is ours or the system's. */
    public static String reason(IOException e) {
        if (e instanceof AccessDeniedException f) {
            return "permission denied for " + f.getFile();
        }
        if (e instanceof FileSystemException f && f.getReason() != null) {
            return f.getFile() + ": " + f.getReason();
        }
        return e.getClass() == IOException.class ? e.getMessage() : e.toString();
    }

    private static final class Holder {
        static final RuntimeDirectory CURRENT = locate(
                System.getenv("XDG_RUNTIME_DIR"), System.getProperty("java.io.tmpdir", "/tmp"), UnixUsers.ownId());
    }
}
