/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.nettyipc.pipe.NamedPipeChannelOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Options for a channel that is created later. */
final class PendingOptions {

    private final Map<ChannelOption<?>, Object> options = new ConcurrentHashMap<>();

    /** Takes an option if it is one of those that concern accepting. */
    boolean put(ChannelOption<?> option, Object value) {
        if (option != ChannelOption.SO_BACKLOG && !(option instanceof NamedPipeChannelOption)) {
            return false;
        }
        options.put(option, value);
        return true;
    }

    @SuppressWarnings("unchecked")
    void applyTo(ChannelConfig config) {
        options.forEach((option, value) -> config.setOption((ChannelOption<Object>) option, value));
    }
}
