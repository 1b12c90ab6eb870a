/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import io.nettyipc.base.os.LibC;
import io.nettyipc.base.os.Memfd;
import io.nettyipc.base.os.MemoryMap;
import io.nettyipc.base.testing.NewDescriptors;
import io.nettyipc.shm.segment.Segment.Kind;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@EnabledOnOs(OS.LINUX)
class MemfdSegmentTest {

    private static final int SIZE = 64 << 10;
    private static final int LARGE = 2 << 20;
    private static final int FIRST = 8192;
    private static final int ALL =
            Memfd.F_SEAL_SHRINK | Memfd.F_SEAL_GROW | Memfd.F_SEAL_FUTURE_WRITE | Memfd.F_SEAL_SEAL;

    private final SystemResources before = SystemResources.count();

    @TempDir
    Path directory;

    @AfterEach
    void nothingIsLeft() throws InterruptedException {
        CountDownLatch largeIsUnmapped = new CountDownLatch(1);
        LargeMemory.execute(largeIsUnmapped::countDown);
        assertTrue(largeIsUnmapped.await(20, TimeUnit.SECONDS));
        SystemResources.count().assertNotMoreThan(before);
    }

    @Test
    void linuxUsesItUnlessTheSystemPropertySaysFile() throws Exception {
        assertEquals(Kind.MEMFD, Segment.kindOfThisSystem());
        System.setProperty("io.nettyipc.shm.segment", "file");
        try (Segment segment = Segment.create(SIZE)) {
            assertEquals(Kind.FILE, segment.kind());
            System.setProperty("io.nettyipc.shm.segment", "none");
            assertThrows(IllegalArgumentException.class, Segment::kindOfThisSystem);
        } finally {
            System.clearProperty("io.nettyipc.shm.segment");
        }
    }

    /** It is open until the peer has it. */
    @Test
    void noProgramInheritsTheMemory() throws Exception {
        NewDescriptors memory = new NewDescriptors(target -> target.startsWith("/memfd:"));
        try (Segment segment = Segment.create(Kind.MEMFD, SIZE)) {
            assertEquals(Kind.MEMFD, segment.kind());
            memory.assertClosedInChildren(1);
        }
    }

    @Test
    void nobodyButTheCreatorsMappingCanWrite() throws Exception {
        try (Segment segment = Segment.create(Kind.MEMFD, SIZE)) {
            segment.buffer().putInt(0, 42);
            int descriptor = segment.descriptor();

            IOException mapped = assertThrows(IOException.class, () -> MemoryMap.map(descriptor, SIZE, true));
            assertTrue(mapped.getMessage().contains("(errno 1)"), mapped.getMessage());
            try (FileChannel channel = FileChannel.open(
                    Path.of("/proc/self/fd/" + descriptor), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                assertThrows(IOException.class, () -> channel.write(ByteBuffer.allocate(4), 0));
                assertThrows(IOException.class, () -> channel.write(ByteBuffer.allocate(4), SIZE));
                assertThrows(IOException.class, () -> channel.map(FileChannel.MapMode.READ_WRITE, 0, SIZE));
            }
            IOException shrunk = assertThrows(IOException.class, () -> MemoryMap.resize(descriptor, SIZE - 1));
            assertTrue(shrunk.getMessage().contains("(errno 1)"), shrunk.getMessage());
            assertThrows(IOException.class, () -> MemoryMap.resize(descriptor, SIZE + 1));
            assertThrows(IOException.class, () -> Memfd.seal(descriptor, 8), "the set of seals is sealed");
            long readable = MemoryMap.map(descriptor, SIZE, false);
            assertEquals(-1, Protection.mprotect(readable, SIZE, 3 /* PROT_READ | PROT_WRITE */));
            MemoryMap.unmap(readable, SIZE);

            assertEquals(42, segment.buffer().getInt(0));
            segment.buffer().putInt(0, 43);
            assertEquals(43, segment.buffer().getInt(0));
        }
    }

    /** Without finding pages where there are none. */
    @Test
    void thePeerSeesHowFarItsPagesExist() throws Exception {
        try (Segment segment = Segment.create(Kind.MEMFD, SIZE);
                Segment read = SegmentLine.open(SegmentLine.of(segment))) {
            assertTrue(read.isTaken(FIRST));
            assertFalse(read.isTaken(FIRST + 1));
            segment.prepare(SIZE / 2);
            assertEquals(FIRST, read.prepared());
            assertTrue(read.isTaken(SIZE / 2));
            assertFalse(read.isTaken(SIZE));
            assertEquals(SIZE / 2, bytesOfPages(segment.descriptor()));
        }
    }

    @Test
    void itsPagesExistAsFarAsItIsPrepared() throws Exception {
        try (Segment segment = Segment.create(Kind.MEMFD, SIZE)) {
            assertEquals(FIRST, segment.prepared());
            assertEquals(FIRST, bytesOfPages(segment.descriptor()));
            segment.prepare(FIRST / 2);
            assertEquals(FIRST, segment.prepared());
            segment.prepare(SIZE / 2);
            assertEquals(SIZE / 2, segment.prepared());
            assertEquals(SIZE / 2, bytesOfPages(segment.descriptor()));
            segment.prepare(SIZE);
            assertEquals(SIZE, bytesOfPages(segment.descriptor()));
            assertThrows(IllegalStateException.class, () -> segment.prepare(SIZE + 1));
        }
    }

    @Test
    void allPagesOfLargeMemoryExistWhenItIsCreated() throws Exception {
        try (Segment segment = Segment.create(Kind.MEMFD, LARGE)) {
            assertEquals(LARGE, segment.prepared());
            assertEquals(LARGE, bytesOfPages(segment.descriptor()));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {SIZE, LARGE})
    void aPeersMemoryWithHolesIsFilledAsFarAsItIsPrepared(int size) throws Exception {
        int descriptor = memfd(size, ALL);
        assertEquals(0, bytesOfPages(descriptor));
        int same = SegmentLine.openDescriptor("/proc/self/fd/" + descriptor, LibC.O_RDWR);
        try (Segment segment = Segment.openMemfd(same, size)) {
            assertEquals(segment.prepared(), bytesOfPages(descriptor));
            segment.prepare(size);
            assertEquals(size, bytesOfPages(descriptor));
        }
        LibC.close(descriptor);
    }

    @Test
    void aDescriptorThroughWhichHolesOfLargeMemoryCannotBeFilledIsRefused() throws Exception {
        int descriptor = memfd(LARGE, ALL);
        int readOnly = SegmentLine.openDescriptor("/proc/self/fd/" + descriptor, LibC.O_RDONLY);
        assertThrows(IOException.class, () -> Segment.openMemfd(readOnly, LARGE));
        LibC.close(descriptor);
    }

    @Test
    void aClosedSegmentIsNotPrepared() throws Exception {
        Segment segment = Segment.create(Kind.MEMFD, SIZE);
        segment.close();
        assertThrows(IllegalStateException.class, () -> segment.prepare(SIZE));
    }

    /** What {@code stat} says. The child inherits nothing: the descriptor is opened by its name. */
    private long bytesOfPages(int descriptor) throws Exception {
        Path output = directory.resolve("blocks");
        String file = "/proc/" + ProcessHandle.current().pid() + "/fd/" + descriptor;
        new ProcessBuilder("stat", "-L", "-c", "%b", file)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start()
                .waitFor();
        return Long.parseLong(Files.readString(output).trim()) * 512;
    }

    @Test
    void memoryThatLacksASealIsRefused() throws Exception {
        assertRefused(
                memfd(SIZE, 0),
                "the peer's memory lacks the seals" + " F_SEAL_SHRINK F_SEAL_GROW F_SEAL_FUTURE_WRITE F_SEAL_SEAL");
        for (int seal = 1; seal <= Memfd.F_SEAL_FUTURE_WRITE; seal <<= 1) {
            if ((seal & ALL) != 0) {
                assertRefused(memfd(SIZE, ALL & ~seal), "the peer's memory lacks the seals F_SEAL_");
            }
        }
    }

    @Test
    void sealedMemoryThatIsTooShortOrTooLongIsRefused() throws Exception {
        assertRefused(memfd(SIZE - 1, ALL), "the peer's memory has 65535 bytes, not 65536 as it said");
        assertRefused(memfd(SIZE + 1, ALL), "the peer's memory has 65537 bytes, not 65536 as it said");
        assertRefused(memfd(0, ALL), "the peer's memory has 0 bytes");
    }

    @Test
    void aDescriptorOfSomethingElseIsRefused() throws Exception {
        Path file = Files.write(directory.resolve("file"), new byte[SIZE]);
        String onDisk = assertThrows(
                        IOException.class,
                        () -> Segment.openMemfd(SegmentLine.openDescriptor(file.toString(), LibC.O_RDWR), SIZE)
                                .close())
                .getMessage();
        assertTrue(onDisk.startsWith("the peer's "), onDisk);
        assertRefused(
                SegmentLine.openDescriptor("/dev/zero", LibC.O_RDWR),
                "the peer's descriptor is not one of shared memory");
        assertRefused(
                SegmentLine.openDescriptor("/proc/self/status", LibC.O_RDONLY),
                "the peer's descriptor is not one of shared memory");
        assertThrows(IOException.class, () -> Segment.openMemfd(1 << 20, SIZE));
    }

    private static int memfd(int size, int seals) throws IOException {
        int descriptor = Memfd.create("test");
        MemoryMap.resize(descriptor, size);
        Memfd.seal(descriptor, seals);
        return descriptor;
    }

    private static void assertRefused(int descriptor, String message) {
        String found = assertThrows(InvalidSegmentException.class, () -> Segment.openMemfd(descriptor, SIZE))
                .getMessage();
        assertTrue(found.startsWith(message), found);
        assertThrows(IOException.class, () -> MemoryMap.size(descriptor), "the descriptor is closed");
    }

    private static final class Protection {
        static {
            Native.register(Protection.class, NativeLibrary.getProcess());
        }

        static native int mprotect(long address, long size, int protection);
    }
}
