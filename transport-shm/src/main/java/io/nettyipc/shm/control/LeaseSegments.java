/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.control;

import io.nettyipc.shm.lease.LeaseLayout;
import io.nettyipc.shm.lease.LeasePair;
import io.nettyipc.shm.segment.Segment;
import java.io.IOException;
import java.nio.file.Path;

/** The two segments for leases, once the two sides have agreed on some. Owns them until {@link #pair}. */
final class LeaseSegments {

    private final Segment.Kind kind;
    private final LeaseLayout ownLayout;
    private final LeaseLayout peerLayout;
    private Segment own;
    private Segment peer;

    LeaseSegments(Segment.Kind kind, LeaseLayout ownLayout, LeaseLayout peerLayout) {
        this.kind = kind;
        this.ownLayout = ownLayout;
        this.peerLayout = peerLayout;
    }

    int ownSize() {
        return ownLayout.size();
    }

    int peerSize() {
        return peerLayout.size();
    }

    /**
     * @param common a directory that both sides see, or null
     */
    HandshakeMemory.Maker ownMaker(Path common) {
        return () -> KeptMemory.orWithout(() -> whole(Segment.create(kind, ownSize(), common)));
    }

    /** Opens what the peer has sent. */
    HandshakeMemory.Maker peerMaker(HandshakeMemory received, String name) throws IOException {
        HandshakeMemory.Maker opener = received.opener(kind, peerSize(), name);
        return new HandshakeMemory.Maker() {
            @Override
            public Segment make() throws IOException {
                return whole(opener.make());
            }

            @Override
            public void abandon() {
                opener.abandon();
            }
        };
    }

    /** A message may lie anywhere: all of it gets its memory at once. */
    private static Segment whole(Segment segment) throws IOException {
        try {
            segment.prepare(segment.size());
            return segment;
        } catch (Throwable t) {
            segment.close();
            throw t;
        }
    }

    /** Takes over what {@link #ownMaker} made. */
    void own(Segment segment) {
        own = segment;
    }

    /** Takes over what {@link #peerMaker} made. */
    void peer(Segment segment) {
        peer = segment;
    }

    /** The message that sends this side's. */
    HandshakeMessage message() {
        return new HandshakeMessage.SegmentName(kind == Segment.Kind.MEMFD ? "" : own.name());
    }

    int[] descriptors() {
        return kind == Segment.Kind.MEMFD ? new int[] {own.descriptor()} : ControlConnection.NO_DESCRIPTORS;
    }

    /** The peer has this side's. */
    void peerHasOwn() {
        own.withdraw();
    }

    LeasePair pair() {
        return new LeasePair(own, ownLayout, peer, peerLayout);
    }

    /** Gives everything back. */
    void close() {
        try {
            if (own != null) {
                own.close();
            }
        } finally {
            if (peer != null) {
                peer.close();
            }
        }
    }
}
