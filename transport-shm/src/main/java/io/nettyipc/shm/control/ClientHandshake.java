/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.control;

import io.nettyipc.shm.ring.RingLayout;
import io.nettyipc.shm.segment.LargeMemory;
import io.nettyipc.shm.segment.Segment;
import java.io.IOException;

/** Sends HELLO and its memory, opens the answer's; sends other memory and waits for READY if that is wanted instead. */
final class ClientHandshake extends Handshake {

    private boolean offered;
    /** Memory that was asked for, until the answer; null if there is none. */
    private KeptMemory.Named again;

    private boolean welcomed;
    /** Whether this side's memory for leases is under way, or there. */
    private boolean leasesSent;

    ClientHandshake(ControlConnection control, HandshakeTerms terms, Result result) {
        super(control, terms, result);
    }

    @Override
    boolean isQuietEndFine() {
        return false;
    }

    @Override
    public String silence() {
        return "the server has taken the connection and said nothing; is it a pipe's? Then "
                + HandshakeMessage.ONE_KIND;
    }

    @Override
    void begin() {
        // A server that took the name may be anybody's.
        checkPeer(this::greet);
    }

    private void greet() throws IOException {
        if (kinds() == 0) {
            throw new HandshakeException(
                    "sealed memory is required (SHM_REQUIRE_SEALED), and this side has none to offer;"
                            + " that takes Linux with epoll or io_uring, or Windows" + noneSealed());
        }
        int descriptorKinds = kinds() & HandshakeMessage.bit(Segment.Kind.MEMFD);
        if (descriptorKinds != 0 && keepsMemory() && !terms.leases().isOffer()) {
            again = KeptMemory.OF_CLIENTS.take(
                    peer(),
                    terms.sendCapacity(),
                    terms.receiveCapacity(),
                    (doorbells() & HandshakeMessage.EVENT_FD) != 0);
        }
        if (again != null) {
            segments.use(again.memory());
            sendHello(again.name());
            return;
        }
        // Most servers take it. What is large is made once it is known to be wanted.
        if (descriptorKinds != 0 && !LargeMemory.isLarge(RingLayout.segmentSize(terms.sendCapacity()))) {
            offered = true;
            segments.makeOffer(terms.sendCapacity(), (doorbells() & HandshakeMessage.EVENT_FD) != 0);
        }
        sendHello(null, segments.ownDescriptors());
    }

    private void sendHello(MemoryName again, int... descriptors) throws IOException {
        send(
                new HandshakeMessage.Hello(
                        HandshakeMessage.VERSION,
                        kinds(),
                        doorbells(),
                        terms.sendCapacity(),
                        terms.receiveCapacity(),
                        terms.leases(),
                        again),
                descriptors);
    }

    @Override
    void handle(HandshakeMessage message) throws IOException {
        if (message instanceof HandshakeMessage.Welcome welcome && !welcomed) {
            welcomed = true;
            answer(welcome);
        } else if (message instanceof HandshakeMessage.Ready && welcomed && !leasesSent) {
            segments.expectDescriptors(0);
            bothHaveMemory();
        } else if (message instanceof HandshakeMessage.SegmentName segment && leasesSent) {
            openPeersLeases(segment.name, () -> {
                leases.peerHasOwn();
                send(new HandshakeMessage.Ready());
                connected();
            });
        } else if (message instanceof HandshakeMessage.Hello) {
            throw new HandshakeException(
                    "the server sent back what this client sends; is it a pipe's that echoes? Then "
                            + HandshakeMessage.ONE_KIND);
        } else {
            throw unexpected(message);
        }
    }

    private void bothHaveMemory() throws IOException {
        segments.peerHasOwn();
        if (leases == null) {
            connected();
        } else {
            leasesSent = true;
            sendOwnLeases();
        }
    }

    private void answer(HandshakeMessage.Welcome welcome) throws IOException {
        if (welcome.version != HandshakeMessage.VERSION) {
            throw new HandshakeException("the server answers with version " + welcome.version
                    + " of the shared-memory handshake, and only version " + HandshakeMessage.VERSION
                    + " is known here");
        }
        Segment.Kind kind = null;
        for (Segment.Kind candidate : Segment.Kind.values()) {
            if (welcome.kind == HandshakeMessage.bit(candidate) && (kinds() & welcome.kind) != 0) {
                kind = candidate;
            }
        }
        if (kind == null || (kind == Segment.Kind.FILE && !sameUser())) {
            throw new HandshakeException("the server chose the kind of memory " + Integer.toBinaryString(welcome.kind)
                    + ", which is none that this client may use: " + Integer.toBinaryString(kinds()) + sealedOnly()
                    + noneSealed());
        }
        boolean eventFd = welcome.doorbell == HandshakeMessage.EVENT_FD;
        if ((!eventFd && welcome.doorbell != HandshakeMessage.CONTROL_BYTE)
                || (eventFd && ((doorbells() & HandshakeMessage.EVENT_FD) == 0 || kind != Segment.Kind.MEMFD))) {
            throw new HandshakeException("the server chose the doorbell " + Integer.toBinaryString(welcome.doorbell)
                    + ", which is none that this client may use: " + Integer.toBinaryString(doorbells()));
        }
        int clientCapacity = checkCapacity("the client's", welcome.clientCapacity);
        int serverCapacity = checkCapacity("its own", welcome.serverCapacity);
        if (clientCapacity > terms.sendCapacity() || serverCapacity > terms.receiveCapacity()) {
            throw new HandshakeException("the server chose capacities of " + clientCapacity + " and " + serverCapacity
                    + " bytes; the client asked for at most " + terms.sendCapacity() + " and "
                    + terms.receiveCapacity());
        }
        welcome.leases.checkAnswerTo(terms.leases());
        if (welcome.again) {
            useAgain(kind, eventFd, clientCapacity, serverCapacity, welcome.leases);
            return;
        }
        if (again != null) {
            again = null;
            segments.forgetKept();
        }
        if (welcome.keptAs != null
                && keepsMemory()
                && clientCapacity == terms.sendCapacity()
                && serverCapacity == terms.receiveCapacity()
                && !welcome.leases.isAny()) {
            keptAs = welcome.keptAs;
        }
        if (welcome.leases.isAny()) {
            leases = new LeaseSegments(kind, welcome.leases.client(), welcome.leases.server());
        }
        if (offered && kind == Segment.Kind.MEMFD && clientCapacity == terms.sendCapacity()) {
            segments.keepOwn(eventFd);
            openPeers(kind, eventFd, serverCapacity, welcome.name, this::bothHaveMemory);
            return;
        }
        if (offered) {
            segments.forgetOwn();
        }
        Segment.Kind agreed = kind;
        openPeers(
                agreed,
                eventFd,
                serverCapacity,
                welcome.name,
                () -> createOwn(
                        agreed,
                        eventFd,
                        clientCapacity,
                        () -> send(new HandshakeMessage.SegmentName(segments.ownName()), segments.ownDescriptors())));
    }

    private void useAgain(
            Segment.Kind kind, boolean eventFd, int clientCapacity, int serverCapacity, AgreedLeases agreed)
            throws IOException {
        if (again == null
                || kind != Segment.Kind.MEMFD
                || eventFd != again.memory().isEventFd()
                || clientCapacity != again.memory().ownCapacity()
                || serverCapacity != again.memory().peerCapacity()
                || agreed.isAny()) {
            throw new HandshakeException("the server chose memory of an earlier connection, "
                    + (again == null ? "which it was not asked for" : "and another size, kind or doorbell for it"));
        }
        segments.expectDescriptors(0);
        keptAs = again.name();
        // The server looks at it again when it hears that it may.
        again.memory().clear();
        // Before the handlers hear of the connection: one of them may wait for what the server does.
        send(new HandshakeMessage.Ready());
        connected();
    }

    @Override
    KeptMemory kept() {
        return KeptMemory.OF_CLIENTS;
    }
}
