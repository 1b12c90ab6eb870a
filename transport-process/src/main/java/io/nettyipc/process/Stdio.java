/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.nettyipc.base.loop.EventLoops;
import io.nettyipc.base.os.Availability;
import io.nettyipc.base.os.NativeAccess;
import io.nettyipc.base.os.Platform;
import io.nettyipc.process.unix.UnixStdioChannel;
import io.nettyipc.process.windows.WindowsStdioChannel;

/**
 * This process's own standard input and output as a channel: for a language server, an MCP server or a filter.
 *
 * <pre>{@code
 * EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, Stdio.newIoHandlerFactory());
 * new Bootstrap().group(group).channel(Stdio.channelType()).handler(init).connect(StdioAddress.INSTANCE);
 * }</pre>
 *
 * <p><b>The channel takes the streams over.</b> From {@code connect} on, and also after it has closed,
 * {@code System.in} is empty (what it had read ahead is what the channel reads first; nobody may be reading from it at
 * that moment), and what this process writes to {@code System.out}, or its libraries to descriptor 1, goes to standard
 * error: a stray line would corrupt the protocol. Children get the same. So only one channel can be connected in the
 * life of a process; a second {@code connect} fails.
 *
 * <p><b>The end of standard input</b> shuts the channel's input down, since the output is another stream: replies that
 * are still to be taken, or computed, are not lost. The application closes the channel behind the last one; if it
 * doesn't, the channel closes {@link StdioChannelOption#STDIO_END_TIMEOUT_MILLIS} after the last write. With
 * {@code ALLOW_HALF_CLOSURE} set to true it stays open until it is closed, and with false the end of the input closes
 * it at once.
 *
 * <p>Pipes, terminals, sockets and regular files will do. A pipe or terminal is opened anew where the system allows it
 * (Linux), so that what others share with this process doesn't become non-blocking; where it can't be, it is blocking
 * again when the channel has closed or the JVM ends.
 *
 * <p>When nobody reads standard output any more, the channel closes, as a filter ends:
 * {@code producer | filter | head}. With {@code AUTO_CLOSE} off it shuts its output down instead, with a
 * {@link io.netty.channel.socket.ChannelOutputShutdownEvent}, and reads on. What the channel shuts down itself, both
 * directions too, leaves it open until it is closed.
 *
 * <p>On Unix the channel lives on any event loop. On Windows it needs one of {@link #newIoHandlerFactory()}, or of
 * named pipes, and has a thread for each of the two streams, which others give a process for blocking calls; one buffer
 * is read ahead at most. When the channel closes, or its output is shut down, what was flushed before is written if
 * somebody reads it within a second and the event loop goes on. That nobody reads any more shows with the next write. A
 * console gives and takes characters of its code page.
 *
 * <p>All methods may be called from any thread. Loading this class never throws.
 */
public final class Stdio {
    private Stdio() {}

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
        Availability.ensure("the channel of standard input and output is", unavailabilityCause());
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
     * Returns the channel type, whose channels are {@link io.netty.channel.socket.DuplexChannel}s.
     *
     * @throws UnsatisfiedLinkError if the transport is not available
     */
    public static Class<? extends Channel> channelType() {
        ensureAvailability();
        return Platform.current() == Platform.WINDOWS ? WindowsStdioChannel.class : UnixStdioChannel.class;
    }
}
