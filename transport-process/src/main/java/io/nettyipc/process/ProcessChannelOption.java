/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process;

import io.netty.channel.ChannelOption;

/** Options of channels to child processes. */
public final class ProcessChannelOption<T> extends ChannelOption<T> {

    /**
     * What becomes of the child's standard error, {@link ProcessStderr#INHERIT} by default. Read by {@code connect}.
     */
    public static final ChannelOption<ProcessStderr> PROCESS_STDERR =
            valueOf(ProcessChannelOption.class, "PROCESS_STDERR");

    /**
     * How many milliseconds a child gets to end by itself, 5000 by default: after the channel has closed, and with it
     * the child's standard input, before it is asked to end; and again after it has been asked, before it is killed. 0
     * goes to the next step at once. See {@link ProcessChannel}.
     */
    public static final ChannelOption<Integer> PROCESS_EXIT_TIMEOUT_MILLIS =
            valueOf(ProcessChannelOption.class, "PROCESS_EXIT_TIMEOUT_MILLIS");

    /**
     * Whether the processes that the child has started are asked to end, and killed, with the child, true by default: a
     * launcher such as {@code npx} or {@code sh -c} is not what should end. With false they live on, for a child that
     * starts daemons. Read by {@code connect}.
     *
     * <p>On Linux they are found by a variable that the child has in its environment, {@code NETTYIPC_CHILD}, and that
     * all inherit, also after the child has ended. On Windows they are in a job with the child, which they may leave by
     * {@code CREATE_BREAKAWAY_FROM_JOB}. Where there is neither, those are found that are the child's descendants when
     * the channel closes, or when the child is asked to end or killed.
     */
    public static final ChannelOption<Boolean> PROCESS_TREE = valueOf(ProcessChannelOption.class, "PROCESS_TREE");

    /**
     * How many milliseconds after the child's end the channel takes what comes from other processes that have its
     * output, 5000 by default; -1 for no limit. Then the output counts as ended, as soon as nothing is left in it to be
     * read. Read when the child ends.
     */
    public static final ChannelOption<Integer> PROCESS_DRAIN_TIMEOUT_MILLIS =
            valueOf(ProcessChannelOption.class, "PROCESS_DRAIN_TIMEOUT_MILLIS");

    @SuppressWarnings("deprecation")
    private ProcessChannelOption() {
        super(null);
    }
}
