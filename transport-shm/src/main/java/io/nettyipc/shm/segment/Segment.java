/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.segment;

import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.nettyipc.base.os.LibC;
import io.nettyipc.base.os.MemoryMap;
import io.nettyipc.base.os.Platform;
import io.nettyipc.shm.ring.RingMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * Memory that this process shares with one other. Its creator writes to it; the other process opens it for reading, by
 * a descriptor or a name that it was told.
 *
 * <p>The memory up to {@link #prepared()} is committed: accesses to it cannot fail for want of memory. That is all of
 * it, but for {@link Kind#MEMFD}s that are not {@linkplain LargeMemory large}, whose first two pages they are.
 * {@link #close()} unmaps without waiting for the garbage collector, which is why the buffers must not outlive it.
 *
 * <p>For one thread at a time. That of {@link LargeMemory} is the one to create and open large segments.
 */
public abstract class Segment implements RingMemory {

    /** What the memory is, and by what the peer opens it. */
    public enum Kind {
        /**
         * Linux: an anonymous file, passed as a {@link #descriptor()}. Sealed: nobody can resize it, and nobody but the
         * mapping that its creator has can write to it.
         */
        MEMFD,
        /**
         * Any Unix: a temporary file that only this user can open, passed as a path. Nothing keeps the peer from
         * writing to it or truncating it: for trusted peers only.
         */
        FILE,
        /** Windows: a section of the page file, passed as a random name, which others may open for reading only. */
        SECTION
    }

    /** On Linux, the value {@code file} of this system property chooses {@link Kind#FILE}. */
    private static final String KIND_PROPERTY = "io.nettyipc.shm.segment";

    private final Kind kind;
    private final long address;
    private final int size;
    private final boolean writable;
    /** Null until it is asked for; to make one takes a call of native code. */
    private ByteBuffer buffer;

    private int prepared;
    private boolean closed;

    /**
     * @param prepared what {@link #prepared()} is at first
     */
    Segment(Kind kind, long address, int size, int prepared, boolean writable) {
        this.kind = kind;
        this.address = address;
        this.size = size;
        this.prepared = prepared;
        this.writable = writable;
    }

    /** Returns the kind that {@link #create} makes on this system. */
    public static Kind kindOfThisSystem() {
        if (Platform.current() == Platform.WINDOWS) {
            return Kind.SECTION;
        }
        String wanted = System.getProperty(KIND_PROPERTY, "");
        if (!wanted.isEmpty() && !wanted.equals("file")) {
            throw new IllegalArgumentException("-D" + KIND_PROPERTY + '=' + wanted + " (expected: file)");
        }
        return Platform.current() == Platform.LINUX && wanted.isEmpty() && Memfds.PROBLEM == null
                ? Kind.MEMFD
                : Kind.FILE;
    }

    /**
     * Whether memory is taken from the system as it comes to be used, and not all at once.
     *
     * @param size in bytes
     */
    public static boolean isTakenBitByBit(Kind kind, int size) {
        return isSealedAndSmall(kind, size) && Memfds.BIT_BY_BIT;
    }

    /** Whether it is on those systems that can. */
    public static boolean isSealedAndSmall(Kind kind, int size) {
        return kind == Kind.MEMFD && !LargeMemory.isLarge(size);
    }

    /**
     * Returns why this system gives this process no sealed memory, for a message; {@code null} if it does or wasn't
     * asked.
     */
    public static String whyNotSealed() {
        boolean asked = Platform.current() == Platform.LINUX
                && System.getProperty(KIND_PROPERTY, "").isEmpty();
        return asked ? Memfds.PROBLEM : null;
    }

    /**
     * Sandboxes refuse {@code memfd_create}, old kernels have no such seals, and both don't change while a process
     * runs.
     */
    private static final class Memfds {
        private static final InternalLogger logger = InternalLoggerFactory.getInstance(Segment.class);

        static final String PROBLEM;
        static final boolean BIT_BY_BIT;

        static {
            String problem = null;
            boolean bitByBit = false;
            try (Segment probe = MemfdSegment.newSegment(MemfdSegment.FIRST + 1)) {
                bitByBit = probe.prepared() < probe.size();
            } catch (IOException e) {
                // Nobody sees it otherwise: all works, for peers that are trusted.
                logger.info("shared memory is in files, since this system has no sealed memory: {}", e.getMessage());
                logger.debug("There is no sealed memory", e);
                problem = e.getMessage();
            }
            PROBLEM = problem;
            BIT_BY_BIT = bitByBit;
        }
    }

    /**
     * Finds out whether this system gives this process memory. A file may also be beside a server's socket, which is
     * known only when somebody connects.
     *
     * @throws IOException if it doesn't
     */
    public static void probe() throws IOException {
        try {
            create(1).close();
        } catch (IOException e) {
            if (kindOfThisSystem() != Kind.FILE || FileSegment.isDirectoryChosen()) {
                throw e;
            }
        }
    }

    /**
     * Creates zeroed memory for this process to write to.
     *
     * @param size in bytes
     * @throws IOException if the system refuses, for instance because it has not that much memory left
     */
    public static Segment create(int size) throws IOException {
        return create(kindOfThisSystem(), size);
    }

    /** Creates memory as {@link #create(int)} does, of one kind. */
    public static Segment create(Kind kind, int size) throws IOException {
        return create(kind, size, null);
    }

    /**
     * Creates memory as {@link #create(int)} does, of a kind that both sides agreed on.
     *
     * @param common a directory that both sides see, for a file where there is no better one; or {@code null}
     */
    public static Segment create(Kind kind, int size, Path common) throws IOException {
        checkSize(size);
        return switch (kind) {
            case MEMFD -> MemfdSegment.newSegment(size);
            case FILE -> FileSegment.newSegment(size, common);
            case SECTION -> SectionSegment.newSegment(size);
        };
    }

    /**
     * Maps a peer's memory for reading, once it is known that nobody can resize it and only its creator's mapping can
     * write to it.
     *
     * @param descriptor of the memfd; taken over: closed by this call, whether it fails or not
     * @param size       that the peer said it has, in bytes
     * @throws InvalidSegmentException if it is something else, not sealed, or of another size
     */
    public static Segment openMemfd(int descriptor, int size) throws IOException {
        try {
            checkSize(size);
        } catch (IllegalArgumentException e) {
            LibC.close(descriptor);
            throw e;
        }
        return MemfdSegment.open(descriptor, size);
    }

    /**
     * Maps a trusted peer's temporary file for reading, and removes it.
     *
     * @param size that the peer said it has, in bytes
     * @throws InvalidSegmentException if it is something else, can be opened by other users, or is of another size
     */
    public static Segment openFile(Path file, int size) throws IOException {
        checkSize(size);
        return FileSegment.open(file, size);
    }

    /**
     * Maps a peer's section for reading.
     *
     * @param size that the peer said it has, in bytes
     * @throws InvalidSegmentException if it is something else, not all of it committed, or of another size
     */
    public static Segment openSection(String name, int size) throws IOException {
        checkSize(size);
        return SectionSegment.open(name, size);
    }

    private static void checkSize(int size) {
        if (size <= 0) {
            throw new IllegalArgumentException("size: " + size + " (expected: > 0)");
        }
    }

    /** Refuses a peer's memory that is not as large as the peer said. */
    static void checkSize(long found, long expected) throws InvalidSegmentException {
        if (found != expected) {
            throw new InvalidSegmentException(
                    "the peer's memory has " + found + " bytes, not " + expected + " as it said");
        }
    }

    public final Kind kind() {
        return kind;
    }

    /** Returns the size in bytes. */
    public final int size() {
        return size;
    }

    public final boolean isWritable() {
        return writable;
    }

    /**
     * Returns the descriptor to send to the peer of a {@link Kind#MEMFD} created here, until {@link #withdraw()}. It
     * stays this segment's.
     */
    public int descriptor() {
        throw new IllegalStateException(kind + " has no descriptor, or has it no more");
    }

    /**
     * Returns the path of a {@link Kind#FILE} or the name of a {@link Kind#SECTION} created here, for the peer, until
     * {@link #withdraw()}.
     */
    public String name() {
        throw new IllegalStateException(kind + " has no name, or has it no more");
    }

    /**
     * Makes it impossible to open a segment created here: to be called when the peer has it. Closes the descriptor, or
     * removes the file or the name. Both mappings stay. Does nothing the second time, and for an opened segment.
     *
     * <p>Windows removes the name when the last view of it is unmapped, not sooner.
     */
    public abstract void withdraw();

    @Override
    public final ByteBuffer buffer() {
        if (closed) {
            throw new IllegalStateException("the segment is closed");
        }
        if (buffer == null) {
            buffer = MemoryMap.buffer(address, size);
        }
        return (writable ? buffer.duplicate() : buffer.asReadOnlyBuffer()).order(ByteOrder.nativeOrder());
    }

    @Override
    public final long address() {
        return address;
    }

    @Override
    public final int prepared() {
        return prepared;
    }

    @Override
    public final void prepare(int size) throws IOException {
        if (closed || size > this.size) {
            throw new IllegalStateException(size + " bytes of " + this + (closed ? ", which is closed" : ""));
        }
        if (size > prepared) {
            populate(address, size);
            prepared = size;
        }
    }

    @Override
    public final boolean isTaken(int size) {
        return size <= prepared || isPopulated(address, size);
    }

    /** Whether the beginning of the mapping has memory. Not called where all of it has some. */
    boolean isPopulated(long address, int size) {
        throw new IllegalStateException(kind + " has all of its memory");
    }

    /** Finds memory for the beginning of the mapping. Not called where all of it has some. */
    void populate(long address, int size) throws IOException {
        throw new IllegalStateException(kind + " has all of its memory");
    }

    /** Only a file can be truncated: the seals keep a memfd from it, and a section never shrinks. */
    @Override
    public final boolean mayFault() {
        return kind == Kind.FILE;
    }

    /**
     * Unmaps the memory, soon if it is {@link LargeMemory}, and does what {@link #withdraw()} does. Any access through
     * a buffer of it now crashes the JVM.
     */
    @Override
    public final void close() {
        if (!closed) {
            closed = true;
            try {
                withdraw();
            } finally {
                if (LargeMemory.isLarge(size)) {
                    LargeMemory.execute(() -> unmap(address, size));
                } else {
                    unmap(address, size);
                }
            }
        }
    }

    abstract void unmap(long address, int size);

    @Override
    public String toString() {
        return kind + " segment of " + size + " bytes, " + (writable ? "writable" : "read-only");
    }
}
