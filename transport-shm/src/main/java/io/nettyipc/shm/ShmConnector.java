/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.netty.channel.Channel;
import io.netty.channel.ChannelPromise;
import io.netty.channel.IoEventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.nettyipc.base.channel.ConnectAttempt;
import io.nettyipc.pipe.NamedPipePeer;
import io.nettyipc.shm.control.ControlConnection;
import io.nettyipc.shm.control.ControlTransport;
import io.nettyipc.shm.control.Handshake;
import io.nettyipc.shm.control.HandshakeException;
import io.nettyipc.shm.control.PeerUser;
import io.nettyipc.shm.control.ShmConnection;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;

/**
 * Gets a channel its connection: a control connection, and the handshake on it within its time. It owns both until
 * then, and what a server's channel counts for: its place among the handshakes under way, and its memory until it
 * closes. For the channel's event loop.
 */
final class ShmConnector implements Handshake.Result {

    private static final InternalLogger logger = InternalLoggerFactory.getInstance(ShmConnector.class);

    private final ShmChannel channel;
    private final RingWatch watch;
    private final ChannelEvents events;
    /** The control connection that a server accepted, until the handshake begins. */
    private Channel accepted;
    /** A server's, until the handshake ends. */
    private HandshakeLimit.Place place;
    /** A server's, which counts as registered when the handshake ends. */
    private ChannelPromise registration;
    /** Of a server's budget, until the channel closes. */
    private MemoryBudget.Reservation memory;
    /** A client's. */
    private ConnectAttempt attempt;
    /** The server's, once it is known. */
    private ShmAddress address;

    private ControlTransport.Attempt controlAttempt;
    private Handshake handshake;
    private Future<?> handshakeTimeout;

    /** For a client. */
    ShmConnector(ShmChannel channel, RingWatch watch, ChannelEvents events) {
        this.channel = channel;
        this.watch = watch;
        this.events = events;
    }

    /** For a server's channel. */
    ShmConnector(
            ShmChannel channel, RingWatch watch, ChannelEvents events, Channel accepted, HandshakeLimit.Place place) {
        this(channel, watch, events);
        address = channel.parent().localAddress();
        this.accepted = accepted;
        this.place = place;
    }

    /**
     * Begins the handshake of an accepted connection. The event loop looks at the channel from now on.
     *
     * @param registration succeeds when the handshake has ended, however it did
     */
    void accept(ChannelPromise registration) {
        this.registration = registration;
        events.connecting();
        ControlConnection control;
        try {
            control = watch.controlTransport().accepted(accepted);
        } catch (RuntimeException e) {
            failed(e);
            return;
        }
        accepted = null;
        begin(Handshake.server(control, channel.config().terms(), this::reserveMemory, this));
    }

    /** The handlers are added now, unless they were before. */
    private void registered() {
        if (registration != null) {
            ChannelPromise promise = registration;
            registration = null;
            promise.setSuccess();
        }
    }

    /** Whether this is a server's channel whose handshake has not ended. */
    boolean isAccepting() {
        return place != null;
    }

    void connect(ShmAddress address, ConnectAttempt attempt) {
        ControlTransport transport = watch.controlTransport();
        this.attempt = attempt;
        this.address = address;
        events.connecting();
        ControlConnection connected = transport.connectNow(address.control());
        if (connected != null) {
            controlConnected(connected);
            return;
        }
        controlAttempt = transport.connect(
                channel.eventLoop(),
                address.control(),
                channel.config().getConnectTimeoutMillis(),
                this::controlConnected,
                this::failed);
    }

    private void controlConnected(ControlConnection control) {
        controlAttempt = null;
        if (!channel.isOpen()) {
            control.close();
            return;
        }
        channel.setAddress(address);
        Handshake client = Handshake.client(control, channel.config().terms(), this);
        attempt.waitingFor(address + ", connected, and " + client.silence());
        begin(client);
    }

    private void begin(Handshake handshake) {
        this.handshake = handshake;
        IoEventLoop loop = (IoEventLoop) channel.eventLoop();
        int millis = channel.config().getHandshakeTimeoutMillis();
        try {
            handshakeTimeout = loop.schedule(() -> handshake.timeOut(millis), millis, TimeUnit.MILLISECONDS);
            handshake.start(loop);
        } catch (Throwable t) {
            // In the listener of a connect or of a registration nobody else would tell.
            handshake.fail(t);
        }
    }

    private void reserveMemory(NamedPipePeer peer, PeerUser user, long bytes) throws HandshakeException {
        memory = channel.parent().memory().reserve(peer, user, bytes);
    }

    @Override
    public boolean grows(int bytes) {
        if (memory != null && !memory.grow(bytes)) {
            return false;
        }
        channel.memoryGrew(bytes);
        return true;
    }

    @Override
    public void connected(ShmConnection connection) {
        handshakeEnded();
        channel.connected(connection);
        if (!channel.isOpen()) {
            return;
        }
        logger.debug("{}", channel);
        events.connected(channel.terms(), watch.spinStrategy());
        countForServer(true);
        ConnectAttempt ended = attempt;
        attempt = null;
        if (ended == null) {
            // Netty tells the handlers that the channel is active, once they are added.
            registered();
        } else {
            ended.succeed();
        }
        watch.wake();
    }

    @Override
    public void failed(Throwable cause) {
        if (!channel.isOpen()) {
            return;
        }
        handshakeEnded();
        registered();
        ConnectAttempt ended = attempt;
        attempt = null;
        if (channel.isActive()) {
            events.peerFailed(cause);
            channel.pipeline().fireExceptionCaught(cause);
        } else if (ended != null) {
            refused(reason(cause));
            ended.fail(cause);
        } else if (!(cause instanceof ClosedChannelException)) {
            // A client that closes before HELLO is a liveness probe (see BindAttempt); don't report it.
            countForServer(false);
            refused(reason(cause));
            channel.pipeline().fireExceptionCaught(cause);
        }
        channel.closeNow();
    }

    private void countForServer(boolean connected) {
        if (channel.parent() != null) {
            channel.parent().handshakeEnded(connected);
        }
    }

    private void refused(String reason) {
        logger.debug("{}: no connection with {}: {}", channel, channel.parent() == null ? address : "a client", reason);
        events.refused(address, reason);
    }

    private static String reason(Throwable cause) {
        String message = cause.getMessage();
        return message == null ? cause.toString() : message;
    }

    private void handshakeEnded() {
        handshake = null;
        if (handshakeTimeout != null) {
            handshakeTimeout.cancel(false);
            handshakeTimeout = null;
        }
        if (place != null) {
            HandshakeLimit.Place ended = place;
            place = null;
            ended.giveBack();
        }
    }

    /** The channel is closed: gives back all that is left. */
    void close() {
        if (attempt != null) {
            attempt = null;
            refused("the channel was closed while it was connecting, or that took too long");
        }
        if (controlAttempt != null) {
            controlAttempt.cancel();
            controlAttempt = null;
        }
        if (accepted != null) {
            accepted.unsafe().closeForcibly();
            accepted = null;
        }
        if (handshake != null) {
            handshake.fail(new HandshakeException("its channel was closed during the handshake"));
        }
        handshakeEnded();
        if (memory != null) {
            memory.release();
            memory = null;
        }
        registered();
    }
}
