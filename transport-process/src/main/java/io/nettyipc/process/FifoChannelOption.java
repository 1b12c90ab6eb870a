/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process;

import io.netty.channel.ChannelOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/** Options of FIFOs. */
public final class FifoChannelOption<T> extends ChannelOption<T> {

    /**
     * Reader: whether it outlives its writers, true by default: writers come and go, and the channel stays. With false
     * it ends, or shuts its input down with {@link ChannelOption#ALLOW_HALF_CLOSURE}, when the last writer has closed;
     * it waits for the first one. Read when the channel binds.
     */
    public static final ChannelOption<Boolean> FIFO_STAY = valueOf(FifoChannelOption.class, "FIFO_STAY");

    /**
     * Reader: the permissions of the FIFO that it creates, {@code rw-------} by default. A FIFO that is there already
     * keeps its own. To write to it takes the permission to write, and to search its directory; that of names is for
     * its user only. Read when the channel binds.
     */
    public static final ChannelOption<Set<PosixFilePermission>> FIFO_PERMISSIONS =
            valueOf(FifoChannelOption.class, "FIFO_PERMISSIONS");

    /**
     * Reader: the group of the FIFO that it creates, a name or a number, which the process has to be a member of unless
     * it is privileged; none by default. Read when the channel binds.
     */
    public static final ChannelOption<String> FIFO_GROUP = valueOf(FifoChannelOption.class, "FIFO_GROUP");

    @SuppressWarnings("deprecation")
    private FifoChannelOption() {
        super(null);
    }
}
