/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe;

import io.netty.channel.ChannelOption;

/**
 * Options of Windows pipes. Those marked "server" are for {@link io.netty.bootstrap.ServerBootstrap#option}, and are
 * read when the channel binds; those marked "client" are for {@link io.netty.bootstrap.Bootstrap#option}, and are read
 * when it connects.
 *
 * <p>On Unix the channels are Netty's own and don't know these options; a bootstrap logs that and goes on.
 */
public final class NamedPipeChannelOption<T> extends ChannelOption<T> {

    /**
     * Server: how many pipe instances wait for clients, the pipe's counterpart of a socket's backlog; 1 to 254, 16 by
     * default. A client that comes while none is free is told {@code ERROR_PIPE_BUSY} and tries again until its connect
     * timeout. {@link ChannelOption#SO_BACKLOG} sets it too, limited to 64, since frameworks set it blindly to values
     * that suit sockets only.
     */
    public static final ChannelOption<Integer> PIPE_PENDING_INSTANCES =
            valueOf(NamedPipeChannelOption.class, "PIPE_PENDING_INSTANCES");

    /**
     * Server: how many instances the pipe may have in all, pending and connected; 1 to 254, or 255 for no limit, the
     * default. At the limit clients are told {@code ERROR_PIPE_BUSY} until a connection ends.
     */
    public static final ChannelOption<Integer> PIPE_MAX_INSTANCES =
            valueOf(NamedPipeChannelOption.class, "PIPE_MAX_INSTANCES");

    /**
     * Server: bytes that a client may write before the server reads them, 65536 by default. With 0 each write waits for
     * its read. The kernel takes them from the nonpaged pool as they are used.
     */
    public static final ChannelOption<Integer> PIPE_IN_QUOTA = valueOf(NamedPipeChannelOption.class, "PIPE_IN_QUOTA");

    /** Server: bytes that the server may write before the client reads them, 65536 by default. */
    public static final ChannelOption<Integer> PIPE_OUT_QUOTA = valueOf(NamedPipeChannelOption.class, "PIPE_OUT_QUOTA");

    /**
     * Server: whether binding fails when a pipe of that name exists already, true by default. With false the server
     * adds its instances to those of another process, which has to allow it: to hand a name over while the old server's
     * connections live on.
     */
    public static final ChannelOption<Boolean> PIPE_FIRST_INSTANCE =
            valueOf(NamedPipeChannelOption.class, "PIPE_FIRST_INSTANCE");

    /** Server: whether clients from other machines are refused, true by default. */
    public static final ChannelOption<Boolean> PIPE_REJECT_REMOTE =
            valueOf(NamedPipeChannelOption.class, "PIPE_REJECT_REMOTE");

    /** Server: who may connect, {@link NamedPipeSecurity#CURRENT_USER} by default. */
    public static final ChannelOption<NamedPipeSecurity> PIPE_SECURITY =
            valueOf(NamedPipeChannelOption.class, "PIPE_SECURITY");

    /**
     * Server: the direction of its ends of the pipe. Client: the access it asks for. {@link NamedPipeAccess#DUPLEX} by
     * default.
     */
    public static final ChannelOption<NamedPipeAccess> PIPE_ACCESS =
            valueOf(NamedPipeChannelOption.class, "PIPE_ACCESS");

    /** Client: what the server may do with its identity, {@link NamedPipeImpersonation#IDENTIFICATION} by default. */
    public static final ChannelOption<NamedPipeImpersonation> PIPE_IMPERSONATION =
            valueOf(NamedPipeChannelOption.class, "PIPE_IMPERSONATION");

    /**
     * Server: whether its pipe carries bytes or messages, {@link NamedPipeMode#BYTE} by default. On a pipe of type
     * {@link NamedPipeMode#MESSAGE} each {@link io.netty.buffer.ByteBuf} that is written is one message, at both ends.
     */
    public static final ChannelOption<NamedPipeMode> PIPE_TYPE = valueOf(NamedPipeChannelOption.class, "PIPE_TYPE");

    /**
     * Client, and child of a server ({@code childOption}): whether this end reads bytes or messages. By default a
     * client reads bytes, whatever the pipe's type, and an accepted channel reads what its server's {@link #PIPE_TYPE}
     * is.
     *
     * <p>An end that reads {@link NamedPipeMode#MESSAGE messages} gets each one as a {@link io.netty.buffer.ByteBuf}
     * or, if it is longer than the receive buffer, as {@link NamedPipeMessagePart}s; an empty message is an empty
     * buffer. Writing an empty buffer sends an empty message. On a pipe of type byte it fails the connect, or closes
     * the accepted channel, with {@code ERROR_INVALID_PARAMETER} and the reason.
     *
     * <p>An end that reads {@link NamedPipeMode#BYTE bytes} sees no boundaries; empty messages mean nothing to it and
     * it sends none.
     */
    public static final ChannelOption<NamedPipeMode> PIPE_READ_MODE =
            valueOf(NamedPipeChannelOption.class, "PIPE_READ_MODE");

    /**
     * Client, and child of a server ({@code childOption}): whether an empty message means that its sender will write no
     * more, as go-winio, Docker and WCF have it; false by default. Both ends have to know. It needs a pipe whose type
     * is {@link NamedPipeMode#MESSAGE}; how this end reads doesn't matter.
     *
     * <p>With it {@code shutdownOutput()} sends the empty message once the peer has read everything before, since it
     * would be lost among bytes that are unread. An empty message that arrives ends the input: with
     * {@link ChannelOption#ALLOW_HALF_CLOSURE} as a {@link io.netty.channel.socket.ChannelInputShutdownEvent}, without
     * by closing the channel. Writing an empty buffer sends nothing.
     */
    public static final ChannelOption<Boolean> PIPE_HALF_CLOSE =
            valueOf(NamedPipeChannelOption.class, "PIPE_HALF_CLOSE");

    @SuppressWarnings("deprecation")
    private NamedPipeChannelOption() {
        super(null);
    }
}
