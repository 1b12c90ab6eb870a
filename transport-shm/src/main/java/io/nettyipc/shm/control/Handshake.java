/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.control;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.IoEventLoop;
import io.netty.util.concurrent.Future;
import io.nettyipc.pipe.NamedPipePeer;
import io.nettyipc.shm.ring.RingGrowth;
import io.nettyipc.shm.ring.RingLayout;
import io.nettyipc.shm.ring.RingPair;
import io.nettyipc.shm.segment.LargeMemory;
import io.nettyipc.shm.segment.Segment;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.RejectedExecutionException;

/**
 * One side of the handshake, from the first byte on the control connection to a {@link ShmConnection} or a failure. It
 * owns the control connection, the memory and the descriptors until then, and gives all of it back if it fails. For one
 * event loop.
 */
public abstract class Handshake implements ControlConnection.Listener {

    /** How it ended; told once, on the event loop. */
    public interface Result {

        /**
         * A ring is to grow, on the event loop and after {@link #connected}.
         *
         * @return whether it may use that many bytes more, as {@link RingGrowth} says
         */
        boolean grows(int bytes);

        /**
         * The connection is the listener's from now on, which has to start it. If this throws, {@link #failed} is told
         * that and the connection is closed.
         */
        void connected(ShmConnection connection);

        void failed(Throwable cause);
    }

    /** Decides how much memory a server's connections may have. */
    public interface MemoryGrant {

        /**
         * Takes memory for a connection, on the event loop.
         *
         * @throws HandshakeException if it may not have that many bytes; its message is told the peer
         */
        void take(NamedPipePeer peer, PeerUser user, long bytes) throws HandshakeException;
    }

    private final ControlConnection control;
    final HandshakeMemory segments;
    final HandshakeTerms terms;
    private final Result result;
    private final ByteBuf pending = Unpooled.buffer(64, 2 * HandshakeMessage.MAX_LENGTH);
    /** Null unless both sides want some. */
    LeaseSegments leases;
    /** What the server calls the memory, if both sides will keep it for the next connection; else null. */
    MemoryName keptAs;

    private NamedPipePeer peer;
    private PeerUser user;
    private IoEventLoop loop;
    private boolean heard;
    /**
     * The system is being asked for the peer's user, or a segment is being created or mapped on {@link LargeMemory}'s
     * thread. Messages stay in {@link #pending} until then.
     */
    private boolean waiting;

    private boolean done;

    Handshake(ControlConnection control, HandshakeTerms terms, Result result) {
        this.control = control;
        segments = new HandshakeMemory(control);
        this.terms = terms;
        this.result = result;
    }

    /** The side that connected. */
    public static Handshake client(ControlConnection control, HandshakeTerms terms, Result result) {
        return new ClientHandshake(control, terms, result);
    }

    /**
     * The side that accepted.
     *
     * @param memory asked before any is allocated
     */
    public static Handshake server(ControlConnection control, HandshakeTerms terms, MemoryGrant memory, Result result) {
        return new ServerHandshake(control, terms, memory, result);
    }

    /** Begins. */
    public final void start(IoEventLoop loop) {
        this.loop = loop;
        control.start(loop, this);
        if (!done) {
            run(this::begin);
        }
    }

    /** Gives up as the peer takes too long, and tells it so. Does nothing once it is done. */
    public final void timeOut(int millis) {
        fail(new HandshakeException(
                "the handshake took longer than " + millis + " ms" + (heard ? "" : ": " + silence())));
    }

    /** What a peer's having said nothing may mean, and what to do then. */
    public abstract String silence();

    /** Gives up, and tells the peer why. Does nothing once it is done. */
    public final void fail(Throwable cause) {
        if (!done) {
            fail(cause, true);
        }
    }

    /** Whether the peer may go without having said anything. */
    abstract boolean isQuietEndFine();

    abstract void begin() throws IOException;

    abstract void handle(HandshakeMessage message) throws IOException;

    interface Step {
        void run() throws IOException;
    }

    private void run(Step step) {
        try {
            step.run();
        } catch (Throwable t) {
            fail(t);
        }
    }

    @Override
    public final void received(ByteBuf bytes, int... received) {
        heard = true;
        run(() -> {
            segments.received(received);
            while (!done && bytes.isReadable()) {
                pending.discardReadBytes();
                if (pending.maxWritableBytes() == 0) {
                    throw new HandshakeException("the peer goes on sending without waiting for an answer");
                }
                pending.writeBytes(bytes, Math.min(bytes.readableBytes(), pending.maxWritableBytes()));
                handlePending();
            }
        });
    }

    private void handlePending() throws IOException {
        HandshakeMessage message;
        while (!done && !waiting && (message = HandshakeMessage.decode(pending)) != null) {
            if (message instanceof HandshakeMessage.Refused refused) {
                fail(new HandshakeException("the peer refused the connection: " + refused.reason), false);
            } else {
                handle(message);
            }
        }
    }

    @Override
    public final void ended(IOException cause) {
        if (!done) {
            if (cause != null) {
                // It may be for want of descriptors, and the peer's that were lost don't come again: the next one gets
                // its own.
                KeptMemory.closeAll();
            }
            Throwable reason = cause != null ? cause : new ClosedChannelException();
            fail(
                    heard || !isQuietEndFine()
                            ? new HandshakeException(
                                    "the peer closed the connection in the middle of the handshake", reason)
                            : reason,
                    false);
        }
    }

    private void fail(Throwable cause, boolean tellPeer) {
        done = true;
        if (tellPeer) {
            // If that fails, the peer learns it from the end of the connection.
            attempt(cause, () -> send(new HandshakeMessage.Refused(reason(cause))));
        }
        attempt(cause, segments::close);
        if (leases != null) {
            attempt(cause, leases::close);
        }
        attempt(cause, pending::release);
        attempt(cause, control::close);
        result.failed(cause);
    }

    /** Netty's ClosedChannelException has no message. */
    private static String reason(Throwable cause) {
        return cause instanceof IOException && cause.getMessage() != null ? cause.getMessage() : cause.toString();
    }

    /** A failure to give one thing back keeps neither the others nor the owner's being told. */
    private static void attempt(Throwable cause, Step step) {
        try {
            step.run();
        } catch (Throwable t) {
            cause.addSuppressed(t);
        }
    }

    /** Who the peer is; null before {@link #checkPeer}. */
    final NamedPipePeer peer() {
        return peer;
    }

    final HandshakeException unexpected(HandshakeMessage message) {
        return new HandshakeException(
                "the peer sent " + message.getClass().getSimpleName() + " where that is not expected");
    }

    final void send(HandshakeMessage message, int... descriptors) throws IOException {
        control.send(message.encode(), descriptors);
    }

    // ---- what both sides have to agree on

    /** Kinds of memory that this side could use, as bits. */
    final int kinds() {
        Segment.Kind kind = Segment.kindOfThisSystem();
        int file = terms.sealedOnly() ? 0 : HandshakeMessage.bit(Segment.Kind.FILE);
        return switch (kind) {
            case MEMFD -> control.passesDescriptors() ? HandshakeMessage.bit(kind) | file : file;
            case FILE -> file;
            case SECTION -> HandshakeMessage.bit(kind);
        };
    }

    /** What a message adds where this side wants sealed memory only. */
    final String sealedOnly() {
        return terms.sealedOnly() ? " and requires it to be sealed (SHM_REQUIRE_SEALED)" : "";
    }

    /** What a message adds where this side has no sealed memory. */
    static String noneSealed() {
        String problem = Segment.whyNotSealed();
        return problem == null ? "" : "; sealed memory is not available here: " + problem;
    }

    final int doorbells() {
        return terms.eventFd() && control.hasEventFds()
                ? HandshakeMessage.EVENT_FD | HandshakeMessage.CONTROL_BYTE
                : HandshakeMessage.CONTROL_BYTE;
    }

    /** Refuses a peer whose user this side does not want; else goes on, later if the system has to be asked. */
    final void checkPeer(Step next) {
        peer = control.peer();
        Future<PeerUser> asked = control.user(peer);
        waiting = true;
        asked.addListener(future -> {
            waiting = false;
            if (!done) {
                run(() -> {
                    userKnown(asked);
                    next.run();
                    handlePending();
                });
            }
        });
    }

    private void userKnown(Future<PeerUser> asked) throws HandshakeException {
        user = asked.isSuccess() ? asked.getNow() : PeerUser.UNKNOWN;
        if (terms.sameUserOnly() && !asked.isSuccess()) {
            throw new HandshakeException(
                    "whether the peer runs as the same user, which it has to (ShmPeerPolicy), cannot be known: " + peer
                            + ": " + reason(asked.cause()),
                    asked.cause());
        } else if (terms.sameUserOnly() && !user.own()) {
            throw new HandshakeException(
                    "the peer runs as another user, which is not allowed (ShmPeerPolicy): " + peer);
        }
    }

    final boolean tellsUserLate() {
        return control.tellsUserLate();
    }

    /** Whether the peer is of this process's user, for certain. */
    final boolean sameUser() {
        return user.own();
    }

    final PeerUser user() {
        return user;
    }

    static int checkCapacity(String whose, long capacity) throws HandshakeException {
        if (!RingLayout.isCapacity(capacity)) {
            throw new HandshakeException("the peer asks for " + capacity + " bytes of capacity for " + whose
                    + " ring; that has to be a power of two from " + RingLayout.MIN_CAPACITY + " to "
                    + RingLayout.MAX_CAPACITY);
        }
        return (int) capacity;
    }

    // ---- memory and doorbells

    /** Makes this side's segment and, if it is to be, the eventfd by which it is woken; then goes on. */
    final void createOwn(Segment.Kind kind, boolean eventFd, int capacity, Step next) throws IOException {
        makeSegment(RingLayout.segmentSize(capacity), segments.ownMaker(kind, capacity), segment -> {
            segments.own(segment, eventFd);
            next.run();
        });
    }

    /** Maps the peer's segment, and takes its eventfd if there has to be one; then goes on. */
    final void openPeers(Segment.Kind kind, boolean eventFd, int capacity, String name, Step next) throws IOException {
        int size = RingLayout.segmentSize(capacity);
        makeSegment(size, segments.peerMaker(kind, eventFd, capacity, name), segment -> {
            segments.peer(segment);
            next.run();
        });
    }

    /** Makes this side's segment for leases, and sends it. */
    final void sendOwnLeases() throws IOException {
        makeSegment(leases.ownSize(), leases.ownMaker(control.directory()), segment -> {
            leases.own(segment);
            send(leases.message(), leases.descriptors());
        });
    }

    /** Maps the peer's segment for leases; then goes on. */
    final void openPeersLeases(String name, Step next) throws IOException {
        makeSegment(leases.peerSize(), leases.peerMaker(segments, name), segment -> {
            leases.peer(segment);
            next.run();
        });
    }

    private interface SegmentUser {
        void use(Segment segment) throws IOException;
    }

    /**
     * Makes a segment and passes it on: here and now, but a large one on {@link LargeMemory}'s thread, and back here
     * later.
     */
    private void makeSegment(int size, HandshakeMemory.Maker maker, SegmentUser user) throws IOException {
        if (LargeMemory.isLarge(size)) {
            waiting = true;
            try {
                LargeMemory.execute(() -> makeOnThread(maker, user));
            } catch (Throwable t) {
                // There may be no thread for it.
                maker.abandon();
                throw t;
            }
        } else {
            user.use(maker.make());
        }
    }

    private void makeOnThread(HandshakeMemory.Maker maker, SegmentUser user) {
        Segment segment;
        try {
            segment = maker.make();
        } catch (Throwable t) {
            onLoop(() -> fail(t));
            return;
        }
        if (!onLoop(() -> segmentMade(segment, user))) {
            segment.close();
        }
    }

    private boolean onLoop(Runnable task) {
        try {
            loop.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            // It has ended, and this with it.
            return false;
        }
    }

    private void segmentMade(Segment segment, SegmentUser user) {
        waiting = false;
        if (done) {
            segment.close();
        } else {
            run(() -> {
                user.use(segment);
                handlePending();
            });
        }
    }

    /** Whether memory of connections with this peer is kept, by this side. */
    final boolean keepsMemory() {
        return KeptMemory.keepsOf(peer, user);
    }

    /** Where this side's memory is kept. */
    abstract KeptMemory kept();

    final void connected() {
        ConnectionMemory memory = segments.handOver();
        RingPair rings = memory.rings(result::grows);
        ShmConnection connection = new ShmConnection(
                memory,
                rings,
                leases == null ? null : leases.pair(),
                memory.isEventFd()
                        ? control.newEventFdDoorbell(memory.ownEventFd(), memory.peerEventFd(), rings)
                        : new Doorbell.ControlByte(control),
                control,
                peer,
                keptAs == null ? null : ended -> kept().keep(keptAs, peer, ended));
        // Whatever came behind the last message is a ring; the connection's owner looks at the ring anyway.
        done = true;
        pending.release();
        try {
            result.connected(connection);
        } catch (Throwable t) {
            try {
                result.failed(t);
            } finally {
                connection.close();
            }
        }
    }
}
