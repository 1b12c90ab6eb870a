/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process.start;

import io.netty.channel.Channel;
import io.nettyipc.base.channel.ConnectAttempt;
import io.nettyipc.process.ProcessAddress;
import io.nettyipc.process.ProcessStderr;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.RejectedExecutionException;

/**
 * A channel's child: the owner of its address, of its start, and by {@link ProcessTermination} of its end. What returns
 * something may be called by any thread.
 */
public final class Child {
    private final Channel channel;
    private final ProcessChannelConfig config;
    private final ProcessTermination termination;
    private boolean starting;
    private volatile ProcessAddress address;

    /** For a child that isn't started yet. */
    public Child(Channel channel, ProcessChannelConfig config) {
        this.channel = channel;
        this.config = config;
        termination = new ProcessTermination(config);
    }

    /** The program; null before {@link #start}. */
    public ProcessAddress address() {
        return address;
    }

    /** Its end, and what {@link io.nettyipc.process.ProcessChannel} tells of it. */
    public ProcessTermination termination() {
        return termination;
    }

    /**
     * Starts it in the background, and then completes the attempt. To be called by {@code doConnect}.
     *
     * @throws IllegalArgumentException if the address names no program
     * @throws IOException if there can be no pipes
     */
    public <P extends ChildPipes> void start(
            SocketAddress remoteAddress, ConnectAttempt attempt, ChildPipes.Opener<P> opener, ChildPipes.Use<P> use)
            throws IOException {
        ProcessAddress program = ProcessStart.require(remoteAddress);
        ProcessStderr stderr = config.stderr();
        P pipes = opener.open(stderr.handler() != null);
        starting = true;
        address = program;
        ProcessStart.inBackground(program, stderr, pipes::redirect, termination, failure -> {
            pipes.closeChildEnds();
            try {
                channel.eventLoop().execute(() -> started(attempt, stderr, pipes, use, failure));
            } catch (RejectedExecutionException e) {
                // The event loop has ended, and has closed the channel and failed the connect with it.
                pipes.close();
                termination.abandon(failure);
            }
        });
    }

    private <P extends ChildPipes> void started(
            ConnectAttempt attempt, ProcessStderr stderr, P pipes, ChildPipes.Use<P> use, Throwable failure) {
        starting = false;
        Throwable cause = failure != null || channel.isOpen() ? failure : new ClosedChannelException();
        if (cause == null) {
            try {
                use.begin(pipes, stderr);
            } catch (Throwable t) {
                cause = t;
            }
        }
        if (cause == null) {
            attempt.succeed();
            return;
        }
        termination.abandon(cause);
        // Closes the channel, and with it what that has taken of the pipes.
        attempt.fail(cause);
        pipes.close();
    }

    /** The channel has closed. */
    public void channelClosed() {
        // One that is just being started is abandoned when that is over.
        if (!starting) {
            termination.abandon(new ClosedChannelException());
        }
    }
}
