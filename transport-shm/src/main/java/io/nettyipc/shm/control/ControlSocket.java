/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.control;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.unix.UnixChannel;
import io.nettyipc.base.os.Descriptor;
import io.nettyipc.base.os.LibC;
import io.nettyipc.base.os.RuntimeDirectory;
import io.nettyipc.base.os.UnixSocket;
import io.nettyipc.base.os.UnixUsers;
import io.nettyipc.base.socket.SocketAddresses;
import io.nettyipc.pipe.NamedPipeAddress;
import io.nettyipc.pipe.NamedPipePeer;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** The socket of a control connection: one of its own, or of a channel that has connected or accepted it. */
interface ControlSocket {

    int number();

    /** As {@link ControlConnection#directory}. */
    Path directory();

    /** As {@link ControlConnection#peer}. */
    default NamedPipePeer peer() {
        int number = number();
        try {
            int[] peer = UnixSocket.peerCredentials(number);
            // It isn't told of a process in a pid namespace that this one doesn't see.
            int processId = peer[0] > 0 ? peer[0] : -1;
            int userId = peer[1];
            return new NamedPipePeer(
                    processId, -1, UnixUsers.nameOf(userId, processId), userId, UnixSocket.peerGroups(number, peer[2]));
        } catch (IOException e) {
            throw new ChannelException("the system does not tell who the peer is", e);
        }
    }

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
     * Connects a socket that no channel has.
     *
     * @return {@code null} if that can't be done, for whatever reason
     */
    static ControlSocket connect(NamedPipeAddress address) {
        String path = address.path();
        Descriptor socket;
        try {
            if (address.name() != null) {
                // Whoever owns the directory could have put a socket of its own there.
                RuntimeDirectory.containing(Path.of(path)).check();
            }
            socket = KeptMemory.orWithout(() -> UnixSocket.open(UnixSocket.STREAM));
        } catch (IOException | InvalidPathException e) {
            return null;
        }
        boolean connected = false;
        try {
            connected = UnixSocket.tryConnect(socket, path);
            return connected ? new Own(socket, path) : null;
        } catch (IOException e) {
            return null;
        } finally {
            if (!connected) {
                socket.close();
            }
        }
    }

    /**
     * A socket of its own from a channel that is registered with io_uring, where a channel has operations under way and
     * ends them and itself only by and by. The channel closes, which its peer doesn't notice.
     *
     * @throws IOException if there can't be another descriptor; the channel closes in any case
     */
    static ControlSocket takenFrom(Channel channel) throws IOException {
        try {
            String path = SocketAddresses.pathOf(channel.remoteAddress());
            int number = LibC.fcntl(((UnixChannel) channel).fd().intValue(), LibC.F_DUPFD_CLOEXEC, 0);
            if (number < 0) {
                throw LibC.error("fcntl(F_DUPFD_CLOEXEC)");
            }
            return new Own(new Descriptor(number, true), path);
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
        public void close() {
            channel.unsafe().closeForcibly();
        }
    }

    /** A client's. */
    record Own(Descriptor descriptor, String path) implements ControlSocket {

        @Override
        public int number() {
            return descriptor.number();
        }

        @Override
        public Path directory() {
            return ControlConnection.directoryOf(path);
        }

        @Override
        public void close() {
            descriptor.close();
        }
    }
}
