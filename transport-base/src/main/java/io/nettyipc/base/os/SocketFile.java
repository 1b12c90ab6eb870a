/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.os;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;

/**
 * What the file system knows about one file at one moment.
 *
 * @param fileKey    device and inode
 * @param mode       {@code st_mode}, with the file's type
 * @param userId     the owner
 * @param changed    when it was created or its attributes changed
 */
public record SocketFile(Object fileKey, int mode, int userId, FileTime changed) {
    /** For the owner only. */
    public static final int PRIVATE_MODE = 0600;

    private static final int S_IFMT = 0170000;
    private static final int S_IFSOCK = 0140000;
    private static final int S_IFLNK = 0120000;
    private static final int S_IFREG = 0100000;
    private static final int S_IFBLK = 0060000;
    private static final int S_IFDIR = 0040000;
    private static final int S_IFCHR = 0020000;
    private static final int S_IFIFO = 0010000;

    /**
     * Reads a file's attributes.
     *
     * @throws NoSuchFileException if there is no file
     */
    public static SocketFile read(Path path, LinkOption... options) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(path, "unix:fileKey,mode,uid,ctime", options);
        return new SocketFile(
                attributes.get("fileKey"), (int) attributes.get("mode"), (int) attributes.get("uid"), (FileTime)
                        attributes.get("ctime"));
    }

    /** Reads the file itself, not what it links to; returns {@code null} if there is none. */
    public static SocketFile readIfExists(Path path) throws IOException {
        try {
            return read(path, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** Deletes what is at the path if it is that file; others may have put theirs there. */
    public static void deleteIfSame(String path, SocketFile file) throws IOException {
        Path found = Path.of(path);
        if (file != null && file.isSameFile(readIfExists(found))) {
            Files.deleteIfExists(found);
        }
    }

    public boolean isSocket() {
        return (mode & S_IFMT) == S_IFSOCK;
    }

    public boolean isRegular() {
        return (mode & S_IFMT) == S_IFREG;
    }

    public boolean isDevice() {
        return (mode & S_IFMT) == S_IFCHR;
    }

    public boolean isFifo() {
        return (mode & S_IFMT) == S_IFIFO;
    }

    boolean isDirectory() {
        return (mode & S_IFMT) == S_IFDIR;
    }

    public int permissions() {
        return mode & 07777;
    }

    /** Returns whether both are the same file: a file replaced by another one of the same name is not. */
    public boolean isSameFile(SocketFile other) {
        return other != null && fileKey.equals(other.fileKey);
    }

    public String kind() {
        return switch (mode & S_IFMT) {
            case S_IFSOCK -> "a socket";
            case S_IFLNK -> "a symbolic link";
            case S_IFREG -> "a regular file";
            case S_IFDIR -> "a directory";
            case S_IFIFO -> "a FIFO";
            case S_IFBLK, S_IFCHR -> "a device";
            default -> "a file of an unknown type";
        };
    }
}
