/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.control;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelException;
import io.netty.channel.IoEventLoop;
import io.netty.util.concurrent.Future;
import io.nettyipc.base.loop.DescriptorEvents;
import io.nettyipc.base.os.Descriptor;
import io.nettyipc.base.os.EventFdSignals;
import io.nettyipc.base.os.SocketMessages;
import io.nettyipc.pipe.NamedPipePeer;
import io.nettyipc.shm.ring.RingPair;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A control connection that passes descriptors: a Unix socket, read by a loop with epoll or io_uring without the
 * channel that Netty connected or accepted it with.
 */
final class SocketControlConnection extends ControlConnection implements DescriptorEvents.Listener {

    /**
     * This side takes the rings from the socket once there may be this many of them. By default Linux has room for 277
     * single bytes, whose bookkeeping is what fills a socket.
     */
    private static final int RINGS_TO_TAKE = 32;

    private final ControlSocket socket;
    private final SocketMessages messages;
    /** {@code null} if this system has none. */
    private final EventFdSignals signals;

    private IoEventLoop loop;
    private DescriptorEvents events;
    private Listener listener;
    /** Once this is a doorbell. */
    private RingListener rings;

    private long ringsTaken;
    private long ringsExpectedWhenTaken;
    private boolean cannotRing;
    private boolean ended;

    SocketControlConnection(ControlSocket socket, SocketMessages messages, EventFdSignals signals) {
        this.socket = socket;
        this.messages = messages;
        this.signals = signals;
    }

    @Override
    void start(IoEventLoop loop, Listener listener) {
        this.loop = loop;
        this.listener = listener;
        try {
            events = DescriptorEvents.start(loop, socket.number(), this);
        } catch (IOException | RuntimeException e) {
            end(new IOException("the control connection cannot be registered", e));
        }
    }

    /**
     * Each ring is an event, whether those before it were taken or not: nobody has to take them in the way of what the
     * peer rang for. And a peer that floods the socket fills it, and waits.
     */
    @Override
    void becomeDoorbell(RingListener listener) {
        rings = listener;
    }

    private void end(IOException cause) {
        if (!ended) {
            ended = true;
            cancel();
            if (rings != null) {
                rings.ended(cause);
            } else {
                listener.ended(cause);
            }
        }
    }

    private void cancel() {
        if (events != null) {
            events.cancel();
            events = null;
        }
    }

    @Override
    public void readable(boolean peerEnded) {
        if (ended) {
            return;
        }
        if (rings == null) {
            takeMessages();
            if (peerEnded && !ended && rings == null) {
                // Why, if there is a reason.
                messages.receive(socket.number(), receiver);
            }
            if (peerEnded) {
                end(null);
            }
        } else if (peerEnded) {
            end(null);
        } else {
            rings.rung();
            if (!ended && rings.expectedRings() - ringsExpectedWhenTaken >= RINGS_TO_TAKE) {
                takeRings();
            }
        }
    }

    /** What is there now isn't told of again. */
    private void takeMessages() {
        boolean mayBeMore;
        do {
            mayBeMore = messages.receive(socket.number(), receiver);
        } while (mayBeMore && !ended && rings == null);
    }

    @Override
    public void failed(IOException cause) {
        if (ended) {
            return;
        }
        if (rings != null) {
            rings.failed(new IOException("the control connection cannot be watched for rings", cause));
        } else {
            end(cause);
        }
    }

    @Override
    public void loopEnds() {
        close();
    }

    private void takeRings() {
        ringsExpectedWhenTaken = rings.expectedRings();
        ringsTaken += messages.skip(socket.number());
        IOException flood = floodOf(ringsTaken, ringsExpectedWhenTaken);
        if (flood != null) {
            rings.failed(flood);
        }
    }

    private final SocketMessages.Receiver receiver = new SocketMessages.Receiver() {
        @Override
        public void received(ByteBuf bytes, int... descriptors) {
            listener.received(bytes, descriptors);
        }

        @Override
        public void ended(IOException cause) {
            end(cause);
        }
    };

    @Override
    Path directory() {
        return socket.directory();
    }

    @Override
    boolean passesDescriptors() {
        return true;
    }

    @Override
    boolean hasEventFds() {
        return signals != null;
    }

    @Override
    void checkEventFd(int descriptor) throws HandshakeException {
        // The first is several times as fast as a look at /proc.
        if (!signals.isEventFd(descriptor)) {
            Descriptors.checkEventFd(descriptor);
        }
    }

    @Override
    NamedPipePeer peer() {
        return socket.peer();
    }

    @Override
    Future<PeerUser> user(NamedPipePeer peer) {
        return unixUser(peer);
    }

    @Override
    void send(ByteBuf message, int... descriptors) throws IOException {
        try {
            messages.send(socket.number(), message, descriptors);
        } finally {
            message.release();
        }
    }

    @Override
    void ring() {
        if (ended || cannotRing) {
            return;
        }
        IOException cause = messages.sendByte(socket.number());
        if (cause != null) {
            cannotRing = true;
            later(loop, () -> {
                if (!ended) {
                    rings.failed(new IOException("the peer cannot be woken by the control connection", cause));
                }
            });
        }
    }

    @Override
    public void close() {
        ended = true;
        cancel();
        socket.close();
    }

    @Override
    int newEventFd() {
        try {
            return KeptMemory.orWithout(EventFdSignals::newEventFd);
        } catch (IOException e) {
            throw new ChannelException(e);
        }
    }

    @Override
    Doorbell newEventFdDoorbell(int ownEventFd, int peerEventFd, RingPair rings) {
        return new EventFdDoorbell(new Descriptor(ownEventFd), new Descriptor(peerEventFd), signals, this, rings);
    }
}
