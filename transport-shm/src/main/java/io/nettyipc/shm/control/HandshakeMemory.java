/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.control;

import io.nettyipc.shm.ring.RingLayout;
import io.nettyipc.shm.segment.Segment;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The two segments of a handshake, its eventfds, and the descriptors that the peer has sent. Owns all of them until
 * {@link #handOver}. For one event loop, but for {@link Maker}s.
 */
final class HandshakeMemory {

    /** Makes a segment, on any thread. */
    interface Maker {
        Segment make() throws IOException;

        /** Called instead of {@link #make}: gives back what that would have. */
        default void abandon() {}
    }

    /** Owns the descriptor. */
    private record MemfdMaker(int descriptor, int size) implements Maker {
        @Override
        public Segment make() throws IOException {
            return Segment.openMemfd(descriptor, size);
        }

        @Override
        public void abandon() {
            Descriptors.close(descriptor);
        }
    }

    private final ControlConnection control;
    private final Deque<Integer> received = new ArrayDeque<>(HandshakeMessage.MAX_DESCRIPTORS);
    private Segment own;
    private Segment peerSegment;
    private int ownCapacity;
    private int peerCapacity;
    private int ownEventFd = -1;
    private int peerEventFd = -1;

    HandshakeMemory(ControlConnection control) {
        this.control = control;
    }

    /** Takes descriptors that came with a part of a message. */
    void received(int... descriptors) throws HandshakeException {
        for (int descriptor : descriptors) {
            received.add(descriptor);
        }
        // A message may come in many pieces, each with some more of them.
        if (received.size() > HandshakeMessage.MAX_DESCRIPTORS) {
            throw new HandshakeException("the peer sent more than " + HandshakeMessage.MAX_DESCRIPTORS
                    + " descriptors, which no message has");
        }
    }

    void expectDescriptors(int expected) throws HandshakeException {
        if (received.size() != expected) {
            throw new HandshakeException(
                    "the peer sent " + received.size() + " descriptors with its message, not " + expected);
        }
    }

    // ---- memory that a client offers with its first words

    /** Client: makes memory to be offered. */
    void makeOffer(int capacity, boolean eventFd) throws IOException {
        own(ownMaker(Segment.Kind.MEMFD, capacity).make(), eventFd);
    }

    /** Client: the server takes what was offered, and rings by an eventfd or not. */
    void keepOwn(boolean eventFd) {
        if (!eventFd) {
            closeOwnEventFd();
        }
    }

    /** Client: the server wants something else than what was offered. */
    void forgetOwn() {
        Segment offered = own;
        own = null;
        try {
            closeOwnEventFd();
        } finally {
            offered.close();
        }
    }

    private void closeOwnEventFd() {
        if (ownEventFd != -1) {
            int descriptor = ownEventFd;
            ownEventFd = -1;
            Descriptors.close(descriptor);
        }
    }

    /** Server: whether the client has sent memory with its first message. */
    boolean isOffered() {
        return !received.isEmpty();
    }

    /** Server: takes the memory that was offered, and forgets a doorbell that isn't rung. */
    void keepOffered(boolean eventFd) {
        if (!eventFd && received.size() == 2) {
            Descriptors.close(received.removeLast());
        }
    }

    /** Server: wants something else than what was offered. */
    void forgetOffered() {
        while (!received.isEmpty()) {
            Descriptors.close(received.remove());
        }
    }

    Maker ownMaker(Segment.Kind kind, int capacity) {
        ownCapacity = capacity;
        Path common = control.directory();
        return () -> KeptMemory.orWithout(() -> Segment.create(kind, RingLayout.segmentSize(capacity), common));
    }

    /** Takes over what {@link #ownMaker} made. */
    void own(Segment segment, boolean eventFd) {
        own = segment;
        if (eventFd) {
            ownEventFd = control.newEventFd();
        }
    }

    /** Checks what the peer has sent for its segment, and takes its eventfd if there has to be one. */
    Maker peerMaker(Segment.Kind kind, boolean eventFd, int capacity, String name) throws IOException {
        peerCapacity = capacity;
        int size = RingLayout.segmentSize(capacity);
        if (kind == Segment.Kind.MEMFD) {
            expectDescriptors(eventFd ? 2 : 1);
            if (eventFd) {
                control.checkEventFd(received.getLast());
                peerEventFd = received.removeLast();
            }
            return new MemfdMaker(received.remove(), size);
        }
        return opener(kind, size, name);
    }

    /** Checks what the peer has sent for one segment, and returns what opens that. */
    Maker opener(Segment.Kind kind, int size, String name) throws IOException {
        if (kind == Segment.Kind.MEMFD) {
            expectDescriptors(1);
            return new MemfdMaker(received.remove(), size);
        }
        expectDescriptors(0);
        if (kind == Segment.Kind.SECTION) {
            return () -> Segment.openSection(name, size);
        }
        Path file = path(name);
        return () -> Segment.openFile(file, size);
    }

    private static Path path(String name) throws HandshakeException {
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            throw new HandshakeException("the peer's memory has no valid name: " + e.getMessage(), e);
        }
    }

    /** Takes over what {@link #peerMaker} made. */
    void peer(Segment segment) {
        peerSegment = segment;
    }

    /** The name that the peer opens this side's segment by; empty for a descriptor. */
    String ownName() {
        return own.kind() == Segment.Kind.MEMFD ? "" : own.name();
    }

    int[] ownDescriptors() {
        if (own == null || own.kind() != Segment.Kind.MEMFD) {
            return ControlConnection.NO_DESCRIPTORS;
        }
        return ownEventFd == -1 ? new int[] {own.descriptor()} : new int[] {own.descriptor(), ownEventFd};
    }

    /** The peer has this side's memory: nobody else needs to be able to open it. */
    void peerHasOwn() {
        own.withdraw();
    }

    // ---- memory of an earlier connection

    /** Takes over what may be used again. */
    void use(ConnectionMemory kept) {
        own = kept.own();
        ownCapacity = kept.ownCapacity();
        peerSegment = kept.peers();
        peerCapacity = kept.peerCapacity();
        ownEventFd = kept.ownEventFd();
        peerEventFd = kept.peerEventFd();
    }

    /** Client: the server has not kept it. */
    void forgetKept() {
        ConnectionMemory kept = handOver();
        own = null;
        peerSegment = null;
        ownEventFd = -1;
        peerEventFd = -1;
        kept.close();
    }

    /** Returns all of it, which is the caller's. */
    ConnectionMemory handOver() {
        return new ConnectionMemory(own, ownCapacity, peerSegment, peerCapacity, ownEventFd, peerEventFd);
    }

    /** Gives everything back. */
    void close() {
        try {
            close(own);
        } finally {
            try {
                close(peerSegment);
            } finally {
                closeDescriptors();
            }
        }
    }

    private static void close(Segment segment) {
        if (segment != null) {
            segment.close();
        }
    }

    private void closeDescriptors() {
        received.forEach(Descriptors::close);
        if (ownEventFd != -1) {
            Descriptors.close(ownEventFd);
        }
        if (peerEventFd != -1) {
            Descriptors.close(peerEventFd);
        }
    }
}
