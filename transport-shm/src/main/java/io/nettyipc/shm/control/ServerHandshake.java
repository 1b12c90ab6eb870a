/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.control;

import io.nettyipc.shm.ring.RingLayout;
import io.nettyipc.shm.segment.Segment;
import java.io.IOException;

/** Waits for HELLO, answers with its memory, waits for the client's if that didn't come with HELLO. */
final class ServerHandshake extends Handshake {

    private final MemoryGrant memory;
    private Segment.Kind kind;
    private boolean eventFd;
    private int clientCapacity;
    private AgreedLeases agreedLeases = AgreedLeases.NONE;
    /** Whether both sides' memory is of an earlier connection, and the client may not be ready for it. */
    private boolean again;
    /** Whether the client has this side's ring and this side the client's. */
    private boolean ringsDone;
    /** Whether this side's memory for leases is under way, or there. */
    private boolean leasesSent;

    ServerHandshake(ControlConnection control, HandshakeTerms terms, MemoryGrant memory, Result result) {
        super(control, terms, result);
        this.memory = memory;
    }

    @Override
    boolean isQuietEndFine() {
        return true;
    }

    @Override
    public String silence() {
        return "the client has connected and said nothing; is it a pipe's? Then " + HandshakeMessage.ONE_KIND;
    }

    @Override
    void begin() {
        if (!tellsUserLate()) {
            checkPeer(() -> {});
        }
    }

    @Override
    void handle(HandshakeMessage message) throws IOException {
        if (message instanceof HandshakeMessage.Hello hello && kind == null) {
            if ((hello.kinds & HandshakeMessage.bit(Segment.Kind.MEMFD)) == 0) {
                segments.expectDescriptors(0);
            }
            if (peer() == null) {
                checkPeer(() -> welcome(hello));
            } else {
                welcome(hello);
            }
        } else if (message instanceof HandshakeMessage.Ready && again) {
            segments.expectDescriptors(0);
            connected();
        } else if (message instanceof HandshakeMessage.SegmentName segment && kind != null && !ringsDone && !again) {
            openPeers(kind, eventFd, clientCapacity, segment.name, () -> {
                send(new HandshakeMessage.Ready());
                bothHaveRings();
            });
        } else if (message instanceof HandshakeMessage.SegmentName segment && ringsDone && !leasesSent) {
            leasesSent = true;
            openPeersLeases(segment.name, this::sendOwnLeases);
        } else if (message instanceof HandshakeMessage.Ready && leasesSent) {
            segments.expectDescriptors(0);
            leases.peerHasOwn();
            connected();
        } else {
            throw unexpected(message);
        }
    }

    private void bothHaveRings() {
        segments.peerHasOwn();
        ringsDone = true;
        if (leases == null) {
            connected();
        }
    }

    private void welcome(HandshakeMessage.Hello hello) throws IOException {
        clientCapacity = Math.min(checkCapacity("its own", hello.sendCapacity), terms.receiveCapacity());
        int serverCapacity = Math.min(checkCapacity("the server's", hello.receiveCapacity), terms.sendCapacity());
        Segment.Kind agreed = choose(hello.kinds);
        eventFd = agreed == Segment.Kind.MEMFD && (doorbells() & hello.doorbells & HandshakeMessage.EVENT_FD) != 0;
        long bytes = ConnectionMemory.bytesAtFirst(agreed, clientCapacity)
                + ConnectionMemory.bytesAtFirst(agreed, serverCapacity);
        agreedLeases = AgreedLeases.of(hello.leases, terms.leases());
        if (agreedLeases.isAny()) {
            leases = new LeaseSegments(agreed, agreedLeases.server(), agreedLeases.client());
            bytes += (long) leases.ownSize() + leases.peerSize();
        }
        memory.take(peer(), user(), bytes);
        kind = agreed;
        if (hello.again != null && isKept(hello.again, serverCapacity)) {
            again = true;
            sendWelcome(serverCapacity);
            return;
        }
        if (mayBeKept(serverCapacity)) {
            keptAs = MemoryName.next();
        }
        if (segments.isOffered() && agreed == Segment.Kind.MEMFD && clientCapacity == hello.sendCapacity) {
            segments.keepOffered(eventFd);
            openPeers(
                    agreed,
                    eventFd,
                    clientCapacity,
                    "",
                    () -> createOwn(agreed, eventFd, serverCapacity, () -> {
                        sendWelcome(serverCapacity);
                        bothHaveRings();
                    }));
        } else {
            segments.forgetOffered();
            createOwn(agreed, eventFd, serverCapacity, () -> sendWelcome(serverCapacity));
        }
    }

    /** Whether the client's next connection may use the memory of this one. */
    private boolean mayBeKept(int serverCapacity) {
        return kind == Segment.Kind.MEMFD
                && keepsMemory()
                && leases == null
                && Segment.isTakenBitByBit(kind, RingLayout.segmentSize(clientCapacity))
                && Segment.isTakenBitByBit(kind, RingLayout.segmentSize(serverCapacity));
    }

    /** Takes memory that the client has asked for, if it is there and suits. */
    private boolean isKept(MemoryName name, int serverCapacity) {
        if (!mayBeKept(serverCapacity)) {
            return false;
        }
        ConnectionMemory memory = KeptMemory.OF_SERVERS.take(name, peer(), serverCapacity, clientCapacity, eventFd);
        if (memory == null) {
            return false;
        }
        segments.forgetOffered();
        segments.use(memory);
        memory.clear();
        keptAs = name;
        return true;
    }

    @Override
    KeptMemory kept() {
        return KeptMemory.OF_SERVERS;
    }

    private void sendWelcome(int serverCapacity) throws IOException {
        send(
                new HandshakeMessage.Welcome(
                        HandshakeMessage.VERSION,
                        HandshakeMessage.bit(kind),
                        eventFd ? HandshakeMessage.EVENT_FD : HandshakeMessage.CONTROL_BYTE,
                        clientCapacity,
                        serverCapacity,
                        agreedLeases,
                        again,
                        again ? null : keptAs,
                        segments.ownName()),
                again ? ControlConnection.NO_DESCRIPTORS : segments.ownDescriptors());
    }

    /** The first kind that both have: sealed memory before files, which need a peer that can be trusted. */
    private Segment.Kind choose(int offered) throws IOException {
        int common = offered & kinds();
        if (!sameUser()) {
            common &= ~HandshakeMessage.bit(Segment.Kind.FILE);
        }
        for (Segment.Kind candidate : Segment.Kind.values()) {
            if ((common & HandshakeMessage.bit(candidate)) != 0) {
                return candidate;
            }
        }
        throw new HandshakeException("no kind of memory suits both: the client has " + Integer.toBinaryString(offered)
                + ", the server " + Integer.toBinaryString(kinds()) + (sameUser() ? "" : " and does not trust its user")
                + sealedOnly() + noneSealed());
    }
}
