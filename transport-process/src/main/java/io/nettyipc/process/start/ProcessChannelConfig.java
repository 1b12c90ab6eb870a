/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process.start;

import io.netty.channel.Channel;
import io.netty.util.internal.ObjectUtil;
import io.nettyipc.base.channel.HalfClosureConfig;
import io.nettyipc.base.channel.OptionTable;
import io.nettyipc.process.ProcessChannelOption;
import io.nettyipc.process.ProcessStderr;

/** The configuration of a {@link io.nettyipc.process.ProcessChannel}. */
public final class ProcessChannelConfig extends HalfClosureConfig {

    private static final OptionTable<ProcessChannelConfig> OPTIONS = OptionTable.<ProcessChannelConfig>of(
                    HalfClosureConfig.OPTIONS)
            .with(
                    ProcessChannelOption.PROCESS_STDERR,
                    ProcessChannelConfig::stderr,
                    (config, value) -> config.stderr = value)
            .with(
                    ProcessChannelOption.PROCESS_EXIT_TIMEOUT_MILLIS,
                    ProcessChannelConfig::exitTimeoutMillis,
                    ProcessChannelConfig::setExitTimeoutMillis)
            .with(
                    ProcessChannelOption.PROCESS_TREE,
                    ProcessChannelConfig::isTree,
                    (config, value) -> config.tree = value)
            .with(
                    ProcessChannelOption.PROCESS_DRAIN_TIMEOUT_MILLIS,
                    ProcessChannelConfig::drainTimeoutMillis,
                    ProcessChannelConfig::setDrainTimeoutMillis);

    private volatile ProcessStderr stderr = ProcessStderr.INHERIT;
    private volatile int exitTimeoutMillis = 5000;
    private volatile boolean tree = true;
    private volatile int drainTimeoutMillis = 5000;

    public ProcessChannelConfig(Channel channel) {
        super(channel, OPTIONS);
    }

    /** See {@link ProcessChannelOption#PROCESS_STDERR}. */
    public ProcessStderr stderr() {
        return stderr;
    }

    /** See {@link ProcessChannelOption#PROCESS_EXIT_TIMEOUT_MILLIS}. */
    public int exitTimeoutMillis() {
        return exitTimeoutMillis;
    }

    private void setExitTimeoutMillis(int exitTimeoutMillis) {
        this.exitTimeoutMillis = ObjectUtil.checkPositiveOrZero(exitTimeoutMillis, "exitTimeoutMillis");
    }

    /** See {@link ProcessChannelOption#PROCESS_TREE}. */
    public boolean isTree() {
        return tree;
    }

    /** See {@link ProcessChannelOption#PROCESS_DRAIN_TIMEOUT_MILLIS}. */
    public int drainTimeoutMillis() {
        return drainTimeoutMillis;
    }

    private void setDrainTimeoutMillis(int drainTimeoutMillis) {
        if (drainTimeoutMillis < -1) {
            throw new IllegalArgumentException(
                    "drainTimeoutMillis: " + drainTimeoutMillis + " (expected: milliseconds, or -1 for no limit)");
        }
        this.drainTimeoutMillis = drainTimeoutMillis;
    }

    void closeChannel() {
        channel.close();
    }
}
