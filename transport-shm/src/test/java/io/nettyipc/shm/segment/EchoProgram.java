/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.segment;

import io.nettyipc.base.testing.ChildJvm;
import io.nettyipc.shm.ring.RingGrowth;
import io.nettyipc.shm.ring.RingLayout;
import io.nettyipc.shm.ring.RingPair;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The other process of the tests: sends back what it reads, until the end. */
final class EchoProgram {

    private static final int FIRST = 4096;

    private EchoProgram() {}

    /** The arguments are the capacity of both rings and the kind of segment to create. */
    public static void main(String[] args) throws IOException {
        int capacity = Integer.parseInt(args[0]);
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Segment own = Segment.create(Segment.Kind.valueOf(args[1]), RingLayout.segmentSize(capacity));
        ChildJvm.answer(SegmentLine.of(own));
        Segment peer = SegmentLine.open(input.readLine());
        try (RingPair ring = rings(own, peer, capacity)) {
            echo(ring);
            ChildJvm.answer("done");
            // Keeps the segment until the parent has read everything.
            input.readLine();
        }
    }

    /** Makes rings that begin small. */
    static RingPair rings(Segment own, Segment peer, int capacity) {
        return new RingPair(own, FIRST, capacity, peer, FIRST, capacity, RingGrowth.FREE);
    }

    /** Looks again and again instead of sleeping: there is no doorbell here. */
    private static void echo(RingPair ring) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(64 << 10);
        while (!ring.reader().isEnded()) {
            if (ring.reader().read(buffer.clear()) == 0) {
                Thread.onSpinWait();
                continue;
            }
            ring.reader().release();
            buffer.flip();
            while (buffer.hasRemaining()) {
                ring.writer().write(buffer);
                ring.writer().commit();
            }
        }
        ring.writer().end();
    }
}
