/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.control;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.netty.channel.ReflectiveChannelFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.unix.UnixChannel;
import io.netty.util.concurrent.Future;
import io.netty.util.internal.StringUtil;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.nettyipc.base.loop.DescriptorEvents;
import io.nettyipc.base.os.EventFdSignals;
import io.nettyipc.base.os.Platform;
import io.nettyipc.base.os.SocketMessages;
import io.nettyipc.base.os.UnixSocket;
import io.nettyipc.base.os.UnixUsers;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipeAddress;
import io.nettyipc.pipe.NamedPipeBusyException;
import java.io.IOException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Makes the control connections of one event loop, with the channels that its I/O handler serves. */
public abstract class ControlTransport {

    private final ReflectiveChannelFactory<? extends ServerChannel> serverChannels;
    private final ReflectiveChannelFactory<? extends Channel> channels;
    private final Class<? extends Channel> channelType;

    ControlTransport(Class<? extends ServerChannel> serverChannelType, Class<? extends Channel> channelType) {
        serverChannels = new ReflectiveChannelFactory<>(serverChannelType);
        channels = new ReflectiveChannelFactory<>(channelType);
        this.channelType = channelType;
    }

    /** Returns the transport over the pipes or Unix sockets that an event loop serves. */
    public static ControlTransport of(IoEventLoop loop) {
        Class<? extends ServerChannel> serverChannelType = NamedPipe.serverChannelType(loop);
        Class<? extends Channel> channelType = NamedPipe.channelType(loop);
        if (Platform.current() != Platform.LINUX || !DescriptorEvents.isServedBy(loop)) {
            return new ByChannel(serverChannelType, channelType);
        }
        return new Sockets(serverChannelType, channelType, DescriptorEvents.isUring(loop));
    }

    /** Creates a channel that accepts control connections, each to be given to {@link #accepted}. */
    public final ServerChannel newServerChannel() {
        return serverChannels.newChannel();
    }

    /**
     * Takes over a channel that was accepted and is not registered.
     *
     * @throws IllegalStateException if a loop over another transport accepted it; the channel stays the caller's
     */
    public final ControlConnection accepted(Channel channel) {
        if (!channelType.isInstance(channel)) {
            throw new IllegalStateException("the server's event loop accepts a " + StringUtil.simpleClassName(channel)
                    + ", and that of its children serves a " + StringUtil.simpleClassName(channelType)
                    + "; give both groups handlers over the same transport");
        }
        return takeOver(channel);
    }

    abstract ControlConnection takeOver(Channel channel);

    /** Returns the id of the user that connected, if it is another one and the system tells; else -1. */
    public int otherUserOf(Channel accepted) {
        return -1;
    }

    /** Closes a channel that was accepted and is not registered; the peer is told why if that can be done at once. */
    public void refuse(Channel accepted, String reason) {
        accepted.unsafe().closeForcibly();
    }

    /**
     * Connects here and now, if nothing is in the way of that.
     *
     * @return the connection, which has to be started; or {@code null}: {@link #connect} says what it is, or waits
     */
    public ControlConnection connectNow(NamedPipeAddress address) {
        return null;
    }

    /**
     * Connects, on the loop.
     *
     * @param timeoutMillis for the connect, in milliseconds
     * @param connected     told the connection, which has to be started
     * @param failed        told why not
     * @return the attempt, to be cancelled; it may be over before the connection is told
     */
    public final Attempt connect(
            EventLoop loop,
            NamedPipeAddress address,
            int timeoutMillis,
            Consumer<ControlConnection> connected,
            Consumer<Throwable> failed) {
        Attempt attempt = new Attempt(loop, address, timeoutMillis, connected, failed);
        attempt.begin();
        return attempt;
    }

    /**
     * A connect: with one channel after the other while the server's backlog is full, as Netty's close when a connect
     * fails.
     */
    public final class Attempt {
        private static final int MAX_RETRY_MILLIS = 20;

        private final EventLoop loop;
        private final NamedPipeAddress address;
        private final int timeoutMillis;
        private final Consumer<ControlConnection> connected;
        private final Consumer<Throwable> failed;
        private final long begun = System.nanoTime();
        private int retryMillis = 1;
        /** The connect that is under way, or the wait for the next one. */
        private Future<?> step;

        Attempt(
                EventLoop loop,
                NamedPipeAddress address,
                int timeoutMillis,
                Consumer<ControlConnection> connected,
                Consumer<Throwable> failed) {
            this.loop = loop;
            this.address = address;
            this.timeoutMillis = timeoutMillis;
            this.connected = connected;
            this.failed = failed;
        }

        /** Called when the connection is not wanted any more. */
        public void cancel() {
            step.cancel(false);
        }

        private void begin() {
            Channel channel = channels.newChannel();
            channel.config().setOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMillis);
            // There is no listener before the handshake begins.
            channel.config().setAutoRead(false);
            ChannelFuture registered = loop.register(channel);
            step = registered;
            if (registered.isDone() && !registered.isSuccess()) {
                failed.accept(registered.cause());
                return;
            }
            ChannelFuture connect = channel.connect(address);
            step = connect;
            connect.addListener(future -> {
                if (future.isSuccess()) {
                    connected(channel, connected, failed);
                } else {
                    channel.close();
                    failed(future.cause());
                }
            });
        }

        private void failed(Throwable cause) {
            long passed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
            if (cause instanceof NamedPipeBusyException && (timeoutMillis == 0 || passed < timeoutMillis)) {
                int delay = retryMillis + ThreadLocalRandom.current().nextInt(retryMillis);
                retryMillis = Math.min(MAX_RETRY_MILLIS, 2 * retryMillis);
                step = loop.schedule(this::beginAgain, delay, TimeUnit.MILLISECONDS);
            } else {
                failed.accept(cause);
            }
        }

        private void beginAgain() {
            try {
                begin();
            } catch (Throwable t) {
                // No more descriptors, for example. On the loop's timer nobody else would tell.
                failed.accept(t);
            }
        }
    }

    abstract void connected(Channel channel, Consumer<ControlConnection> connected, Consumer<Throwable> failed);

    /** Where the channel can stay what it is. */
    private static final class ByChannel extends ControlTransport {

        ByChannel(Class<? extends ServerChannel> serverChannelType, Class<? extends Channel> channelType) {
            super(serverChannelType, channelType);
        }

        @Override
        ControlConnection takeOver(Channel channel) {
            return new ChannelControlConnection(channel);
        }

        @Override
        void connected(Channel channel, Consumer<ControlConnection> connected, Consumer<Throwable> failed) {
            connected.accept(new ChannelControlConnection(channel));
        }
    }

    /** Where its socket is to be read for descriptors. */
    private static final class Sockets extends ControlTransport {

        private static final InternalLogger logger = InternalLoggerFactory.getInstance(ControlTransport.class);

        private final SocketMessages messages =
                new SocketMessages(HandshakeMessage.MAX_LENGTH, HandshakeMessage.MAX_DESCRIPTORS);
        /** {@code null} if this system has none. */
        private final EventFdSignals signals = signals();

        private final boolean uring;

        Sockets(Class<? extends ServerChannel> serverChannelType, Class<? extends Channel> channelType, boolean uring) {
            super(serverChannelType, channelType);
            this.uring = uring;
        }

        private static EventFdSignals signals() {
            try {
                return EventFdSignals.open();
            } catch (IOException e) {
                logger.debug(
                        "shared memory rings by bytes on the control connection, not by eventfds: {}", e.getMessage());
                return null;
            }
        }

        @Override
        ControlConnection takeOver(Channel channel) {
            return new SocketControlConnection(ControlSocket.of(channel), messages, signals);
        }

        @Override
        public ControlConnection connectNow(NamedPipeAddress address) {
            ControlSocket socket = ControlSocket.connect(address);
            return socket == null ? null : new SocketControlConnection(socket, messages, signals);
        }

        @Override
        public int otherUserOf(Channel accepted) {
            try {
                int user =
                        UnixSocket.peerCredentials(((UnixChannel) accepted).fd().intValue())[1];
                return UnixUsers.isOwn(user) ? -1 : user;
            } catch (IOException e) {
                // The handshake says what is wrong with it.
                return -1;
            }
        }

        @Override
        public void refuse(Channel accepted, String reason) {
            try {
                takeOver(accepted).send(new HandshakeMessage.Refused(reason).encode());
            } catch (IOException e) {
                // The end of the connection says it too.
            } finally {
                super.refuse(accepted, reason);
            }
        }

        @Override
        void connected(Channel channel, Consumer<ControlConnection> connected, Consumer<Throwable> failed) {
            if (uring) {
                try {
                    connected.accept(new SocketControlConnection(ControlSocket.takenFrom(channel), messages, signals));
                } catch (IOException | RuntimeException e) {
                    failed.accept(e);
                }
                return;
            }
            channel.deregister().addListener(future -> {
                if (future.isSuccess()) {
                    connected.accept(takeOver(channel));
                } else {
                    channel.close();
                    failed.accept(future.cause());
                }
            });
        }
    }
}
