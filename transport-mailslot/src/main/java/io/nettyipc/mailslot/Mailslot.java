/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.mailslot;

import io.netty.channel.Channel;
import io.nettyipc.base.os.Availability;
import io.nettyipc.base.os.NativeAccess;
import io.nettyipc.base.os.Platform;
import io.nettyipc.mailslot.unix.UnixMailslotChannel;
import io.nettyipc.mailslot.windows.WindowsMailslotChannel;
import io.nettyipc.pipe.NamedPipe;

/**
 * Mailslots as a Netty transport: messages from any number of writers to one reader, in one direction.
 *
 * <pre>{@code
 * EventLoopGroup group = new MultiThreadIoEventLoopGroup(NamedPipe.newIoHandlerFactory());
 * new Bootstrap().group(group).channel(Mailslot.channelType()).handler(reader).bind(MailslotAddress.of("news"));
 * new Bootstrap().group(group).channel(Mailslot.channelType()).handler(writer).connect(MailslotAddress.of("news"));
 * }</pre>
 *
 * <p>On Windows they are the system's mailslots. On Linux they are datagram domain sockets. What differs: a Windows
 * mailslot takes messages until memory ends, while on Linux a writer waits, with its messages in the channel's outbound
 * buffer, once some ten messages are unread; a Linux message can't be longer than about the writer's {@code SO_SNDBUF}
 * (some 200 KiB); on Windows an unread message is lost when the last writer and the reader have closed, on Linux when
 * the reader has.
 *
 * <p>All methods may be called from any thread. Loading this class never throws.
 */
public final class Mailslot {
    private Mailslot() {}

    /** Returns whether mailslots can be used in this JVM. */
    public static boolean isAvailable() {
        return unavailabilityCause() == null;
    }

    /**
     * Returns silently if mailslots can be used.
     *
     * @throws UnsatisfiedLinkError if they cannot, with the reason as its cause
     */
    public static void ensureAvailability() {
        Availability.ensure("mailslots are", unavailabilityCause());
    }

    /** Returns why mailslots cannot be used in this JVM, or {@code null} if they can. */
    public static Throwable unavailabilityCause() {
        return switch (Platform.current()) {
            case WINDOWS -> NamedPipe.unavailabilityCause();
            case LINUX -> NativeAccess.unavailabilityCause();
            case BSD -> new UnsupportedOperationException("mailslots exist on Windows and Linux only");
        };
    }

    /**
     * Returns the channel type, whose channels are {@link MailslotChannel}s, for event loops of
     * {@link NamedPipe#newIoHandlerFactory()}.
     *
     * @throws UnsatisfiedLinkError if mailslots are not available
     */
    public static Class<? extends Channel> channelType() {
        ensureAvailability();
        return Platform.current() == Platform.WINDOWS ? WindowsMailslotChannel.class : UnixMailslotChannel.class;
    }
}
