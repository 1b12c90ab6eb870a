/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe;

import io.netty.buffer.ByteBuf;
import io.netty.channel.unix.DomainSocketChannel;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.Future;
import java.util.concurrent.Callable;

/**
 * One end of a connection over a Windows pipe: what it can do beyond a channel of bytes or messages. On Windows the
 * channels of {@link NamedPipe#channelType()} and {@link NamedPipe#messageChannelType()} are of this type, and those
 * that a server accepts; on Unix none is.
 *
 * <p>It is a {@link DomainSocketChannel}, because frameworks ask for that type, but a pipe has no descriptor: neither
 * is one passed ({@code DOMAIN_SOCKET_READ_MODE} is {@code BYTES}), nor does {@link #fd()} return an open one.
 *
 * <p>All methods may be called from any thread.
 */
public interface NamedPipeChannel extends DomainSocketChannel {

    /** Returns a closed descriptor that is no file's. */
    @Override
    FileDescriptor fd();

    /** The pipe; both ends have the same address. */
    @Override
    NamedPipeAddress localAddress();

    /** The pipe; both ends have the same address. */
    @Override
    NamedPipeAddress remoteAddress();

    @Override
    NamedPipeChannelConfig config();

    /**
     * Sends a message and takes the next one that arrives as the reply, as {@code TransactNamedPipe} does. Requests are
     * sent in the order of the calls and after what was written before; what is written after waits for the reply.
     *
     * <p>It needs an end that reads messages ({@link NamedPipeChannelOption#PIPE_READ_MODE}), reads and writes.
     * Messages that the peer sends of its own accord should have been read before: with one in the pipe the transaction
     * fails, with {@code ERROR_PIPE_BUSY} and nothing sent, and one that comes after the request can't be told from the
     * reply.
     *
     * <p>A reply that is longer than allowed fails the future with a {@link MessageTooLongException} and is dropped.
     * After a timeout the channel closes, because a late reply would be taken for the next request's.
     *
     * @param request the message, whose reference passes to the channel
     * @param maxReplyLength the longest reply, in bytes; a buffer of this size is allocated
     * @param timeoutMillis after how many milliseconds it fails with a {@link java.util.concurrent.TimeoutException}; 0
     *     for never
     * @return the reply, to be released by whoever takes it
     * @see <a href="https://learn.microsoft.com/windows/win32/api/namedpipeapi/nf-namedpipeapi-transactnamedpipe">
     *     TransactNamedPipe</a>
     */
    Future<ByteBuf> transact(ByteBuf request, int maxReplyLength, long timeoutMillis);

    /**
     * Returns what is there to be read, as {@code PeekNamedPipe} tells it, and without reading it. What is passed on
     * already is not counted.
     */
    Future<NamedPipeAvailable> available();

    /**
     * Asks Windows about the pipe and this end of it.
     *
     * @throws java.nio.channels.NotYetConnectedException if it is not connected yet
     * @throws io.netty.channel.ChannelException          if it is closed, or the system refuses to answer
     */
    NamedPipeInfo info();

    /**
     * Acts in the name of the client, as far as it allows that ({@link NamedPipeChannelOption#PIPE_IMPERSONATION}). The
     * action runs on a thread of its own, which impersonates the client ({@code ImpersonateNamedPipeClient}), reverts
     * ({@code RevertToSelf}) and ends: the client's token can't stay with an event loop or with a thread of a pool.
     * Threads and tasks that the action starts are not the client's.
     *
     * <p>Windows knows a client only once the server has read something from it.
     *
     * @return what the action returned; fails with what it threw, with an {@link java.io.IOException} if Windows
     *     refuses, and with {@link UnsupportedOperationException} at the client's end
     * @see <a href="https://learn.microsoft.com/windows/win32/ipc/impersonating-a-named-pipe-client">Impersonating a
     *     Named Pipe Client</a>
     */
    <T> Future<T> runAsClient(Callable<T> action);

    /**
     * Asks who the client is, by its token. Unlike {@link NamedPipe#peer}, which looks at the process, this is who it
     * was when it opened the pipe, and it is proof against a process id that is somebody else's by now.
     *
     * @return the client's user; fails as {@link #runAsClient}
     */
    Future<NamedPipeUser> clientUser();
}
