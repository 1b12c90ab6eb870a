/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.micrometer;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.nettyipc.shm.ShmServerChannel;
import io.nettyipc.shm.ShmServerMetrics;
import java.util.function.ToDoubleFunction;

/**
 * What a server of shared memory has counted.
 *
 * <table>
 * <caption>Meters</caption>
 * <tr><th>name</th><th>tags</th><th></th></tr>
 * <tr><td>{@code nettyipc.shm.server.connections}</td><td>{@code outcome}: accepted, refused</td><td>counter</td></tr>
 * <tr><td>{@code nettyipc.shm.server.handshakes}</td><td></td><td>gauge: under way, or waiting for that</td></tr>
 * <tr><td>{@code nettyipc.shm.server.memory}</td><td></td><td>gauge: bytes of shared memory that clients have</td></tr>
 * </table>
 *
 * <p>The registry holds the server weakly.
 *
 * @see ShmServerMetrics
 */
public final class ShmServerMeters implements MeterBinder {

    private static final String PREFIX = "nettyipc.shm.server.";

    private final ShmServerChannel server;
    private final Tags tags;

    /**
     * Of one server.
     *
     * @param tags of all meters, to tell this server from others
     */
    public ShmServerMeters(ShmServerChannel server, Iterable<Tag> tags) {
        this.server = server;
        this.tags = Tags.of(tags);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        count(registry, "accepted", ShmServerMetrics::accepted);
        count(registry, "refused", ShmServerMetrics::refused);
        gauge(registry, "handshakes", null, "under way, or waiting for that", ShmServerMetrics::handshakes);
        gauge(registry, "memory", BaseUnits.BYTES, "shared memory that clients have", ShmServerMetrics::memory);
    }

    private void count(MeterRegistry registry, String outcome, ToDoubleFunction<ShmServerMetrics> value) {
        FunctionCounter.builder(PREFIX + "connections", server, each -> value.applyAsDouble(each.metrics()))
                .tags(tags.and("outcome", outcome))
                .baseUnit(BaseUnits.CONNECTIONS)
                .description("clients whose handshake has succeeded, or has not")
                .register(registry);
    }

    private void gauge(
            MeterRegistry registry,
            String name,
            String unit,
            String description,
            ToDoubleFunction<ShmServerMetrics> value) {
        Gauge.builder(PREFIX + name, server, each -> value.applyAsDouble(each.metrics()))
                .tags(tags)
                .baseUnit(unit)
                .description(description)
                .register(registry);
    }
}
