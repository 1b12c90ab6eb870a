/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process.unix;

import io.netty.channel.ChannelOption;
import io.netty.util.internal.ObjectUtil;
import io.nettyipc.base.channel.DescriptorChannelConfig;
import io.nettyipc.process.ProcessChannelOption;
import io.nettyipc.process.ProcessStderr;
import java.util.Map;

/** The configuration of a {@link UnixProcessChannel}. */
final class ProcessChannelConfig extends DescriptorChannelConfig {

    private volatile ProcessStderr stderr = ProcessStderr.INHERIT;
    private volatile int exitTimeoutMillis = 5000;

    ProcessChannelConfig(UnixProcessChannel channel) {
        super(channel);
    }

    ProcessStderr stderr() {
        return stderr;
    }

    int exitTimeoutMillis() {
        return exitTimeoutMillis;
    }

    @Override
    public Map<ChannelOption<?>, Object> getOptions() {
        return getOptions(
                super.getOptions(),
                ProcessChannelOption.PROCESS_STDERR,
                ProcessChannelOption.PROCESS_EXIT_TIMEOUT_MILLIS);
    }

    @SuppressWarnings("unchecked")
    @Override
    public <T> T getOption(ChannelOption<T> option) {
        if (option == ProcessChannelOption.PROCESS_STDERR) {
            return (T) stderr;
        }
        if (option == ProcessChannelOption.PROCESS_EXIT_TIMEOUT_MILLIS) {
            return (T) Integer.valueOf(exitTimeoutMillis);
        }
        return super.getOption(option);
    }

    @Override
    public <T> boolean setOption(ChannelOption<T> option, T value) {
        validate(option, value);
        if (option == ProcessChannelOption.PROCESS_STDERR) {
            stderr = (ProcessStderr) value;
        } else if (option == ProcessChannelOption.PROCESS_EXIT_TIMEOUT_MILLIS) {
            exitTimeoutMillis = ObjectUtil.checkPositiveOrZero((Integer) value, "exitTimeoutMillis");
        } else {
            return super.setOption(option, value);
        }
        return true;
    }
}
