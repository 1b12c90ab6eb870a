/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process;

import io.netty.channel.Channel;
import io.nettyipc.base.os.Availability;
import io.nettyipc.base.os.NativeAccess;
import io.nettyipc.base.os.Platform;
import io.nettyipc.process.unix.UnixFifoChannel;

/**
 * FIFOs of the file system (named pipes in the Unix sense) as a Netty transport.
 *
 * <pre>{@code
 * EventLoopGroup group = new MultiThreadIoEventLoopGroup(NamedPipe.newIoHandlerFactory());
 * new Bootstrap().group(group).channel(Fifo.channelType()).handler(reader).bind(FifoAddress.of("/run/app/log"));
 * new Bootstrap().group(group).channel(Fifo.channelType()).handler(writer).connect(FifoAddress.of("/run/app/log"));
 * }</pre>
 *
 * <p>The channels live on any event loop. One with epoll or io_uring watches them itself; for others one thread of this
 * transport waits for all of them.
 *
 * <p>All methods may be called from any thread. Loading this class never throws.
 */
public final class Fifo {
    private Fifo() {}

    /** Returns whether FIFOs can be used in this JVM: on Unix, where JNA can call the C library. */
    public static boolean isAvailable() {
        return unavailabilityCause() == null;
    }

    /**
     * Returns silently if FIFOs can be used.
     *
     * @throws UnsatisfiedLinkError if they cannot, with the reason as its cause
     */
    public static void ensureAvailability() {
        Availability.ensure("FIFOs are", unavailabilityCause());
    }

    /** Returns why FIFOs cannot be used in this JVM, or {@code null} if they can. */
    public static Throwable unavailabilityCause() {
        return Platform.current() == Platform.WINDOWS
                ? new UnsupportedOperationException("Windows has no FIFOs; use a named pipe")
                : NativeAccess.unavailabilityCause();
    }

    /**
     * Returns the channel type, whose channels are {@link FifoChannel}s.
     *
     * @throws UnsatisfiedLinkError if FIFOs are not available
     */
    public static Class<? extends Channel> channelType() {
        ensureAvailability();
        return UnixFifoChannel.class;
    }
}
