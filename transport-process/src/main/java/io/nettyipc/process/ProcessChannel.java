/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process;

import io.netty.channel.socket.DuplexChannel;
import io.netty.util.concurrent.Future;

/**
 * A channel to a child process: what is written goes to its standard input, what is read comes from its standard
 * output.
 *
 * <p><b>End of output.</b> When the child closes its standard output, by ending for example, the channel closes or,
 * with {@code ALLOW_HALF_CLOSURE}, only its input is shut down. Processes that the child has started may keep its
 * output open after its end, for {@link ProcessChannelOption#PROCESS_DRAIN_TIMEOUT_MILLIS} at most; the exit code is
 * told at once. When the child closes its standard input, the channel's output is shut down with a
 * {@link io.netty.channel.socket.ChannelOutputShutdownEvent}.
 *
 * <p><b>End of input.</b> {@code shutdownOutput()} ends the child's standard input, fails what has not been written
 * yet, and leaves its output open: most filters then write what is left, and end.
 *
 * <p>{@code shutdown()} ends both and leaves the channel open: {@code close} it to have the child ended.
 *
 * <p><b>Termination</b> takes a bounded time. When the channel closes, the child meets the end of its standard input
 * and, if it still writes, a broken pipe. A child that is still there after
 * {@link ProcessChannelOption#PROCESS_EXIT_TIMEOUT_MILLIS} is asked to end (SIGTERM on Unix), and killed after the same
 * time again. {@link #terminate()} asks at once. Processes that the child has started are ended with it, unless
 * {@link ProcessChannelOption#PROCESS_TREE} is off; the same steps are for those of them that are left when the child
 * has ended by itself.
 *
 * <p>Children end with the JVM, by {@code System.exit}, by SIGTERM, or when its last thread has ended: the channel is
 * closed, and each step takes a second at most, during which the JVM waits. When a JVM is killed Windows kills its
 * children, and what they have started unless {@link ProcessChannelOption#PROCESS_TREE} is off. On Unix (SIGKILL) their
 * standard input ends and nothing more: a child that doesn't read it lives on.
 *
 * <p>The child gets its three standard streams and no other descriptor or handle, and neither do other children get
 * those of this channel.
 *
 * @see ChildProcess
 */
public interface ProcessChannel extends DuplexChannel {

    /** Returns the program, {@code null} before {@code connect}. */
    @Override
    ProcessAddress remoteAddress();

    /**
     * Returns the child.
     *
     * @throws java.nio.channels.NotYetConnectedException before it is started
     */
    ProcessHandle process();

    /**
     * Returns the future of the exit code. It is done when the child has ended, whatever has become of the channel; it
     * fails if the program could not be started. On Unix the code of a child that a signal killed is 128 and the
     * signal's number. Its listeners are called by a daemon thread of this transport, one for all, since the event loop
     * may have ended before: they must not block.
     */
    Future<Integer> exitFuture();

    /**
     * Asks the child to end, and kills it after {@link ProcessChannelOption#PROCESS_EXIT_TIMEOUT_MILLIS}. Windows has
     * no way to ask: there it is the same as {@link #kill()}. May be called by any thread.
     *
     * @return {@link #exitFuture()}
     */
    Future<Integer> terminate();

    /**
     * Kills the child. May be called by any thread.
     *
     * @return {@link #exitFuture()}
     */
    Future<Integer> kill();
}
