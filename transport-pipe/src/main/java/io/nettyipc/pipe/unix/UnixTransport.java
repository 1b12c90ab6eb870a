/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.unix;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.util.internal.PlatformDependent;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.nettyipc.base.os.Availability;
import io.nettyipc.base.os.DeniedAccess;
import io.nettyipc.base.os.NativeAccess;
import io.nettyipc.base.os.Platform;
import io.nettyipc.base.os.UnixUsers;
import io.nettyipc.base.socket.SocketFileRules;
import io.nettyipc.base.socket.SocketProbe;
import io.nettyipc.pipe.NamedPipePeer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** One of Netty's transports for Unix domain sockets. */
public abstract class UnixTransport implements SocketFileRules {
    private static final InternalLogger logger = InternalLoggerFactory.getInstance(UnixTransport.class);

    UnixTransport() {}

    /** Returns epoll, kqueue or NIO, the first that works in this JVM. */
    public static UnixTransport preferred() {
        return Preferred.TRANSPORT;
    }

    /**
     * Returns the transport whose channels keep boundaries.
     *
     * @throws UnsupportedOperationException if the system has none
     * @throws UnsatisfiedLinkError          if they can't be used in this JVM, with the reason as its cause
     */
    public static UnixTransport messages() {
        if (Platform.current() != Platform.LINUX) {
            throw new UnsupportedOperationException("pipes that carry messages exist on Windows and Linux only");
        }
        Availability.ensure("pipes that carry messages are", NativeAccess.unavailabilityCause());
        return SeqpacketTransport.INSTANCE;
    }

    /** Returns the transport over the JDK's sockets, which needs no native library. */
    public static UnixTransport nio() {
        return NioTransport.INSTANCE;
    }

    /** Returns epoll's transport, or {@code null} if it does not work in this JVM or is not on the class path. */
    public static UnixTransport epoll() {
        return Native.EPOLL.transport;
    }

    /** Returns kqueue's transport, or {@code null} if it does not work in this JVM or is not on the class path. */
    public static UnixTransport kqueue() {
        return Native.KQUEUE.transport;
    }

    /** Returns io_uring's transport, or {@code null} if it does not work in this JVM or is not on the class path. */
    public static UnixTransport uring() {
        return Uring.FOUND.transport;
    }

    /** Returns what {@link io.nettyipc.pipe.NamedPipe#peer(Channel)} promises. */
    public static NamedPipePeer peer(Channel channel) {
        UnixTransport transport =
                channel instanceof UnixMessagePipeChannel ? SeqpacketTransport.INSTANCE : transportOf(channel);
        if (transport == null) {
            throw new IllegalArgumentException(
                    "not a connected pipe but a " + channel.getClass().getName()
                            + ": give a channel of NamedPipe.channelType(), or one that a pipe server accepted");
        }
        checkOpen(channel);
        if (!channel.isActive()) {
            throw new NotYetConnectedException();
        }
        NamedPipePeer peer;
        try {
            peer = transport.peerOf(channel);
        } catch (IOException e) {
            checkOpen(channel);
            throw new ChannelException("the system does not tell who the peer is", e);
        }
        // A channel says that it is closed before its descriptor can be somebody else's: only then was it this one's
        // peer.
        checkOpen(channel);
        return peer;
    }

    private static UnixTransport transportOf(Channel channel) {
        // The first is the one that is looked for already.
        for (Supplier<UnixTransport> known :
                List.<Supplier<UnixTransport>>of(UnixTransport::preferred, UnixTransport::nio, UnixTransport::uring)) {
            UnixTransport transport = known.get();
            if (transport != null && transport.channelType().isInstance(channel)) {
                return transport;
            }
        }
        return null;
    }

    /**
     * Returns a peer as the kernel tells it.
     *
     * @param processId not positive if it isn't told, or is of a process in a pid namespace that this one doesn't see
     */
    static NamedPipePeer peer(int processId, int userId, int... groupIds) {
        int known = processId > 0 ? processId : -1;
        return new NamedPipePeer(known, -1, UnixUsers.nameOf(userId, known), userId, groupIds);
    }

    private static void checkOpen(Channel channel) {
        if (!channel.isOpen()) {
            throw new ChannelException("the peer of a closed channel is not known", new ClosedChannelException());
        }
    }

    /** Returns the factory of this transport's handlers, with the rules for socket files added. */
    public IoHandlerFactory newIoHandlerFactory() {
        return newIoHandlerFactory(newTransportFactory());
    }

    /** Returns what {@link io.nettyipc.pipe.NamedPipe#newIoHandlerFactory(IoHandlerFactory)} promises. */
    public static IoHandlerFactory newIoHandlerFactory(IoHandlerFactory factory) {
        return new DomainSocketIoHandlerFactory(factory);
    }

    /**
     * Returns the transport whose channels a handler or an event loop serves, or {@code null} if it serves none of
     * them.
     *
     * @param isCompatible whether it serves such handles
     */
    public static UnixTransport servedBy(Predicate<Class<? extends IoHandle>> isCompatible) {
        for (Supplier<UnixTransport> known : List.<Supplier<UnixTransport>>of(
                UnixTransport::epoll, UnixTransport::kqueue, UnixTransport::nio, UnixTransport::uring)) {
            UnixTransport transport = known.get();
            if (transport != null && isCompatible.test(transport.handleType())) {
                return transport;
            }
        }
        return null;
    }

    abstract IoHandlerFactory newTransportFactory();

    abstract Class<? extends IoHandle> handleType();

    public abstract Class<? extends ServerChannel> serverChannelType();

    public abstract Class<? extends Channel> channelType();

    /**
     * Limits the socket file that an unbound server is going to make to its user, as far as that can be done before the
     * bind.
     */
    @Override
    public void restrictToUser(Channel server) {}

    @Override
    public final boolean isPortable(SocketAddress address) {
        return PipeNames.isPortable(address);
    }

    @Override
    public final String describe(SocketAddress address) {
        return PipeNames.describe(address);
    }

    /** Returns the channel of a socket that listens and that this process was started with. */
    public ServerChannel inheritedServer(int descriptor) {
        throw new UnsupportedOperationException("Netty's server channels take a listening descriptor with epoll only");
    }

    /** Returns the channel of a socket that is connected and that this process was started with. */
    public Channel inherited(int descriptor) {
        throw new UnsupportedOperationException("Netty's channels take a descriptor with epoll and kqueue only");
    }

    /** Closes the channel's socket in the children of native code too, as the JDK does in its own. */
    void closeInChildren(Channel channel) {}

    @Override
    public SocketProbe probe(Path path) {
        return SocketProbe.run(path);
    }

    /** Returns whether a connect failed because nobody listens (ECONNREFUSED). */
    boolean isRefused(IOException connectFailure) {
        return connectFailure instanceof ConnectException;
    }

    /** Asks who is at the other end of an active channel of {@link #channelType()}. */
    abstract NamedPipePeer peerOf(Channel channel) throws IOException;

    private static final class Preferred {
        static final UnixTransport TRANSPORT = choose();

        private static UnixTransport choose() {
            Native found = Platform.current() == Platform.LINUX ? Native.EPOLL : Native.KQUEUE;
            if (found.transport != null) {
                logger.debug("pipes use {}", found.name);
                return found.transport;
            }
            // Nobody sees it otherwise: all works, slower.
            logger.info(
                    "pipes use NIO, and shared memory files, since Netty's {} can't be used: {}",
                    found.name,
                    found.reason());
            logger.debug("{} can't be used", found.name, found.unavailabilityCause);
            return nio();
        }
    }

    /** Looked for when somebody comes with what is not of the others: to look makes a ring of the kernel's. */
    private static final class Uring {
        static final Native FOUND = new Native("io_uring", Platform.LINUX, () -> UringTransport.create());
    }

    /** One of Netty's native transports, looked for once. */
    private static final class Native {
        static final Native EPOLL = new Native("epoll", Platform.LINUX, () -> EpollTransport.create());
        static final Native KQUEUE = new Native("kqueue", Platform.BSD, () -> KQueueTransport.create());

        final String name;
        final UnixTransport transport;
        /** {@code null} on another system. */
        final Throwable unavailabilityCause;

        private Native(String name, Platform platform, Supplier<UnixTransport> supplier) {
            this.name = name;
            UnixTransport found = null;
            Throwable cause = null;
            if (Platform.current() == platform) {
                try {
                    found = supplier.get();
                } catch (LinkageError e) {
                    // The classes are an optional dependency, and so is their library.
                    cause = e.getCause() != null ? e.getCause() : e;
                }
            }
            transport = found;
            unavailabilityCause = cause;
        }

        /** Why it can't be used, and what to do. */
        String reason() {
            // The library is loaded by Netty's common module, whatever transport it is of.
            String denial = DeniedAccess.describe(unavailabilityCause, () -> PlatformDependent.class);
            return denial != null
                    ? denial
                    : unavailabilityCause + "; is netty-transport-native-" + name
                            + " on the class path, with the classifier of this machine?";
        }
    }
}
