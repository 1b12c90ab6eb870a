/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.socket;

import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.nettyipc.base.os.Descriptor;
import io.nettyipc.base.os.LibC;
import io.nettyipc.base.os.NativeAccess;
import io.nettyipc.base.os.Platform;
import io.nettyipc.base.os.RuntimeDirectory;
import io.nettyipc.base.os.SocketFile;
import io.nettyipc.base.os.UnixUsers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** The mode of a socket file or a FIFO that exists, where it could not be chosen before. */
public final class SocketMode {
    private static final InternalLogger logger = InternalLoggerFactory.getInstance(SocketMode.class);

    private static final int GROUP_AND_OTHERS = 077;
    private static final int GROUP_AND_OTHERS_SEARCH = 011;
    private static final int GROUP_AND_OTHERS_WRITE = 022;
    private static final int STICKY = 01000;

    private SocketMode() {}

    /**
     * Sees to it that nobody can use a socket or a FIFO but those who are allowed to.
     *
     * @param made what is at the path
     * @throws IOException if others can use it, or the allowed ones can't, with what to do
     */
    public static void apply(Path path, SocketFile made, SocketFileAccess access) throws IOException {
        if (access.equals(SocketFileAccess.USER_ONLY)) {
            restrictToUser(path, made);
            return;
        }
        try {
            change(path, made, access);
        } catch (IOException | UnsupportedOperationException e) {
            throw new IOException(
                    "the new " + noun(made) + " can't have the permissions "
                            + PosixFilePermissions.toString(access.permissions())
                            + (access.group() == null ? "" : " and the group " + access.group()) + " ("
                            + (e instanceof IOException io ? RuntimeDirectory.reason(io) : e.getMessage())
                            + "): is this user a member of the group, and does the file system have permissions?",
                    e);
        }
    }

    /** Sees to it that only its user can use a socket. */
    public static void restrictToUser(Path path, SocketFile made) throws IOException {
        if (made.permissions() == SocketFile.PRIVATE_MODE) {
            return;
        }
        try {
            change(path, made, SocketFileAccess.USER_ONLY);
        } catch (IOException e) {
            if ((made.permissions() & GROUP_AND_OTHERS) != 0 && !isBelowPrivateDirectory(path)) {
                throw new IOException(
                        "the new %s can be used by other users (mode %04o), and that can't be changed (%s):"
                                        .formatted(noun(made), made.permissions(), RuntimeDirectory.reason(e))
                                + " put it into a directory that only this user can search (chmod 700)",
                        e);
            }
            // File systems of virtual machines and network shares may have one mode for all.
            logger.debug("The mode of {} stays {}", path, Integer.toOctalString(made.permissions()), e);
        }
    }

    private static String noun(SocketFile made) {
        return made.isFifo() ? "FIFO" : "socket";
    }

    private static void change(Path path, SocketFile made, SocketFileAccess access) throws IOException {
        if (Platform.current() == Platform.LINUX && NativeAccess.unavailabilityCause() == null) {
            Descriptor file = new Descriptor(open(path));
            try {
                // Whoever can write to the directory may have put a link there by now.
                Path opened = Path.of("/proc/self/fd/" + file.number());
                if (!made.isSameFile(SocketFile.read(opened))) {
                    throw new IOException("somebody has replaced it");
                }
                set(opened, access);
            } finally {
                file.close();
            }
        } else {
            checkDirectory(path.getParent());
            set(path, access);
        }
    }

    private static int open(Path path) throws IOException {
        int descriptor = Descriptor.tryOpen(path.toString(), LibC.O_PATH);
        if (descriptor < 0) {
            throw LibC.error("open", -descriptor);
        }
        return descriptor;
    }

    /** The group first: until then, the permissions would be another one's. */
    private static void set(Path path, SocketFileAccess access) throws IOException {
        if (access.group() != null) {
            Files.setAttribute(
                    path,
                    "posix:group",
                    path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(access.group()));
        }
        Files.setPosixFilePermissions(path, access.permissions());
    }

    private static void checkDirectory(Path directory) throws IOException {
        SocketFile found = SocketFile.read(directory);
        boolean replaceable =
                (found.permissions() & GROUP_AND_OTHERS_WRITE) != 0 && (found.permissions() & STICKY) == 0;
        if (replaceable || !isOursOrRoots(found)) {
            throw new IOException("other users can put a link in its place: the mode of " + directory
                    + " is %04o, its user id ".formatted(found.permissions())
                    + Integer.toUnsignedString(found.userId()));
        }
    }

    private static boolean isOursOrRoots(SocketFile directory) {
        return directory.userId() == UnixUsers.ownId() || directory.userId() == 0;
    }

    private static boolean isBelowPrivateDirectory(Path path) throws IOException {
        for (Path p = path.getParent().toRealPath(); p != null; p = p.getParent()) {
            SocketFile directory = SocketFile.read(p, LinkOption.NOFOLLOW_LINKS);
            if ((directory.permissions() & GROUP_AND_OTHERS_SEARCH) == 0 && isOursOrRoots(directory)) {
                return true;
            }
        }
        return false;
    }
}
