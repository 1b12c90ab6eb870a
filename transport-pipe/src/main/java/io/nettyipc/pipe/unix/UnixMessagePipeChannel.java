/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.unix;

import io.nettyipc.base.channel.ConnectAttempt;
import io.nettyipc.base.channel.HalfClosureConfig;
import io.nettyipc.base.channel.MessageSocketChannel;
import io.nettyipc.base.os.Descriptor;
import io.nettyipc.base.os.LibC;
import io.nettyipc.base.os.UnixSocket;
import io.nettyipc.base.socket.SocketAddresses;
import io.nettyipc.pipe.MessageTooLongException;
import io.nettyipc.pipe.NamedPipePeer;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.ThreadLocalRandom;

/** One end of a connection over a domain socket that keeps boundaries ({@code SOCK_SEQPACKET}). */
public final class UnixMessagePipeChannel extends MessageSocketChannel {
    private static final int FIRST_RETRY_MILLIS = 1;
    private static final int MAX_RETRY_MILLIS = 20;

    private final HalfClosureConfig config = new HalfClosureConfig(this, OPTIONS);
    private volatile SocketAddress local;
    private volatile SocketAddress remote;

    /** For {@link io.netty.bootstrap.Bootstrap#channel}. */
    public UnixMessagePipeChannel() {
        super(null);
        pipeline().addFirst(new ConnectHandler(SeqpacketTransport.INSTANCE));
    }

    /** The server's end of an accepted connection. */
    UnixMessagePipeChannel(UnixMessagePipeServerChannel parent, Descriptor socket) {
        super(parent);
        local = parent.localAddress();
        adopt(socket, socket);
    }

    @Override
    public HalfClosureConfig config() {
        return config;
    }

    @Override
    protected SocketAddress localAddress0() {
        return local;
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return remote;
    }

    @Override
    protected void doConnect(SocketAddress remoteAddress, ConnectAttempt attempt) throws IOException {
        connect(remoteAddress, attempt, FIRST_RETRY_MILLIS);
    }

    private void connect(SocketAddress remoteAddress, ConnectAttempt attempt, int retryMillis) throws IOException {
        Descriptor socket = openSocket(UnixSocket.SEQPACKET);
        try {
            if (!UnixSocket.tryConnect(socket, SocketAddresses.pathOf(remoteAddress))) {
                socket.close();
                attempt.waitingFor("the server of " + PipeNames.describe(remoteAddress)
                        + " does not accept connections, and its backlog is full");
                attempt.retryIn(
                        retryMillis + ThreadLocalRandom.current().nextInt(retryMillis),
                        () -> retry(remoteAddress, attempt, Math.min(MAX_RETRY_MILLIS, 2 * retryMillis)));
                return;
            }
            remote = remoteAddress;
            activate(socket, socket);
        } catch (Throwable t) {
            socket.close();
            attempt.fail(t);
            return;
        }
        attempt.succeed();
    }

    private void retry(SocketAddress remoteAddress, ConnectAttempt attempt, int retryMillis) {
        try {
            connect(remoteAddress, attempt, retryMillis);
        } catch (IOException e) {
            attempt.fail(e);
        }
    }

    @Override
    protected IOException messageTooLong(String message, long limit) {
        return new MessageTooLongException(message, limit);
    }

    @Override
    protected boolean isEnd() {
        // Only asked for what looks like one, an empty message or the end.
        return input().hasHappened(LibC.POLLRDHUP) && input().available() == 0;
    }

    NamedPipePeer peer() throws IOException {
        Descriptor socket = input();
        if (socket == null || !isOpen()) {
            throw new ClosedChannelException();
        }
        int[] credentials = UnixSocket.peerCredentials(socket.number());
        return UnixTransport.peer(
                credentials[0], credentials[1], UnixSocket.peerGroups(socket.number(), credentials[2]));
    }
}
