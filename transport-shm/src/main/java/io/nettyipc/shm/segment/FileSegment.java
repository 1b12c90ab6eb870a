/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.segment;

import io.nettyipc.base.os.LibC;
import io.nettyipc.base.os.MemoryMap;
import io.nettyipc.base.os.Platform;
import io.nettyipc.base.os.SocketFile;
import io.nettyipc.base.os.UnixUsers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@link Segment.Kind#FILE}. */
final class FileSegment extends Segment {

    private static final int OWNER_ONLY = 0600;

    private static final int S_IFMT = 0170000;
    private static final int S_IFREG = 0100000;
    private static final int GROUP_AND_OTHERS_WRITE = 022;
    private static final int STICKY = 01000;
    private static final int ROOT = 0;

    /** The files that this process has open, by their descriptors. */
    private static final String DESCRIPTORS = Platform.current() == Platform.LINUX ? "/proc/self/fd/" : "/dev/fd/";

    private static final String PREFIX = "nettyipc-";
    private static final String SUFFIX = ".ring";
    /** Of what we would open, and remove, at the word of a peer. */
    private static final Pattern NAME = Pattern.compile(PREFIX + ".*" + Pattern.quote(SUFFIX));

    private static final int CHUNK = 64 << 10;

    private static final String DIRECTORY_PROPERTY = "io.nettyipc.shm.directory";
    private static final Path MEMORY = Path.of("/dev/shm");

    private Path file;

    private FileSegment(long address, int size, boolean writable, Path file) {
        super(Kind.FILE, address, size, size, writable);
        this.file = file;
    }

    /**
     * A killed process can leave the file of a handshake that was under way. One that is so old is part of none,
     * whatever namespace the process that made it is in.
     */
    private static final Duration MIN_AGE_OF_LEFTOVERS = Duration.ofHours(1);

    private static final Pattern MAKER = Pattern.compile(PREFIX + "(\\d{1,18})-.*" + Pattern.quote(SUFFIX));
    /** Where that has been looked for. */
    private static final Set<Path> SWEPT = ConcurrentHashMap.newKeySet();

    /**
     * @param common a directory that both sides see, or null
     */
    static Segment newSegment(int size, Path common) throws IOException {
        IOException failure = null;
        for (Path directory : directories(common)) {
            if (SWEPT.add(directory)) {
                // A temporary directory can be large: not on the event loop.
                LargeMemory.execute(() -> sweep(directory));
            }
            try {
                return newSegment(directory, size);
            } catch (IOException e) {
                // A container's /dev/shm has 64 MB as a rule.
                if (failure == null) {
                    failure = new IOException("no directory takes the memory's file (" + e.getMessage() + "): set -D"
                            + DIRECTORY_PROPERTY + " to one that does");
                }
                failure.addSuppressed(e);
            }
        }
        throw failure;
    }

    /**
     * Where files for this process's memory may be, the first choice first: what is on a disk stalls while that is
     * written.
     */
    static List<Path> directories(Path common) {
        if (isDirectoryChosen()) {
            return List.of(Path.of(System.getProperty(DIRECTORY_PROPERTY)));
        }
        List<Path> directories = new ArrayList<>(3);
        if (Files.isDirectory(MEMORY) && Files.isWritable(MEMORY)) {
            directories.add(MEMORY);
        }
        if (common != null && isSafe(common) && Files.isWritable(common)) {
            directories.add(common);
        }
        directories.add(Path.of(System.getProperty("java.io.tmpdir")));
        return directories;
    }

    /** Whether the user has said where they are to be. */
    static boolean isDirectoryChosen() {
        return !System.getProperty(DIRECTORY_PROPERTY, "").isEmpty();
    }

    /** Whether nobody but this user and root can put other files in the place of those there. */
    private static boolean isSafe(Path directory) {
        SocketFile found;
        try {
            found = SocketFile.read(directory);
        } catch (IOException e) {
            return false;
        }
        return (found.userId() == UnixUsers.ownId() || found.userId() == ROOT)
                && ((found.mode() & GROUP_AND_OTHERS_WRITE) == 0 || (found.mode() & STICKY) != 0);
    }

    private static Segment newSegment(Path directory, int size) throws IOException {
        // The process id says whose file it is that a killed process left.
        Path file = Files.createTempFile(
                directory,
                PREFIX + ProcessHandle.current().pid() + '-',
                SUFFIX,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            fill(file, size);
            return new FileSegment(mapOwn(file, size), size, true, file);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    /** Removes what processes of this user that are no more have left. */
    static void sweep(Path directory) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, PREFIX + '*' + SUFFIX)) {
            for (Path file : files) {
                if (isLeftover(file)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException | RuntimeException e) {
            // The next process tries again.
        }
    }

    private static boolean isLeftover(Path file) throws IOException {
        Matcher name = MAKER.matcher(file.getFileName().toString());
        if (!name.matches() || ProcessHandle.of(Long.parseLong(name.group(1))).isPresent()) {
            return false;
        }
        Map<String, Object> attributes;
        try {
            attributes = Files.readAttributes(file, "unix:mode,uid,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return false;
        }
        Instant modified = ((FileTime) attributes.get("lastModifiedTime")).toInstant();
        return ((int) attributes.get("mode") & S_IFMT) == S_IFREG
                && (int) attributes.get("uid") == UnixUsers.ownId()
                && modified.isBefore(Instant.now().minus(MIN_AGE_OF_LEFTOVERS));
    }

    /** Writes zeros instead of leaving a hole: a full disk has to fail here, not by SIGBUS at the first access. */
    private static void fill(Path file, int size) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocate(Math.min(size, CHUNK));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            for (long written = 0; written < size; ) {
                zeros.clear().limit((int) Math.min(zeros.capacity(), size - written));
                written += channel.write(zeros);
            }
        }
    }

    /** Removes the file too: both sides have it now, and if the creator is killed nobody else would. */
    static Segment open(Path file, int size) throws IOException {
        Path name = file.getFileName();
        if (name == null || !NAME.matcher(name.toString()).matches()) {
            throw new InvalidSegmentException("not the name of a ring's memory: " + file);
        }
        if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new InvalidSegmentException(
                    "there is no " + file + " here, where the peer's memory should be: both processes"
                            + " need to see its directory; share it between them, or set -D" + DIRECTORY_PROPERTY
                            + " in both to one that they share");
        }
        int descriptor = openDescriptor(file, LibC.O_RDONLY);
        long address;
        try {
            check(descriptor, file, size);
            address = MemoryMap.map(descriptor, size, false);
        } finally {
            LibC.close(descriptor);
        }
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            MemoryMap.unmap(address, size);
            throw e;
        }
        return new FileSegment(address, size, false, null);
    }

    /**
     * Not through a link, and without waiting for the other end of a FIFO: whose the path is can change at any time.
     */
    private static int openDescriptor(Path file, int access) throws IOException {
        int descriptor = LibC.open(file.toString(), access | LibC.O_CLOEXEC | LibC.O_NOFOLLOW | LibC.O_NONBLOCK);
        if (descriptor < 0) {
            throw LibC.error("open " + file);
        }
        return descriptor;
    }

    /** Looks at what was opened, not at what the path leads to by now. */
    private static void check(int descriptor, Path file, int size) throws IOException {
        Map<String, Object> attributes = Files.readAttributes(Path.of(DESCRIPTORS + descriptor), "unix:mode,uid");
        int mode = (int) attributes.get("mode");
        if ((mode & S_IFMT) != S_IFREG) {
            throw new InvalidSegmentException("the peer's memory is not a regular file: " + file);
        }
        int owner = (int) attributes.get("uid");
        if (owner != UnixUsers.ownId()) {
            throw new InvalidSegmentException("the peer's memory is a file of another user, " + owner + ": " + file);
        }
        if ((mode & ~S_IFMT) != OWNER_ONLY) {
            throw new InvalidSegmentException("others than its owner may open the peer's memory: " + file + " 0"
                    + Integer.toOctalString(mode & ~S_IFMT));
        }
        checkSize(MemoryMap.size(descriptor), size);
    }

    private static long mapOwn(Path file, int size) throws IOException {
        int descriptor = openDescriptor(file, LibC.O_RDWR);
        try {
            return MemoryMap.map(descriptor, size, true);
        } finally {
            LibC.close(descriptor);
        }
    }

    @Override
    public String name() {
        return file != null ? file.toString() : super.name();
    }

    @Override
    public void withdraw() {
        if (file != null) {
            Path removed = file;
            file = null;
            try {
                Files.deleteIfExists(removed);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    void unmap(long address, int size) {
        MemoryMap.unmap(address, size);
    }
}
