/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.control;

import io.netty.channel.Channel;
import io.netty.channel.unix.UnixChannel;
import io.nettyipc.base.os.Descriptor;
import io.nettyipc.base.os.LibC;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipePeer;
import java.io.IOException;
import java.nio.file.Path;

/** The socket of a control connection, which one of Netty's channels has connected or accepted. */
interface ControlSocket {

    int number();

    /** As {@link ControlConnection#directory}. */
    Path directory();

    /** As {@link ControlConnection#peer}. */
    NamedPipePeer peer();

    /** Does nothing the second time. */
    void close();

    /**
     * The socket of a channel that is not registered, so that nobody else reads it. The channel only keeps it from now
     * on.
     */
    static ControlSocket of(Channel channel) {
        return new OfChannel(channel);
    }

    /**
     * A socket of its own from a channel that is registered with io_uring, where a channel has operations under way and
     * ends them and itself only by and by. The channel closes, which its peer doesn't notice.
     *
     * @throws IOException if there can't be another descriptor; the channel closes in any case
     */
    static ControlSocket takenFrom(Channel channel) throws IOException {
        try {
            Path directory = ControlConnection.directoryOf(channel);
            NamedPipePeer peer = NamedPipe.peer(channel);
            int number = LibC.fcntl(((UnixChannel) channel).fd().intValue(), LibC.F_DUPFD_CLOEXEC, 0);
            if (number < 0) {
                throw LibC.error("fcntl(F_DUPFD_CLOEXEC)");
            }
            return new Taken(new Descriptor(number, true), directory, peer);
        } finally {
            channel.close();
        }
    }

    /** See {@link #of}. */
    record OfChannel(Channel channel) implements ControlSocket {

        @Override
        public int number() {
            return ((UnixChannel) channel).fd().intValue();
        }

        @Override
        public Path directory() {
            return ControlConnection.directoryOf(channel);
        }

        @Override
        public NamedPipePeer peer() {
            return NamedPipe.peer(channel);
        }

        @Override
        public void close() {
            channel.unsafe().closeForcibly();
        }
    }

    /** See {@link #takenFrom}. */
    record Taken(Descriptor descriptor, Path directory, NamedPipePeer peer) implements ControlSocket {

        @Override
        public int number() {
            return descriptor.number();
        }

        @Override
        public void close() {
            descriptor.close();
        }
    }
}
