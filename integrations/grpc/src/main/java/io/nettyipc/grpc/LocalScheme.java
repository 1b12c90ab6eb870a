/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.grpc;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipeAddress;
import io.nettyipc.shm.Shm;
import io.nettyipc.shm.ShmAddress;
import java.net.SocketAddress;

/**
 * What a scheme of a target stands for: {@code npipe} for named pipes, {@code shm} for shared memory. Each is a class
 * of its own and made when it is asked for, because an application may have left out the module behind it.
 */
abstract class LocalScheme {

    static final String PIPE = "npipe";
    static final String SHM = "shm";

    private final String name;
    private final SharedLoops loops = new SharedLoops(this);

    private LocalScheme(String name) {
        this.name = name;
    }

    /**
     * Returns what a scheme stands for.
     *
     * @throws MissingTransportException if its module is not there or cannot be used in this JVM
     * @throws IllegalArgumentException if it is neither of the two
     */
    static LocalScheme of(String name) throws MissingTransportException {
        LocalScheme scheme;
        try {
            scheme = switch (String.valueOf(name)) {
                case PIPE -> Pipes.INSTANCE;
                case SHM -> SharedMemory.INSTANCE;
                default ->
                    throw new IllegalArgumentException("the scheme '" + name + "' is not a local transport's: write "
                            + PIPE + ":orders for a named pipe or " + SHM + ":orders for shared memory");
            };
            Throwable cause = scheme.unavailabilityCause();
            if (cause != null) {
                throw new MissingTransportException(name, cause);
            }
        } catch (LinkageError e) {
            throw new MissingTransportException(name, e);
        }
        return scheme;
    }

    final String name() {
        return name;
    }

    /** The event loops that all channels and servers of this scheme share. */
    final SharedLoops loops() {
        return loops;
    }

    abstract Throwable unavailabilityCause();

    /**
     * Returns the address of a name, or of what else the transport's address takes.
     *
     * @throws IllegalArgumentException if it is none
     */
    abstract SocketAddress address(String text);

    abstract IoHandlerFactory newIoHandlerFactory();

    abstract Class<? extends Channel> channelType();

    abstract Class<? extends ServerChannel> serverChannelType();

    private static final class Pipes extends LocalScheme {

        static final LocalScheme INSTANCE = new Pipes();

        Pipes() {
            super(PIPE);
        }

        @Override
        Throwable unavailabilityCause() {
            return NamedPipe.unavailabilityCause();
        }

        @Override
        SocketAddress address(String text) {
            return NamedPipeAddress.of(text);
        }

        @Override
        IoHandlerFactory newIoHandlerFactory() {
            return NamedPipe.newIoHandlerFactory();
        }

        @Override
        Class<? extends Channel> channelType() {
            return NamedPipe.channelType();
        }

        @Override
        Class<? extends ServerChannel> serverChannelType() {
            return NamedPipe.serverChannelType();
        }
    }

    private static final class SharedMemory extends LocalScheme {

        static final LocalScheme INSTANCE = new SharedMemory();

        SharedMemory() {
            super(SHM);
        }

        @Override
        Throwable unavailabilityCause() {
            return Shm.unavailabilityCause();
        }

        @Override
        SocketAddress address(String text) {
            return ShmAddress.of(text);
        }

        @Override
        IoHandlerFactory newIoHandlerFactory() {
            return Shm.newIoHandlerFactory();
        }

        @Override
        Class<? extends Channel> channelType() {
            return Shm.channelType();
        }

        @Override
        Class<? extends ServerChannel> serverChannelType() {
            return Shm.serverChannelType();
        }
    }
}
