/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.os;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The directory for the sockets of portable names, one a user: {@code $XDG_RUNTIME_DIR/nettyipc}, else
 * {@code /run/user/<uid>/nettyipc}, else {@code /tmp/nettyipc-<uid>}.
 *
 * <p>Not in {@code java.io.tmpdir}, which build tools and application servers set for their JVMs only. And since not
 * every process of a user has the variable (cron, sudo, {@code ssh host command}), those who look for a socket also
 * look where a process with another environment has it.
 */
public final class RuntimeDirectory {
    private static final int S_IRWXG_S_IRWXO = 077;
    private static final Path TEMPORARY = Path.of("/tmp");

    private final Path path;
    private final int userId;
    /** Where this user's processes may have their sockets, the first choice first; it is {@link #path}. */
    private final List<Path> places;

    private RuntimeDirectory(List<Path> places, int userId) {
        this.path = places.get(0);
        this.userId = userId;
        this.places = places;
    }

    /** Returns the directory for this JVM's user and environment. It may not exist yet. */
    public static RuntimeDirectory current() {
        return Holder.CURRENT;
    }

    /** Returns the directory for the given values of {@code XDG_RUNTIME_DIR} (or {@code null}) and of {@code /tmp}. */
    public static RuntimeDirectory locate(String xdgRuntimeDir, String temporaryDirectory, int userId) {
        return locate(Arrays.asList(xdgRuntimeDir), List.of(Path.of(temporaryDirectory)), userId);
    }

    /**
     * Returns the directory.
     *
     * @param ofUser directories of a user's own, if they are; may have nulls
     * @param ofAll  directories of all users
     */
    static RuntimeDirectory locate(List<String> ofUser, List<Path> ofAll, int userId) {
        Set<Path> places = new LinkedHashSet<>();
        for (String candidate : ofUser) {
            Path base = usableRuntimeDirectory(candidate, userId);
            if (base != null) {
                places.add(base.resolve("nettyipc"));
            }
        }
        for (Path base : ofAll) {
            places.add(base.toAbsolutePath().normalize().resolve("nettyipc-" + Integer.toUnsignedString(userId)));
        }
        return new RuntimeDirectory(List.copyOf(places), userId);
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
        return new RuntimeDirectory(List.of(socket.getParent()), UnixUsers.ownId());
    }

    public Path path() {
        return path;
    }

    /** Returns the path of the socket for a portable name. */
    public Path socketPath(String name) {
        return socket(name + ".sock");
    }

    /** Returns the path of the socket for a mailslot's name. */
    public Path mailslotPath(String name) {
        return socket(name + ".mailslot");
    }

    /** In the first place where the kernel takes the path; the first if it takes none. */
    private Path socket(String fileName) {
        for (Path place : places) {
            Path socket = place.resolve(fileName);
            if (socket.toString().getBytes(StandardCharsets.UTF_8).length
                    <= Platform.current().maxSocketPathBytes()) {
                return socket;
            }
        }
        return path.resolve(fileName);
    }

    /** Returns where else a process of this user may have what a portable name stands for. */
    public List<Path> elsewhere(Path file) {
        return places.stream()
                .map(place -> place.resolve(file.getFileName()))
                .filter(other -> !other.equals(file))
                .toList();
    }

    /**
     * Returns the file that a portable name stands for: the given one, or one in another place if there is none but
     * there, and nobody else can have put it there.
     */
    public Path find(Path file) {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                ? file
                : elsewhere(file).stream()
                        .filter(RuntimeDirectory::isSafe)
                        .findFirst()
                        .orElse(file);
    }

    /** Returns whether a file exists and nobody but this user can have put it there. */
    public static boolean isSafe(Path file) {
        try {
            containing(file).check();
            return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            return false;
        }
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
                            + "): set XDG_RUNTIME_DIR to a directory of this user that only it can use",
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
        if (Statx.isPrivateDirectory(path.toString(), userId)) {
            return;
        }
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
                Arrays.asList(
                        System.getenv("XDG_RUNTIME_DIR"), "/run/user/" + Integer.toUnsignedString(UnixUsers.ownId())),
                temporaryDirectories(),
                UnixUsers.ownId());

        private static List<Path> temporaryDirectories() {
            // A read-only root may have a writable directory somewhere else, and then nobody has sockets in /tmp.
            Path other = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
            return Files.isWritable(TEMPORARY) ? List.of(TEMPORARY) : List.of(other, TEMPORARY);
        }
    }
}
