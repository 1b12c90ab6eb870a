/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.nettyipc.base.loop.EventLoops;
import io.nettyipc.base.os.Availability;
import io.nettyipc.base.os.NativeAccess;
import io.nettyipc.base.os.Platform;
import io.nettyipc.process.unix.UnixProcessChannel;
import io.nettyipc.process.windows.WindowsProcessChannel;

/**
 * Child processes as a Netty transport: the inbound side of the channel is the child's standard output, the outbound
 * side its standard input.
 *
 * <pre>{@code
 * EventLoopGroup group = new MultiThreadIoEventLoopGroup(ChildProcess.newIoHandlerFactory());
 * ProcessChannel child = (ProcessChannel) new Bootstrap().group(group).channel(ChildProcess.channelType())
 *     .handler(init).connect(ProcessAddress.of("node", "server.js")).sync().channel();
 * }</pre>
 *
 * <p>On Unix the channels live on any event loop. One with epoll or io_uring watches the pipes itself; for others one
 * thread of this transport waits for all of them. On Windows they need an event loop of
 * {@link #newIoHandlerFactory()}, or of named pipes: the child's streams are named pipes with names that nobody else
 * knows, open to this user only.
 *
 * <p>All methods may be called from any thread. Loading this class never throws.
 */
public final class ChildProcess {
    private ChildProcess() {}

    /** Returns whether the transport can be used in this JVM. */
    public static boolean isAvailable() {
        return unavailabilityCause() == null;
    }

    /**
     * Returns silently if the transport can be used.
     *
     * @throws UnsatisfiedLinkError if it cannot, with the reason as its cause
     */
    public static void ensureAvailability() {
        Availability.ensure("child processes are", unavailabilityCause());
    }

    /** Returns why the transport cannot be used in this JVM, or {@code null} if it can. */
    public static Throwable unavailabilityCause() {
        return NativeAccess.unavailabilityCause();
    }

    /**
     * Returns the factory for event loops that these channels live on, for
     * {@link io.netty.channel.MultiThreadIoEventLoopGroup}. On Unix they live on any other loop as well.
     *
     * @throws UnsatisfiedLinkError if the transport is not available
     */
    public static IoHandlerFactory newIoHandlerFactory() {
        ensureAvailability();
        return EventLoops.newIoHandlerFactory();
    }

    /**
     * Returns the channel type, whose channels are {@link ProcessChannel}s.
     *
     * @throws UnsatisfiedLinkError if the transport is not available
     */
    public static Class<? extends Channel> channelType() {
        ensureAvailability();
        return Platform.current() == Platform.WINDOWS ? WindowsProcessChannel.class : UnixProcessChannel.class;
    }
}
