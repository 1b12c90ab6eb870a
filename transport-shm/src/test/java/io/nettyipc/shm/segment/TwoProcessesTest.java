/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nettyipc.base.testing.ChildJvm;
import io.nettyipc.base.testing.TestSize;
import io.nettyipc.shm.ring.CorruptRingException;
import io.nettyipc.shm.ring.RingLayout;
import io.nettyipc.shm.ring.RingPair;
import io.nettyipc.shm.segment.Segment.Kind;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rings in real segments, between two processes. */
@Timeout(120)
class TwoProcessesTest {

    private static final int CAPACITY = 64 << 10;
    private static final int SIZE = RingLayout.segmentSize(CAPACITY);

    private final SystemResources before = SystemResources.count();

    @TempDir
    Path directory;

    static List<Kind> kinds() {
        return SegmentTest.kinds();
    }

    @AfterEach
    void nothingIsLeft() {
        SystemResources.count().assertNotMoreThan(before);
    }

    /** Bytes and positions travel by release stores only; each byte is checked. */
    @ParameterizedTest
    @MethodSource("kinds")
    void aStreamThereAndBackArrivesWhole(Kind kind) throws Exception {
        long length = (long) TestSize.of(8, 32) << 20;
        try (ChildJvm child = start(kind);
                RingPair ring = connect(child, kind)) {
            ByteBuffer source = ByteBuffer.allocateDirect(20_011);
            ByteBuffer target = ByteBuffer.allocateDirect(30_011);
            source.limit(0);
            long sent = 0;
            long received = 0;
            boolean ended = false;
            while (!ring.reader().isEnded()) {
                if (!source.hasRemaining() && sent < length) {
                    source.clear().limit((int) Math.min(source.capacity(), length - sent));
                    for (int i = 0; i < source.limit(); i++) {
                        source.put(i, at(sent + i));
                    }
                    sent += source.limit();
                }
                if (!ended) {
                    ring.writer().write(source);
                    ring.writer().commit();
                    if (sent == length && !source.hasRemaining()) {
                        ended = true;
                        ring.writer().end();
                    }
                }
                ring.reader().read(target.clear());
                for (int i = 0; i < target.position(); i++) {
                    assertTrue(at(received + i) == target.get(i), "byte " + (received + i));
                }
                received += target.position();
                ring.reader().release();
            }
            assertEquals(length, received);
            assertEquals("done", child.answer());
            child.tell("end");
            assertEquals(0, child.awaitExit());
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void whatAKilledPeerCommittedCanStillBeRead(Kind kind) throws Exception {
        try (ChildJvm child = start(kind);
                RingPair ring = connect(child, kind)) {
            ring.writer().write(ByteBuffer.allocate(1000));
            ring.writer().commit();
            while (ring.reader().readableBytes() < 1000) {
                Thread.onSpinWait();
            }
            child.kill();
            assertEquals(1000, ring.reader().read(ByteBuffer.allocate(2000)));
            ring.reader().release();
            assertEquals(0, ring.reader().readableBytes());
        }
    }

    private ChildJvm start(Kind kind) throws IOException {
        return ChildJvm.withOptions(
                List.of("-Djava.io.tmpdir=" + directory), EchoProgram.class, Integer.toString(CAPACITY), kind.name());
    }

    private static RingPair connect(ChildJvm child, Kind kind) throws Exception {
        Segment own = Segment.create(kind, SIZE);
        Segment peer = SegmentLine.open(child.answer());
        child.tell(SegmentLine.of(own));
        // The segment is withdrawn by its close: nothing tells here when the child has opened it.
        return EchoProgram.rings(own, peer, CAPACITY);
    }

    private static byte at(long position) {
        return (byte) (position * 31 + (position >>> 8) * 7 + (position >>> 16));
    }

    /** Every kind of access, each in a new ring, compiled or not. */
    @RepeatedTest(3)
    @DisabledOnOs(OS.WINDOWS)
    void aPeerThatTruncatesItsFileIsRefused() throws Exception {
        for (int repetition = 0; repetition < TestSize.of(100, 500); repetition++) {
            assertRefusedAfterTruncation(true, ring -> ring.reader().readableBytes());
            assertRefusedAfterTruncation(true, ring -> {
                ring.writer().write(ByteBuffer.allocate(100));
                ring.writer().writableBytes();
            });
            assertRefusedAfterTruncation(true, ring -> ring.reader().read(ByteBuffer.allocateDirect(100)));
            assertRefusedAfterTruncation(true, ring -> {
                ring.writer().write(ByteBuffer.allocate(100));
                ring.writer().commit();
            });
            assertRefusedAfterTruncation(false, ring -> ring.writer().write(ByteBuffer.allocateDirect(100)));
            assertRefusedAfterTruncation(false, ring -> ring.reader().sleepUntilData());
            assertRefusedAfterTruncation(true, ring -> ring.peerProcessor());
            assertRefusedAfterTruncation(false, ring -> ring.setProcessor(1));
        }
    }

    private static void assertRefusedAfterTruncation(boolean peers, RingOperation operation) throws Exception {
        Segment own = Segment.create(Kind.FILE, SIZE);
        try (Segment peer = Segment.create(Kind.FILE, SIZE);
                // Opening removes the peer's.
                RandomAccessFile file = new RandomAccessFile(peers ? peer.name() : own.name(), "rw");
                RingPair ring = new RingPair(own, CAPACITY, SegmentLine.open(SegmentLine.of(peer)), CAPACITY)) {
            assertEquals(0, ring.reader().readableBytes());
            file.setLength(0);
            String message = assertThrows(CorruptRingException.class, () -> operation.run(ring))
                    .getMessage();
            assertEquals("shared memory cannot be accessed; was its file truncated?", message);
        }
    }

    private interface RingOperation {
        void run(RingPair ring) throws Exception;
    }
}
