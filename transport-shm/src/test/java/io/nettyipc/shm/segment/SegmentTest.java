/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Platform;
import io.nettyipc.shm.segment.Segment.Kind;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every kind of segment does. */
class SegmentTest {

    private static final int SIZE = 64 << 10;

    private final SystemResources before = SystemResources.count();

    static List<Kind> kinds() {
        if (Platform.isWindows()) {
            return List.of(Kind.SECTION);
        }
        return Platform.isLinux() ? List.of(Kind.MEMFD, Kind.FILE) : List.of(Kind.FILE);
    }

    @AfterEach
    void nothingIsLeft() {
        SystemResources.count().assertNotMoreThan(before);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void theOpenedSegmentShowsWhatTheCreatorWrites(Kind kind) throws Exception {
        try (Segment created = Segment.create(kind, SIZE)) {
            ByteBuffer writable = created.buffer();
            assertEquals(SIZE, writable.capacity());
            assertEquals(ByteBuffer.allocate(SIZE), writable, "zeroed");
            writable.putInt(0, 42).putInt(SIZE - 4, 43);
            try (Segment opened = SegmentLine.open(SegmentLine.of(created))) {
                created.withdraw();
                created.withdraw();
                ByteBuffer readable = opened.buffer();
                assertEquals(SIZE, readable.capacity());
                assertEquals(42, readable.getInt(0));
                assertEquals(43, readable.getInt(SIZE - 4));
                writable.putInt(0, 44);
                assertEquals(44, readable.getInt(0));
                assertTrue(created.isWritable());
                assertFalse(opened.isWritable());
                assertThrows(ReadOnlyBufferException.class, () -> readable.put(0, (byte) 1));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void theReadersMappingOutlivesTheCreatorsSegment(Kind kind) throws Exception {
        Segment created = Segment.create(kind, SIZE);
        created.buffer().putInt(SIZE / 2, 42);
        try (Segment opened = SegmentLine.open(SegmentLine.of(created))) {
            created.close();
            assertEquals(42, opened.buffer().getInt(SIZE / 2));
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aWithdrawnSegmentCannotBeOpened(Kind kind) throws Exception {
        try (Segment created = Segment.create(kind, SIZE)) {
            created.withdraw();
            assertThrows(IllegalStateException.class, () -> SegmentLine.of(created));
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void anOpenedSegmentCannotBePassedOn(Kind kind) throws Exception {
        try (Segment created = Segment.create(kind, SIZE);
                Segment opened = SegmentLine.open(SegmentLine.of(created))) {
            assertThrows(IllegalStateException.class, () -> SegmentLine.of(opened));
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aClosedSegmentGivesNoBuffer(Kind kind) throws Exception {
        Segment created = Segment.create(kind, SIZE);
        created.close();
        created.close();
        assertThrows(IllegalStateException.class, created::buffer);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void memoryOfAnotherSizeIsRefused(Kind kind) throws Exception {
        try (Segment created = Segment.create(kind, SIZE)) {
            for (int size : new int[] {SIZE - 4096, SIZE + 4096, 1 << 30, 1}) {
                String line = SegmentLine.of(created).replace(" " + SIZE + " ", " " + size + " ");
                String message = assertThrows(InvalidSegmentException.class, () -> SegmentLine.open(line))
                        .getMessage();
                assertTrue(message.matches("the peer's memory has " + SIZE + " bytes, not \\d+ as it said"), message);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aThousandSegmentsLeaveNothingBehind(Kind kind) throws Exception {
        cycles(kind, 10);
        SystemResources warm = SystemResources.count();
        cycles(kind, 1000);
        SystemResources.count().assertNotMoreThan(warm);
    }

    private static void cycles(Kind kind, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            Segment created = Segment.create(kind, SIZE);
            Segment opened = SegmentLine.open(SegmentLine.of(created));
            if (i % 2 == 0) {
                created.withdraw();
            }
            created.buffer().put(i, (byte) i);
            assertEquals((byte) i, opened.buffer().get(i));
            (i % 3 == 0 ? created : opened).close();
            (i % 3 == 0 ? opened : created).close();
        }
    }

    @Test
    void sizesThatAreNoneAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> Segment.create(0));
        assertThrows(IllegalArgumentException.class, () -> Segment.create(-4096));
    }
}
