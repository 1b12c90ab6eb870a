/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.nettyipc.shm.control.Link;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** What a {@link io.netty.channel.FileRegion} is transferred to: takes as much as the ring has room for. */
final class RingByteChannel implements WritableByteChannel {

    private final Link link;

    RingByteChannel(Link link) {
        this.link = link;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        return link.writer().write(source);
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {
        // The channel closes the link.
    }
}
