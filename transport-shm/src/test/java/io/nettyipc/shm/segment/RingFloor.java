/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.segment;

import io.nettyipc.base.testing.ChildJvm;
import io.nettyipc.shm.ring.CorruptRingException;
import io.nettyipc.shm.ring.RingLayout;
import io.nettyipc.shm.ring.RingPair;
import io.nettyipc.shm.ring.RingReader;
import io.nettyipc.shm.ring.RingWriter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Not a test: how fast two processes are over the bare ring, both spinning, with nothing above it. No transport on top
 * can be faster. The arguments are the capacity (default 1 MiB) and how often to repeat (default 5).
 *
 * <pre>
 * mvn -q test-compile -pl transport-shm -am
 * java -cp transport-shm/target/test-classes:transport-shm/target/classes:$(cat transport-shm/target/test.classpath) \
 *     io.nettyipc.shm.segment.RingFloor
 * </pre>
 */
final class RingFloor {

    private static final int MESSAGE = 64;
    private static final int BLOCK = 64 << 10;
    private static final int ROUND_TRIPS = 200_000;
    private static final int MESSAGES = 5_000_000;
    private static final int BLOCKS = 50_000;

    private RingFloor() {}

    public static void main(String[] args) throws Exception {
        int capacity = args.length > 0 ? Integer.parseInt(args[0]) : 1 << 20;
        int repetitions = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        Segment own = Segment.create(RingLayout.segmentSize(capacity));
        try (ChildJvm child = ChildJvm.withOptions(
                List.of("-XX:TieredStopAtLevel=4"),
                Peer.class,
                Integer.toString(capacity),
                Integer.toString(repetitions))) {
            Segment peer = SegmentLine.open(child.answer());
            child.tell(SegmentLine.of(own));
            System.out.println(own + ", JDK " + Runtime.version() + ", "
                    + Runtime.getRuntime().availableProcessors() + " processors");
            try (RingPair ring = new RingPair(own, capacity, peer, capacity)) {
                for (int i = 0; i < repetitions; i++) {
                    roundTrips(ring);
                    System.out.printf("  %5.1f M/s 64 B messages", MESSAGES / seconds(ring, MESSAGE, MESSAGES) / 1e6);
                    System.out.printf(
                            "  %5.2f GB/s in 64 KiB writes%n", BLOCKS / seconds(ring, BLOCK, BLOCKS) * BLOCK / 1e9);
                }
            }
            child.awaitExit();
        }
    }

    private static void roundTrips(RingPair ring) throws CorruptRingException {
        ByteBuffer message = ByteBuffer.allocateDirect(MESSAGE);
        long[] nanos = new long[ROUND_TRIPS];
        for (int i = 0; i < ROUND_TRIPS; i++) {
            long start = System.nanoTime();
            send(ring.writer(), message.clear());
            receive(ring.reader(), message.clear());
            nanos[i] = System.nanoTime() - start;
        }
        Arrays.sort(nanos);
        System.out.printf(
                "64 B round trip p50 %5.2f µs, p99 %6.2f µs",
                nanos[ROUND_TRIPS / 2] / 1e3, nanos[ROUND_TRIPS / 100 * 99] / 1e3);
    }

    /**
     * Returns how long it takes to send that many buffers, each with a commit of its own, until the peer has them all.
     */
    private static double seconds(RingPair ring, int size, int times) throws CorruptRingException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(size);
        long start = System.nanoTime();
        for (int i = 0; i < times; i++) {
            send(ring.writer(), buffer.clear());
        }
        receive(ring.reader(), buffer.clear().limit(1));
        return (System.nanoTime() - start) / 1e9;
    }

    private static void send(RingWriter writer, ByteBuffer buffer) throws CorruptRingException {
        while (true) {
            writer.write(buffer);
            writer.commit();
            if (!buffer.hasRemaining()) {
                return;
            }
            Thread.onSpinWait();
        }
    }

    /** Fills the buffer. */
    private static void receive(RingReader reader, ByteBuffer buffer) throws CorruptRingException {
        while (true) {
            if (reader.read(buffer) != 0) {
                reader.release();
            }
            if (!buffer.hasRemaining()) {
                return;
            }
            Thread.onSpinWait();
        }
    }

    /** The other process. */
    static final class Peer {

        private Peer() {}

        public static void main(String[] args) throws IOException {
            int capacity = Integer.parseInt(args[0]);
            Segment own = Segment.create(RingLayout.segmentSize(capacity));
            ChildJvm.answer(SegmentLine.of(own));
            BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            Segment peer = SegmentLine.open(input.readLine());
            try (RingPair ring = new RingPair(own, capacity, peer, capacity)) {
                for (int i = Integer.parseInt(args[1]); i > 0; i--) {
                    ByteBuffer message = ByteBuffer.allocateDirect(MESSAGE);
                    for (int roundTrip = 0; roundTrip < ROUND_TRIPS; roundTrip++) {
                        receive(ring.reader(), message.clear());
                        send(ring.writer(), message.clear());
                    }
                    consume(ring, (long) MESSAGE * MESSAGES);
                    consume(ring, (long) BLOCK * BLOCKS);
                }
            }
        }

        private static void consume(RingPair ring, long bytes) throws CorruptRingException {
            ByteBuffer buffer = ByteBuffer.allocateDirect(BLOCK);
            for (long received = 0; received < bytes; received += buffer.position()) {
                if (ring.reader().read(buffer.clear()) == 0) {
                    Thread.onSpinWait();
                } else {
                    ring.reader().release();
                }
            }
            send(ring.writer(), buffer.clear().limit(1));
        }
    }
}
