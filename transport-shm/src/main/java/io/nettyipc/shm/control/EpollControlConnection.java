/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.control;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.epoll.Native;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.UnixChannel;
import io.netty.util.concurrent.Future;
import io.nettyipc.base.os.EventFdSignals;
import io.nettyipc.base.os.SocketMessages;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipePeer;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A control connection that passes descriptors: a Unix socket, read by an epoll loop without the channel that Netty
 * connected or accepted it with. That channel is not registered any more, or never was, and only keeps the socket.
 */
final class EpollControlConnection extends ControlConnection implements EpollIoHandle {

    private static final EpollIoOps MESSAGES = EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLRDHUP);
    private static final EpollIoOps RINGS = MESSAGES.with(EpollIoOps.EPOLLET);

    /**
     * This side takes the rings from the socket once there may be this many of them. By default Linux has room for 277
     * single bytes, whose bookkeeping is what fills a socket.
     */
    private static final int RINGS_TO_TAKE = 32;

    private final Channel channel;
    private final FileDescriptor socket;
    private final SocketMessages messages;
    /** {@code null} if this system has none. */
    private final EventFdSignals signals;

    private IoEventLoop loop;
    private IoRegistration registration;
    private Listener listener;
    /** Once this is a doorbell. */
    private RingListener rings;

    private long ringsTaken;
    private long ringsExpectedWhenTaken;
    private boolean cannotRing;
    private boolean ended;

    EpollControlConnection(Channel channel, SocketMessages messages, EventFdSignals signals) {
        this.channel = channel;
        socket = ((UnixChannel) channel).fd();
        this.messages = messages;
        this.signals = signals;
    }

    @Override
    void start(IoEventLoop loop, Listener listener) {
        this.loop = loop;
        this.listener = listener;
        loop.register(this).addListener(future -> {
            try {
                registration = (IoRegistration) future.get();
                registration.submit(MESSAGES);
            } catch (Exception e) {
                end(new IOException("the control connection cannot be registered", e));
            }
        });
    }

    /**
     * Each ring is an event from now on, whether those before it were taken or not: nobody has to take them in the way
     * of what the peer rang for. And a peer that floods the socket fills it, and waits.
     */
    @Override
    void becomeDoorbell(RingListener listener) {
        rings = listener;
        try {
            registration.submit(RINGS);
        } catch (RuntimeException e) {
            rings.failed(new IOException("the control connection cannot be watched for rings", e));
        }
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
        if (registration != null) {
            registration.cancel();
            registration = null;
        }
    }

    @Override
    public FileDescriptor fd() {
        return socket;
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
        if (rings != null) {
            rung(((EpollIoEvent) event).ops());
        } else if (!ended) {
            // One message: the next is an event of its own, and seldom there.
            messages.receive(socket.intValue(), receiver);
        }
    }

    private void rung(EpollIoOps events) {
        if (ended) {
            return;
        }
        if (events.contains(EpollIoOps.EPOLLRDHUP) || events.contains(EpollIoOps.EPOLLERR)) {
            end(null);
            return;
        }
        rings.rung();
        if (!ended && rings.expectedRings() - ringsExpectedWhenTaken >= RINGS_TO_TAKE) {
            takeRings();
        }
    }

    private void takeRings() {
        ringsExpectedWhenTaken = rings.expectedRings();
        ringsTaken += messages.skip(socket.intValue());
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
        return directoryOf(channel);
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
    NamedPipePeer peer() {
        return NamedPipe.peer(channel);
    }

    @Override
    Future<PeerUser> user(NamedPipePeer peer) {
        return unixUser(peer);
    }

    @Override
    void send(ByteBuf message, int... descriptors) throws IOException {
        try {
            messages.send(socket.intValue(), message, descriptors);
        } finally {
            message.release();
        }
    }

    @Override
    void ring() {
        if (ended || cannotRing) {
            return;
        }
        IOException cause = messages.sendByte(socket.intValue());
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
        channel.unsafe().closeForcibly();
    }

    @Override
    int newEventFd() {
        return Native.newEventFd().intValue();
    }

    @Override
    Doorbell newEventFdDoorbell(int ownEventFd, int peerEventFd) {
        return new EventFdDoorbell(new FileDescriptor(ownEventFd), new FileDescriptor(peerEventFd), signals);
    }
}
