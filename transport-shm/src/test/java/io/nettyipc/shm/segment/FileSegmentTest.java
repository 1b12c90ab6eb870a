/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nettyipc.base.os.UnixUsers;
import io.nettyipc.base.testing.TestSize;
import io.nettyipc.shm.segment.Segment.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "memory is always a section there")
@Timeout(60)
class FileSegmentTest {

    private static final int SIZE = 64 << 10;

    private final SystemResources before = SystemResources.count();

    @TempDir
    Path directory;

    @AfterEach
    void nothingIsLeft() {
        SystemResources.count().assertNotMoreThan(before);
    }

    private static String refusal(Path file) {
        return assertThrows(InvalidSegmentException.class, () -> Segment.openFile(file, SIZE))
                .getMessage();
    }

    /** A file as a peer would offer it, in this test's directory. */
    private Path peersFile(String name) throws IOException {
        Path file = Files.write(directory.resolve("nettyipc-" + name + ".ring"), new byte[SIZE]);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private Path fifo(String name) throws Exception {
        Path fifo = directory.resolve("nettyipc-" + name + ".ring");
        Process process = new ProcessBuilder("mkfifo", "-m", "600", fifo.toString())
                .inheritIO()
                .start();
        assertEquals(0, process.waitFor());
        return fifo;
    }

    @Test
    void itIsForOneUserAndNoLink() throws Exception {
        try (Segment segment = Segment.create(Kind.FILE, SIZE)) {
            Path file = Path.of(segment.name());
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));

            Path link = Files.createSymbolicLink(directory.resolve("nettyipc-link.ring"), file);
            assertThrows(IOException.class, () -> Segment.openFile(link, SIZE));
            Path folder = Files.createDirectory(directory.resolve("nettyipc-folder.ring"));
            assertEquals("the peer's memory is not a regular file: " + folder, refusal(folder));
            Path fifo = fifo("fifo");
            assertEquals("the peer's memory is not a regular file: " + fifo, refusal(fifo));
            Path other = Files.createFile(directory.resolve("other"));
            assertEquals("not the name of a ring's memory: " + other, refusal(other));
            assertTrue(Files.exists(link) && Files.exists(folder) && Files.exists(other) && Files.exists(file));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
            String message = refusal(file);
            assertTrue(message.endsWith(" 0644"), message);
            segment.withdraw();
            assertTrue(Files.notExists(file));
        }
    }

    @Test
    void aFileOfAnotherUserIsRefused() throws Exception {
        assumeTrue(UnixUsers.ownId() == 0, "only root can give files away");
        Path file = peersFile("foreign");
        Files.setAttribute(file, "unix:uid", 4711);
        assertEquals("the peer's memory is a file of another user, 4711: " + file, refusal(file));
        assertTrue(Files.exists(file));
    }

    /** Who may put files in a directory where anybody may remove them could put one in the place of another. */
    @Test
    void theCommonDirectoryComesBeforeTheTemporaryOneUnlessOthersMayWriteToIt() throws Exception {
        List<Path> without = FileSegment.directories(null);
        List<Path> with = new ArrayList<>(without);
        with.add(without.size() - 1, directory);
        assertEquals(with, FileSegment.directories(directory));

        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwx---"));

        assertEquals(without, FileSegment.directories(directory));
        Files.setAttribute(directory, "unix:mode", 01770);
        assertEquals(with, FileSegment.directories(directory));
        assertEquals(without, FileSegment.directories(directory.resolve("none")));
    }

    @Test
    void onlyOldFilesOfThisUsersEndedProcessesAreSweptUp() throws Exception {
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();
        Path left = aged(peersFile(ended.pid() + "-1"), 2);
        Path recent = peersFile(ended.pid() + "-2");
        Path ofALiveProcess = aged(peersFile(ProcessHandle.current().pid() + "-3"), 2);
        Path ofNoProcess = aged(peersFile("x-4"), 2);
        Path link = Files.createSymbolicLink(directory.resolve("nettyipc-" + ended.pid() + "-5.ring"), ofNoProcess);
        List<Path> staying = new ArrayList<>(List.of(recent, ofALiveProcess, ofNoProcess, link));
        if (UnixUsers.ownId() == 0) {
            Path foreign = aged(peersFile(ended.pid() + "-6"), 2);
            Files.setAttribute(foreign, "unix:uid", 4711);
            staying.add(foreign);
        }
        FileSegment.sweep(directory);
        assertTrue(Files.notExists(left));
        for (Path file : staying) {
            assertTrue(Files.exists(file), file::toString);
        }
    }

    private static Path aged(Path file, int hours) throws IOException {
        return Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofHours(hours))));
    }

    @Test
    void itIsRemovedWhenItIsOpened() throws Exception {
        try (Segment created = Segment.create(Kind.FILE, SIZE);
                Segment opened = Segment.openFile(Path.of(created.name()), SIZE)) {
            assertTrue(Files.notExists(Path.of(created.name())));
            created.buffer().put(0, (byte) 42);
            assertEquals(42, opened.buffer().get(0));
        }
    }

    /** The peer puts a FIFO in its place again and again: an open that waited for a writer would block the loop. */
    @Test
    void whatAPathLeadsToMayChangeWhileItIsOpened() throws Exception {
        Path path = directory.resolve("nettyipc-changing.ring");
        Path fifo = fifo("source");
        AtomicReference<Throwable> peerFailed = new AtomicReference<>();
        // Not by an interrupt, which would close the file that the peer is writing.
        AtomicBoolean enough = new AtomicBoolean();
        Thread peer = new Thread(() -> {
            try {
                while (!enough.get()) {
                    // One rename(2): REPLACE_EXISTING deletes first, and fails if the open has already done so.
                    Files.move(peersFile("next"), path, StandardCopyOption.ATOMIC_MOVE);
                    Path another = Files.createLink(directory.resolve("another"), fifo);
                    Files.move(another, path, StandardCopyOption.ATOMIC_MOVE);
                }
            } catch (IOException e) {
                peerFailed.set(e);
            }
        });
        peer.start();
        int opened = 0;
        int refused = 0;
        // Where both have one processor, it is once in some of their turns there that a file is found.
        int times = TestSize.of(10, 100);
        try {
            while (peer.isAlive() && (opened < times || refused < times)) {
                try {
                    Segment.openFile(path, SIZE).close();
                    opened++;
                } catch (InvalidSegmentException e) {
                    refused++;
                } catch (IOException e) {
                    assertTrue(e.getMessage().contains("(errno 2)") || e instanceof NoSuchFileException, e.toString());
                }
            }
        } finally {
            enough.set(true);
            peer.join();
        }
        assertNull(peerFailed.get());
        assertTrue(opened > 0 && refused > 0, opened + " opened, " + refused + " refused");
    }
}
