/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.micrometer;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.netty.util.concurrent.EventExecutor;
import io.nettyipc.shm.Shm;
import io.nettyipc.shm.ShmChannelMetrics;
import io.nettyipc.shm.ShmLoopMetrics;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * What event loops with shared memory, and all the channels of each, have counted. Each loop has the tag {@code loop},
 * its place in the group, from 0 on.
 *
 * <table>
 * <caption>Meters</caption>
 * <tr><th>name</th><th>tags</th><th></th></tr>
 * <tr><td>{@code nettyipc.shm.channels}</td><td></td><td>gauge: connected channels</td></tr>
 * <tr><td>{@code nettyipc.shm.memory}</td><td></td><td>gauge: their shared memory, in bytes</td></tr>
 * <tr><td>{@code nettyipc.shm.bytes}</td><td>{@code direction}: read, written</td><td>counter</td></tr>
 * <tr><td>{@code nettyipc.shm.messages}</td><td>{@code direction}: read, written</td><td>counter: buffers</td></tr>
 * <tr><td>{@code nettyipc.shm.doorbells}</td><td>{@code direction}: rung, heard</td><td>counter</td></tr>
 * <tr><td>{@code nettyipc.shm.ring.full}</td><td></td><td>timer: waits for a peer to make room</td></tr>
 * <tr><td>{@code nettyipc.shm.loop.sleep}</td><td></td><td>timer: waits in a system call</td></tr>
 * <tr><td>{@code nettyipc.shm.loop.spin}</td><td>{@code outcome}: paid, vain</td><td>counter: seconds of looking
 *     at empty rings</td></tr>
 * </table>
 *
 * <p>The registry holds the loops weakly. Reading a meter takes the longer the more channels its loop has.
 *
 * @see ShmLoopMetrics
 */
public final class ShmLoopMeters implements MeterBinder {

    private static final String PREFIX = "nettyipc.shm.";

    private final Iterable<? extends EventExecutor> loops;
    private final Tags tags;

    /**
     * Of a group's loops.
     *
     * @param loops an {@code EventLoopGroup} that was made with a factory of {@link Shm}
     * @param tags  of all meters, to tell this group from others
     */
    public ShmLoopMeters(Iterable<? extends EventExecutor> loops, Iterable<Tag> tags) {
        this.loops = loops;
        this.tags = Tags.of(tags);
    }

    /**
     * Makes the meters.
     *
     * @throws IllegalArgumentException if one of the loops doesn't serve shared memory
     */
    @Override
    public void bindTo(MeterRegistry registry) {
        int number = 0;
        for (EventExecutor loop : loops) {
            Shm.metrics(loop);
            new Loop(registry, loop, tags.and("loop", String.valueOf(number++))).bind();
        }
    }

    /** One loop's meters. */
    private record Loop(MeterRegistry registry, EventExecutor loop, Tags tags) {

        void bind() {
            gauge(
                    "channels",
                    BaseUnits.CONNECTIONS,
                    "connected channels",
                    loop -> metrics(loop).channels());
            gauge(
                    "memory",
                    BaseUnits.BYTES,
                    "shared memory of the connected channels",
                    loop -> traffic(loop).memory());
            String bytes = "bytes that went through the rings";
            count(
                    "bytes",
                    "direction",
                    "read",
                    BaseUnits.BYTES,
                    bytes,
                    loop -> traffic(loop).bytesRead());
            count(
                    "bytes",
                    "direction",
                    "written",
                    BaseUnits.BYTES,
                    bytes,
                    loop -> traffic(loop).bytesWritten());
            String messages = "buffers that the pipelines got, and that were written to the rings";
            count(
                    "messages",
                    "direction",
                    "read",
                    BaseUnits.MESSAGES,
                    messages,
                    loop -> traffic(loop).messagesRead());
            count(
                    "messages",
                    "direction",
                    "written",
                    BaseUnits.MESSAGES,
                    messages,
                    loop -> traffic(loop).messagesWritten());
            String doorbells = "how often channels have woken their peers, or were woken by them";
            count(
                    "doorbells",
                    "direction",
                    "rung",
                    null,
                    doorbells,
                    loop -> traffic(loop).doorbellsRung());
            count(
                    "doorbells",
                    "direction",
                    "heard",
                    null,
                    doorbells,
                    loop -> traffic(loop).doorbellsHeard());
            timer(
                    "ring.full",
                    "waits for a peer to make room",
                    loop -> traffic(loop).ringFull(),
                    loop -> traffic(loop).ringFullTime());
            timer(
                    "loop.sleep",
                    "waits in a system call",
                    loop -> metrics(loop).sleeps(),
                    loop -> metrics(loop).sleepTime());
            String spin = "time of looking at empty rings";
            count(
                    "loop.spin",
                    "outcome",
                    "paid",
                    "seconds",
                    spin,
                    loop -> seconds(metrics(loop).spinTimePaid()));
            count(
                    "loop.spin",
                    "outcome",
                    "vain",
                    "seconds",
                    spin,
                    loop -> seconds(metrics(loop).spinTimeInVain()));
        }

        private void gauge(String name, String unit, String description, ToDoubleFunction<EventExecutor> value) {
            Gauge.builder(PREFIX + name, loop, value)
                    .tags(tags)
                    .baseUnit(unit)
                    .description(description)
                    .register(registry);
        }

        private void count(
                String name,
                String key,
                String tag,
                String unit,
                String description,
                ToDoubleFunction<EventExecutor> value) {
            FunctionCounter.builder(PREFIX + name, loop, value)
                    .tags(tags.and(key, tag))
                    .baseUnit(unit)
                    .description(description)
                    .register(registry);
        }

        private void timer(
                String name,
                String description,
                ToLongFunction<EventExecutor> count,
                Function<EventExecutor, Duration> time) {
            FunctionTimer.builder(
                            PREFIX + name, loop, count, each -> time.apply(each).toNanos(), TimeUnit.NANOSECONDS)
                    .tags(tags)
                    .description(description)
                    .register(registry);
        }

        private static ShmLoopMetrics metrics(EventExecutor loop) {
            return Shm.metrics(loop);
        }

        private static ShmChannelMetrics traffic(EventExecutor loop) {
            return Shm.metrics(loop).traffic();
        }

        private static double seconds(Duration time) {
            return time.toNanos() / 1e9;
        }
    }
}
