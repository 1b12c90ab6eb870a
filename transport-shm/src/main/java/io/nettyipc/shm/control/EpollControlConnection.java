/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.control;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.epoll.Native;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.UnixChannel;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipePeer;
import java.io.IOException;

/**
 * A control connection that passes descriptors: a Unix socket, read by an epoll loop without the channel that Netty
 * connected or accepted it with. That channel is not registered any more, or never was, and only keeps the socket.
 */
final class EpollControlConnection extends ControlConnection implements EpollIoHandle {

    private static final EpollIoOps EVENTS = EpollIoOps.EPOLLIN.with(EpollIoOps.EPOLLRDHUP);

    private final Channel channel;
    private final FileDescriptor socket;
    private final SocketMessages messages;
    private IoRegistration registration;
    private boolean ended;

    EpollControlConnection(Channel channel, SocketMessages messages) {
        this.channel = channel;
        socket = ((UnixChannel) channel).fd();
        this.messages = messages;
    }

    @Override
    void start(IoEventLoop loop, Listener listener) {
        listener(listener);
        loop.register(this).addListener(future -> {
            try {
                registration = (IoRegistration) future.get();
                registration.submit(EVENTS);
            } catch (Exception e) {
                end(new IOException("the control connection cannot be registered", e));
            }
        });
    }

    private void end(IOException cause) {
        if (!ended) {
            ended = true;
            cancel();
            listener().ended(cause);
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
        // Not more than a few at a time: the others of the loop wait.
        for (int i = 0; i < 4 && !ended && messages.receive(socket.intValue(), receiver); i++) {}
    }

    private final Listener receiver = new Listener() {
        @Override
        public void received(ByteBuf bytes, int... descriptors) {
            listener().received(bytes, descriptors);
        }

        @Override
        public void ended(IOException cause) {
            end(cause);
        }
    };

    @Override
    boolean passesDescriptors() {
        return true;
    }

    @Override
    NamedPipePeer peer() {
        return NamedPipe.peer(channel);
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
        if (!ended) {
            messages.sendByte(socket.intValue());
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
        return new EventFdDoorbell(new FileDescriptor(ownEventFd), new FileDescriptor(peerEventFd));
    }
}
