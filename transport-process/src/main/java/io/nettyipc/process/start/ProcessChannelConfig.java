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
                    ProcessChannelConfig::setExitTimeoutMillis);

    private volatile ProcessStderr stderr = ProcessStderr.INHERIT;
    private volatile int exitTimeoutMillis = 5000;

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
}
