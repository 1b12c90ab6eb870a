/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.internal.ObjectUtil;
import io.nettyipc.base.os.Availability;
import io.nettyipc.base.os.NativeAccess;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipePeer;
import io.nettyipc.shm.segment.Segment;
import java.util.Optional;

/**
 * Shared memory as a Netty transport: whether it can be used, and the event loops for it.
 *
 * <pre>{@code
 * EventLoopGroup group = new MultiThreadIoEventLoopGroup(Shm.newIoHandlerFactory());
 * new ServerBootstrap().group(group).channel(ShmServerChannel.class)
 *     .childHandler(init).bind(ShmAddress.of("orders"));
 * }</pre>
 *
 * <p>Two processes have a ring of memory for each direction. Bytes are copied into it by one process and out of it by
 * the other, without a system call as long as both are awake. On Linux with epoll or io_uring the memory is a sealed
 * memfd and can be written to by its owner only. With NIO, on other Unix systems, and where Linux has no sealed memory
 * (before 5.1, or in a sandbox that refuses {@code memfd_create}), it is a file, for peers of the same user: in the
 * directory that the system property {@code io.nettyipc.shm.directory} names, else in {@code /dev/shm}, else in the
 * directory of the server's socket if nobody else may write to it, else in the temporary directory. Both processes need
 * to see that directory. On Windows it is a section of the page file.
 *
 * <p>All methods may be called from any thread. Loading this class never throws: see {@link #unavailabilityCause()}.
 */
public final class Shm {

    /** How users make handlers of event loops that shared memory lives on. */
    static final String IO_HANDLER_FACTORY = "Shm.newIoHandlerFactory()";

    private static final Optional<Throwable> UNAVAILABILITY_CAUSE = Optional.ofNullable(probe());

    private Shm() {}

    private static Throwable probe() {
        if (!NamedPipe.isAvailable()) {
            return NamedPipe.unavailabilityCause();
        }
        if (NativeAccess.unavailabilityCause() != null) {
            return NativeAccess.unavailabilityCause();
        }
        try {
            Segment.probe();
            return null;
        } catch (Throwable t) {
            return t;
        }
    }

    /** Returns whether the transport can be used in this JVM. */
    public static boolean isAvailable() {
        return UNAVAILABILITY_CAUSE.isEmpty();
    }

    /**
     * Returns silently if the transport can be used.
     *
     * @throws UnsatisfiedLinkError if it cannot, with the reason as its cause
     */
    public static void ensureAvailability() {
        Availability.ensure("shared memory is", unavailabilityCause());
    }

    /** Returns why the transport cannot be used in this JVM, or {@code null} if it can. */
    public static Throwable unavailabilityCause() {
        return UNAVAILABILITY_CAUSE.orElse(null);
    }

    /**
     * Returns a factory for event loops that serve shared memory with {@link ShmSpinStrategy#ADAPTIVE}, and what
     * {@link NamedPipe#newIoHandlerFactory()} serves: on Linux TCP and Unix sockets of epoll, or of NIO without Netty's
     * native library; on Windows named pipes. {@link #newIoHandlerFactory(IoHandlerFactory, ShmSpinStrategy)} has TCP
     * there too.
     *
     * @throws UnsatisfiedLinkError if the transport is not available
     */
    public static IoHandlerFactory newIoHandlerFactory() {
        return newIoHandlerFactory(ShmSpinStrategy.ADAPTIVE);
    }

    /**
     * Returns a factory as {@link #newIoHandlerFactory()} does, with another strategy.
     *
     * @throws UnsatisfiedLinkError if the transport is not available
     */
    public static IoHandlerFactory newIoHandlerFactory(ShmSpinStrategy strategy) {
        ensureAvailability();
        return new ShmIoHandlerFactory(NamedPipe.newIoHandlerFactory(), ObjectUtil.checkNotNull(strategy, "strategy"));
    }

    /**
     * Returns a factory for event loops that serve shared memory and what another kind of handler serves. Both ends of
     * a connection may have different kinds, and then use what both can.
     *
     * @param transport on Unix Netty's epoll, io_uring, kqueue or NIO; on Windows Netty's NIO, with what
     *     {@link NamedPipe#newIoHandlerFactory(IoHandlerFactory)} says about it, or what
     *     {@link NamedPipe#newIoHandlerFactory()} returns. Over anything else the constructor of an event loop group
     *     fails, with an {@link IllegalArgumentException} as the cause that says what is expected
     * @throws UnsatisfiedLinkError if the transport is not available
     */
    public static IoHandlerFactory newIoHandlerFactory(IoHandlerFactory transport, ShmSpinStrategy strategy) {
        ensureAvailability();
        return new ShmIoHandlerFactory(
                NamedPipe.newIoHandlerFactory(ObjectUtil.checkNotNull(transport, "transport")),
                ObjectUtil.checkNotNull(strategy, "strategy"));
    }

    /** Returns the server channel type for {@code ServerBootstrap}: {@link ShmServerChannel}. */
    public static Class<? extends ServerChannel> serverChannelType() {
        return ShmServerChannel.class;
    }

    /** Returns the channel type for {@code Bootstrap}: {@link ShmChannel}. */
    public static Class<? extends Channel> channelType() {
        return ShmChannel.class;
    }

    /**
     * Asks the operating system who is at the other end of a connected channel, as {@link NamedPipe#peer} does for
     * pipes.
     *
     * @throws java.nio.channels.NotYetConnectedException if the channel is not connected, or not any more
     */
    public static NamedPipePeer peer(ShmChannel channel) {
        return channel.peer();
    }

    /**
     * Returns what an event loop and all its channels of shared memory have counted until now. It takes the longer the
     * more channels the loop has: for a look once in a while.
     *
     * @param loop one of a group that was made with a factory of this class; also after its end
     * @throws IllegalArgumentException if it is another one
     */
    public static ShmLoopMetrics metrics(EventExecutor loop) {
        return LoopCounts.of(loop).metrics();
    }
}
