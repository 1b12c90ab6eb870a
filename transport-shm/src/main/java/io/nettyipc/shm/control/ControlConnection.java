/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.control;

import io.netty.buffer.ByteBuf;
import io.netty.channel.IoEventLoop;
import io.nettyipc.pipe.NamedPipePeer;
import java.io.IOException;

/**
 * The socket or pipe that a shared-memory connection begins with and that lives as long: it carries the handshake, tells
 * who the peer is and when it is gone, and rings where there is no better doorbell.
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

    static final int[] NO_DESCRIPTORS = {};

    private Listener listener;

    ControlConnection() {}

    /** Hands over what happens from now on, also in the middle of a call of the present listener. */
    final void listener(Listener listener) {
        this.listener = listener;
    }

    final Listener listener() {
        return listener;
    }

    /** Begins to listen. */
    abstract void start(IoEventLoop loop, Listener listener);

    /** Whether descriptors can be sent and received. */
    abstract boolean passesDescriptors();

    /** Who the peer is, as the system says. */
    abstract NamedPipePeer peer();

    /**
     * Sends a handshake message.
     *
     * @param message     released by this call
     * @param descriptors to go with it; they stay the caller's
     */
    abstract void send(ByteBuf message, int... descriptors) throws IOException;

    /**
     * Sees to it that the peer receives a byte after this call: sends one, unless some are on their way that it has not
     * taken.
     */
    abstract void ring();

    /** Closes the connection; what was sent before can still be read by the peer. Does nothing the second time. */
    public abstract void close();

    /** Makes the doorbell that this kind of connection has for two processes that both have it. */
    abstract Doorbell newEventFdDoorbell(int ownEventFd, int peerEventFd);

    /** Creates an eventfd, if {@link #passesDescriptors()}. */
    abstract int newEventFd();
}
