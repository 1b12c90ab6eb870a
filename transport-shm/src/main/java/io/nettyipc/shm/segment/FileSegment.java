/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.segment;

import io.nettyipc.pipe.unix.LibC;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.regex.Pattern;

/** {@link Segment.Kind#FILE}. */
final class FileSegment extends Segment {

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final String PREFIX = "nettyipc-";
    private static final String SUFFIX = ".ring";
    /** Of what we would open, and remove, at the word of a peer. */
    private static final Pattern NAME = Pattern.compile(PREFIX + ".*" + Pattern.quote(SUFFIX));

    private static final int CHUNK = 64 << 10;

    private Path file;

    private FileSegment(long address, int size, boolean writable, Path file) {
        super(Kind.FILE, address, size, writable);
        this.file = file;
    }

    static Segment newSegment(int size) throws IOException {
        // The process id says whose file it is that a killed process left.
        Path file = Files.createTempFile(
                PREFIX + ProcessHandle.current().pid() + '-', SUFFIX, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        try {
            fill(file, size);
            return new FileSegment(map(file, size, true), size, true, file);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        }
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
        PosixFileAttributes attributes =
                Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!attributes.isRegularFile()) {
            throw new InvalidSegmentException("the peer's memory is not a regular file: " + file);
        }
        if (!attributes.permissions().equals(OWNER_ONLY)) {
            throw new InvalidSegmentException("others than its owner may open the peer's memory: " + file + ' '
                    + PosixFilePermissions.toString(attributes.permissions()));
        }
        long address = map(file, size, false);
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            MemoryMap.unmap(address, size);
            throw e;
        }
        return new FileSegment(address, size, false, null);
    }

    private static long map(Path file, int size, boolean writable) throws IOException {
        int descriptor = LibC.open(file.toString(), (writable ? LibC.O_RDWR : LibC.O_RDONLY) | LibC.O_CLOEXEC);
        if (descriptor < 0) {
            throw LibC.error("open " + file);
        }
        try {
            MemoryMap.checkSize(descriptor, size);
            return MemoryMap.map(descriptor, size, writable);
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
