/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.control;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.IoEventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.nettyipc.base.os.UnixUsers;
import io.nettyipc.base.socket.SocketAddresses;
import io.nettyipc.pipe.NamedPipePeer;
import io.nettyipc.shm.ring.RingPair;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;

/**
 * The socket or pipe that a shared-memory connection begins with and that lives as long: it carries the handshake,
 * tells who the peer is and when it is gone, and rings where there is no better doorbell.
 *
 * <p>For the event loop that it was {@link #start started} on.
 */
public abstract class ControlConnection {

    /** What happens on the connection, told on its event loop. */
    interface Listener {

        /**
         * Something came.
         *
         * @param bytes       belong to the caller; at least one
         * @param descriptors that came with them; the listener's from now on
         */
        void received(ByteBuf bytes, int... descriptors);

        /**
         * The peer is gone, or the connection broke. Called once, and not after {@link ControlConnection#close()}.
         *
         * @param cause {@code null} if the peer closed it
         */
        void ended(IOException cause);
    }

    /** What happens once the connection is a doorbell, told on its event loop. */
    interface RingListener {

        /** The peer rang, once or more often. */
        void rung();

        /** How many rings the peer has had reason for by now. */
        long expectedRings();

        /**
         * The peer is gone, or the connection broke. Called once, and not after {@link ControlConnection#close()}.
         *
         * @param cause {@code null} if the peer closed it
         */
        void ended(IOException cause);

        /** The peer can be woken no more, or floods the connection: which has to be closed. */
        void failed(IOException cause);
    }

    static final int[] NO_DESCRIPTORS = {};

    /** This many needless rings are a flood. An honest peer sends none, but the two sides may count differently. */
    private static final int MAX_NEEDLESS_RINGS = 4096;

    ControlConnection() {}

    /** Begins to listen, for a handshake. */
    abstract void start(IoEventLoop loop, Listener listener);

    /**
     * Ends the handshake, also in the middle of a call of its listener: whatever byte comes from now on is a ring. The
     * new listener may hear of a failure before this returns.
     */
    abstract void becomeDoorbell(RingListener listener);

    /** Tells of a failure when the loop has time: who rings is in the middle of a write or a read. */
    static void later(IoEventLoop loop, Runnable failure) {
        try {
            loop.execute(failure);
        } catch (RejectedExecutionException e) {
            // The loop has ended, and all of its connections with it.
        }
    }

    /** Returns why the peer has rung too often, or {@code null} if it has not. */
    static IOException floodOf(long rings, long expected) {
        return rings - expected <= MAX_NEEDLESS_RINGS
                ? null
                : new IOException("the peer floods the control connection: " + rings
                        + " bytes came where it had reason to ring " + expected + " times");
    }

    /** The directory of the socket's file, which both sides see; {@code null} if there is none, as on Windows. */
    abstract Path directory();

    /** The same, of the channel that was connected or accepted. */
    static Path directoryOf(Channel channel) {
        Channel server = channel.parent();
        return directoryOf(SocketAddresses.pathOf(server == null ? channel.remoteAddress() : server.localAddress()));
    }

    /**
     * The same, of a socket's path.
     *
     * @param path null if it is not known
     */
    static Path directoryOf(String path) {
        try {
            return path == null || !path.startsWith("/") ? null : Path.of(path).getParent();
        } catch (InvalidPathException e) {
            // Not text in the JVM's charset.
            return null;
        }
    }

    /** Whether descriptors can be sent and received. */
    abstract boolean passesDescriptors();

    /** Whether eventfds can be the doorbells. */
    abstract boolean hasEventFds();

    /**
     * Checks that a peer's descriptor is that of an eventfd, if {@link #hasEventFds()}. What the peer, who has it too,
     * makes of it after this is the peer's problem.
     */
    abstract void checkEventFd(int descriptor) throws HandshakeException;

    /** Who the peer is, as the system says. */
    abstract NamedPipePeer peer();

    /** Whether {@link #user} has an answer only after the peer's first byte. */
    boolean tellsUserLate() {
        return false;
    }

    /**
     * Asks for the peer's user. On the event loop.
     *
     * @param peer of {@link #peer()}
     * @return completes on the event loop, at once but for a Windows server; fails if it cannot be known
     */
    abstract Future<PeerUser> user(NamedPipePeer peer);

    /** The same for Unix, where the peer has the id of a user. */
    static Future<PeerUser> unixUser(NamedPipePeer peer) {
        ImmediateEventExecutor executor = ImmediateEventExecutor.INSTANCE;
        if (peer.userId() == UnixUsers.ownId() && UnixUsers.isOwnIdAmbiguous()) {
            return executor.newFailedFuture(new HandshakeException("the peer's user " + peer.userId()
                    + " may be any: it is what the kernel says of each user that this process's user namespace doesn't"
                    + " map; run this process as another user of the namespace"));
        }
        // NIO tells another user's name and not the id.
        String id = peer.userId() == -1
                ? Objects.requireNonNullElse(peer.user(), PeerUser.UNKNOWN.id())
                : Integer.toUnsignedString(peer.userId());
        return executor.newSucceededFuture(new PeerUser(id, UnixUsers.isOwn(peer.userId())));
    }

    /**
     * Sends a handshake message.
     *
     * @param message     released by this call
     * @param descriptors to go with it; they stay the caller's
     */
    abstract void send(ByteBuf message, int... descriptors) throws IOException;

    /**
     * Makes sure that the peer gets a byte after this call. If it cannot, the {@link RingListener} hears of it later,
     * unless the peer is gone, of which it hears anyway.
     */
    abstract void ring();

    /** Closes the connection; what was sent before can still be read by the peer. Does nothing the second time. */
    public abstract void close();

    /** Makes the doorbell, if {@link #hasEventFds()}. */
    abstract Doorbell newEventFdDoorbell(int ownEventFd, int peerEventFd, RingPair rings);

    /** Creates an eventfd, if {@link #hasEventFds()}. */
    abstract int newEventFd();
}
