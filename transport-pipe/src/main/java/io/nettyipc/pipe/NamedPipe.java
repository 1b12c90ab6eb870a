/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.util.concurrent.Future;
import io.netty.util.internal.ObjectUtil;
import io.nettyipc.base.os.Availability;
import io.nettyipc.base.os.NativeAccess;
import io.nettyipc.base.os.NettyVersion;
import io.nettyipc.base.os.Platform;
import io.nettyipc.pipe.unix.UnixTransport;
import io.nettyipc.pipe.windows.WindowsMessagePipeChannel;
import io.nettyipc.pipe.windows.WindowsMessagePipeServerChannel;
import io.nettyipc.pipe.windows.WindowsNamedPipe;
import io.nettyipc.pipe.windows.WindowsNamedPipeChannel;
import io.nettyipc.pipe.windows.WindowsNamedPipeServerChannel;
import java.net.SocketAddress;

/**
 * Named pipes as a Netty transport: the three things a bootstrap needs, chosen for the platform.
 *
 * <pre>{@code
 * EventLoopGroup group = new MultiThreadIoEventLoopGroup(NamedPipe.newIoHandlerFactory());
 * new ServerBootstrap().group(group).channel(NamedPipe.serverChannelType())
 *     .childHandler(init).bind(NamedPipeAddress.of("orders"));
 * }</pre>
 *
 * <p>On Windows the channels are named pipes served by an I/O completion port. On Unix they are Unix domain sockets and
 * the channel types are Netty's own: epoll on Linux and kqueue on macOS where Netty's native transport is on the class
 * path, else NIO, which needs no native library. {@code -Dio.netty.transport.noNative=true} chooses NIO as well.
 *
 * <p>On Unix a channel of these types also runs on other event loops of its transport, made with
 * {@code EpollIoHandler.newFactory()} for example, but then without what is said below of directories, socket files and
 * errors. Options that a Unix domain socket doesn't have are logged by Netty as unknown, also those of
 * {@link NamedPipeChannelOption}, which are for Windows.
 *
 * <p>What NIO cannot do: its channels have no half-closure ({@code ALLOW_HALF_CLOSURE}), their addresses are
 * {@link java.net.UnixDomainSocketAddress} instead of {@link NamedPipeAddress}, and {@link #peer(Channel)} gives no
 * process id.
 *
 * <p>What epoll cannot do, as of Netty 4.2.18: read with a {@code DefaultMaxBytesRecvByteBufAllocator}. The channel
 * takes a read without room for the end of the input, and what is unread when the peer ends its output is lost.
 *
 * <p>What a Unix server does with its socket file: the directory of a portable name is created for its user only and is
 * refused, by servers and clients, if others could write to it; the socket's mode is 0600 (to share a socket path with
 * other users, see {@link NamedPipeSocketFile}), with epoll from the first moment on; a file system that doesn't let
 * the mode be chosen will do if the directory keeps others out; a socket on which somebody listens is never removed, a
 * stale one is replaced, anything else at the path is left alone. To tell, a bind connects to a socket that it finds,
 * so the server that has the name sees a connection that is closed at once. Closing the server removes its own socket
 * only. Servers of one user do this one after the other, under a lock beside the socket, {@code .nettyipc-<uid>.lock},
 * which stays there; a bind or close that has to wait does not block its event loop, and one where no lock can be had
 * goes on without. A connect to a server whose backlog is full fails at once with a {@link NamedPipeBusyException};
 * {@link #connect} waits.
 *
 * <p>All methods may be called from any thread. Loading this class never throws: see {@link #unavailabilityCause()}.
 */
public final class NamedPipe {
    private NamedPipe() {}

    /**
     * Returns whether the transport can be used in this JVM. Always {@code true} on Linux and macOS with Netty 4.2.7 or
     * later.
     */
    public static boolean isAvailable() {
        return unavailabilityCause() == null;
    }

    /**
     * Returns silently if the transport can be used.
     *
     * @throws UnsatisfiedLinkError if it cannot, with the reason as its cause
     */
    public static void ensureAvailability() {
        Availability.ensure("named pipes are", unavailabilityCause());
    }

    /** Returns why the transport cannot be used in this JVM, or {@code null} if it can. */
    public static Throwable unavailabilityCause() {
        return isWindows() ? NativeAccess.unavailabilityCause() : NettyVersion.unavailabilityCause();
    }

    /**
     * Returns the factory for event loops that serve pipes, for {@link io.netty.channel.MultiThreadIoEventLoopGroup}.
     * The boss and the worker group may be different groups, each with a factory from here.
     *
     * <p>On Unix the handlers it makes are Netty's own with one addition: they prepare the directory and the socket
     * file when a server binds, and make connect errors clear. Thus
     * {@link io.netty.channel.IoEventLoopGroup#isIoType(Class)} is {@code false} for {@code EpollIoHandler} and its
     * siblings, while {@code isCompatible}, registration counts and automatic scaling work as they do with Netty's, and
     * TCP channels of the same kind (epoll, kqueue or NIO) may share these loops. On Windows the loops serve pipes
     * only; those of {@link #newIoHandlerFactory(IoHandlerFactory)} serve TCP too.
     *
     * @throws UnsatisfiedLinkError if the transport is not available
     */
    public static IoHandlerFactory newIoHandlerFactory() {
        ensureAvailability();
        return isWindows()
                ? WindowsNamedPipe.newIoHandlerFactory()
                : UnixTransport.preferred().newIoHandlerFactory();
    }

    /**
     * Returns a factory for event loops that serve pipes and whatever else another factory's handlers serve: Netty's
     * own with other settings, or one that wraps them. The channel types are those of
     * {@link #serverChannelType(IoEventLoopGroup)} and {@link #channelType(IoEventLoopGroup)}. With NIO this is the
     * same on all systems:
     *
     * <pre>{@code
     * IoEventLoopGroup group =
     *     new MultiThreadIoEventLoopGroup(NamedPipe.newIoHandlerFactory(NioIoHandler.newFactory()));
     * new ServerBootstrap().group(group).channel(NamedPipe.serverChannelType(group))
     *     .childHandler(init).bind(NamedPipeAddress.of("orders"));
     * new ServerBootstrap().group(group).channel(NioServerSocketChannel.class).childHandler(init).bind(8080);
     * }</pre>
     *
     * <p>On Windows an event loop can't wait for NIO's selector and for a completion port at once. A loop that has
     * channels of one kind waits where that kind needs it, and costs what a loop of that kind does. A loop that has
     * both waits in the selector, and a second thread waits at the port for it, which ends with the loop; whatever
     * comes for a pipe while the loop sleeps takes the way over that thread, so that a pipe's round trips take longer
     * than on loops of its own.
     *
     * @param handlers on Unix Netty's epoll, io_uring, kqueue or NIO; on Windows Netty's NIO, or what
     *     {@link #newIoHandlerFactory()} returns. Over anything else the constructor of an event loop group fails, with
     *     an {@link IllegalArgumentException} as the cause that says what is expected
     * @throws UnsatisfiedLinkError if the transport is not available
     */
    public static IoHandlerFactory newIoHandlerFactory(IoHandlerFactory handlers) {
        ensureAvailability();
        ObjectUtil.checkNotNull(handlers, "handlers");
        return isWindows()
                ? WindowsNamedPipe.newIoHandlerFactory(handlers)
                : UnixTransport.newIoHandlerFactory(handlers);
    }

    /** Returns the server channel type that goes with {@link #newIoHandlerFactory()}, for {@code ServerBootstrap}. */
    public static Class<? extends ServerChannel> serverChannelType() {
        return isWindows()
                ? WindowsNamedPipeServerChannel.class
                : UnixTransport.preferred().serverChannelType();
    }

    /** Returns the channel type that goes with {@link #newIoHandlerFactory()}, for {@code Bootstrap}. */
    public static Class<? extends Channel> channelType() {
        return isWindows()
                ? WindowsNamedPipeChannel.class
                : UnixTransport.preferred().channelType();
    }

    /**
     * Returns the server channel type that a group's event loops serve.
     *
     * @throws IllegalArgumentException if they serve no pipes
     */
    public static Class<? extends ServerChannel> serverChannelType(IoEventLoopGroup group) {
        return isWindows()
                ? checkServed(group, WindowsNamedPipeServerChannel.class)
                : unixOf(group).serverChannelType();
    }

    /**
     * Returns the channel type that a group's event loops serve.
     *
     * @throws IllegalArgumentException if they serve no pipes
     */
    public static Class<? extends Channel> channelType(IoEventLoopGroup group) {
        return isWindows()
                ? checkServed(group, WindowsNamedPipeChannel.class)
                : unixOf(group).channelType();
    }

    private static <T> T checkServed(IoEventLoopGroup group, T type) {
        if (!WindowsNamedPipe.isServedBy(group)) {
            throw servesNoPipes(group);
        }
        return type;
    }

    private static UnixTransport unixOf(IoEventLoopGroup group) {
        UnixTransport transport = UnixTransport.servedBy(group::isCompatible);
        if (transport == null) {
            throw servesNoPipes(group);
        }
        return transport;
    }

    private static IllegalArgumentException servesNoPipes(IoEventLoopGroup group) {
        return new IllegalArgumentException(
                group + " serves no pipes: make its event loops with NamedPipe.newIoHandlerFactory()");
    }

    /**
     * Returns the server channel type for pipes that carry messages instead of bytes: what is written as one buffer is
     * read as one message. It goes with {@link #newIoHandlerFactory()} and with {@link #messageChannelType()}.
     *
     * <p>On Windows it is the server channel type with {@link NamedPipeChannelOption#PIPE_TYPE} set to
     * {@link NamedPipeMode#MESSAGE}. On Linux it is a domain socket of the type {@code SOCK_SEQPACKET}. What differs
     * there: a message always arrives whole, as one buffer of its length and never as {@link NamedPipeMessagePart}s;
     * one that is longer than the sender's {@code SO_SNDBUF} takes (some 200 KiB) fails its write with a
     * {@link MessageTooLongException}, and the channel goes on; empty messages arrive, except those right before the
     * end; {@code shutdownOutput()} works without any option; a client that reads bytes is refused. The channels live
     * on any event loop.
     *
     * @throws UnsupportedOperationException on macOS, which has no such sockets
     * @throws UnsatisfiedLinkError on Linux if JNA can't call the C library, with the reason as its cause
     */
    public static Class<? extends ServerChannel> messageServerChannelType() {
        if (isWindows()) {
            return WindowsMessagePipeServerChannel.class;
        }
        return UnixTransport.messages().serverChannelType();
    }

    /**
     * Returns the channel type for pipes that carry messages, for {@code Bootstrap}.
     *
     * <p>On Windows it is the channel type with {@link NamedPipeChannelOption#PIPE_READ_MODE} set to
     * {@link NamedPipeMode#MESSAGE}; for Linux see {@link #messageServerChannelType()}.
     *
     * @throws UnsupportedOperationException on macOS
     * @throws UnsatisfiedLinkError          on Linux if JNA can't call the C library, with the reason as its cause
     */
    public static Class<? extends Channel> messageChannelType() {
        if (isWindows()) {
            return WindowsMessagePipeChannel.class;
        }
        return UnixTransport.messages().channelType();
    }

    /**
     * Connects to a server of messages, sends one, and closes with the first message that comes back: what
     * {@code CallNamedPipe} does, without blocking.
     *
     * @param group event loops of {@link #newIoHandlerFactory()}
     * @param address the server
     * @param request the message, whose reference passes to this method
     * @param maxReplyLength the longest reply, in bytes; a longer one fails with a {@link MessageTooLongException}
     * @param timeoutMillis for all of it, in milliseconds; afterwards it fails with a
     *     {@link java.util.concurrent.TimeoutException} or, if the server was busy all the time, with a
     *     {@link io.netty.channel.ConnectTimeoutException}
     * @return the reply, to be released by whoever takes it
     */
    public static Future<ByteBuf> call(
            EventLoopGroup group, NamedPipeAddress address, ByteBuf request, int maxReplyLength, int timeoutMillis) {
        return NamedPipeCall.call(group, address, request, maxReplyLength, timeoutMillis);
    }

    /**
     * Connects, and waits for a free place if the server's backlog is full, until the bootstrap's
     * {@code CONNECT_TIMEOUT_MILLIS}. {@link Bootstrap#connect(SocketAddress)} does so by itself on Windows, with pipes
     * of messages and with shared memory; Netty's own channels of Unix sockets fail with a
     * {@link NamedPipeBusyException} at once, since they close their socket when a connect fails. So this method may
     * try with several channels, one after the other, and the bootstrap's handler has to be sharable, as a
     * {@link io.netty.channel.ChannelInitializer} is.
     *
     * @return the connected channel
     */
    public static Future<Channel> connect(Bootstrap bootstrap, SocketAddress address) {
        return NamedPipeConnect.connect(bootstrap, address);
    }

    /**
     * Asks the operating system who is at the other end of a connected pipe. Works on the server's and on the client's
     * side, from {@code channelActive} on.
     *
     * <p>Finding the user's name may ask the system's user database, which is normally a file but can be a directory
     * service; do not call it for every message. What Windows doesn't tell is -1 or {@code null} in the answer, as it
     * is for a client on another machine.
     *
     * @param channel a connected channel of {@link #channelType()}, or one accepted by {@link #serverChannelType()}
     * @throws IllegalArgumentException if the channel is not a pipe
     * @throws java.nio.channels.NotYetConnectedException if it is not connected yet
     * @throws io.netty.channel.ChannelException if it is closed or, on Unix, the system refuses to answer
     */
    public static NamedPipePeer peer(Channel channel) {
        return isWindows() ? WindowsNamedPipe.peer(channel) : UnixTransport.peer(channel);
    }

    private static boolean isWindows() {
        return Platform.current() == Platform.WINDOWS;
    }
}
