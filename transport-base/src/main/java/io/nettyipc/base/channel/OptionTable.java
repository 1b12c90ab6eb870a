/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.channel;

import io.netty.channel.ChannelOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The options of a class of configurations beside those of all channels: each with its getter and its setter.
 * Immutable; made once for the class.
 *
 * @param <C> the class of configurations
 */
public final class OptionTable<C> {
    private final Map<ChannelOption<?>, Access<?, ?>> accesses;

    private record Access<C, T>(Function<C, T> getter, BiConsumer<C, T> setter) {}

    private OptionTable(Map<ChannelOption<?>, Access<?, ?>> accesses) {
        this.accesses = accesses;
    }

    /** An empty one. */
    public static <C> OptionTable<C> empty() {
        return new OptionTable<>(Map.of());
    }

    /** A table for a class that has the options of its superclass. */
    public static <C> OptionTable<C> of(OptionTable<? super C> inherited) {
        return new OptionTable<>(inherited.accesses);
    }

    /** This table and one option more. */
    public <T> OptionTable<C> with(ChannelOption<T> option, Function<C, T> getter, BiConsumer<C, T> setter) {
        Map<ChannelOption<?>, Access<?, ?>> more = new LinkedHashMap<>(accesses);
        more.put(option, new Access<>(getter, setter));
        return new OptionTable<>(more);
    }

    ChannelOption<?>[] options() {
        return accesses.keySet().toArray(new ChannelOption<?>[0]);
    }

    boolean contains(ChannelOption<?> option) {
        return accesses.containsKey(option);
    }

    <T> T get(C config, ChannelOption<T> option) {
        return access(option).getter.apply(config);
    }

    <T> void set(C config, ChannelOption<T> option, T value) {
        access(option).setter.accept(config, value);
    }

    @SuppressWarnings("unchecked") // with() puts in an option and an access of the same type.
    private <T> Access<C, T> access(ChannelOption<T> option) {
        return (Access<C, T>) accesses.get(option);
    }
}
