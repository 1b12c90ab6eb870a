/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.contender;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.nettyipc.benchmarks.transport.Counters;
import io.nettyipc.benchmarks.transport.Side;
import io.nettyipc.benchmarks.workload.Filled;
import io.nettyipc.benchmarks.workload.RoundTrips;
import io.nettyipc.benchmarks.workload.Session;
import io.nettyipc.benchmarks.workload.Stream;
import io.nettyipc.benchmarks.workload.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.SleepingMillisIdleStrategy;

/** An Aeron client. Its sessions send and poll on the thread that measures. */
final class AeronClient implements Client, Side {
    private final Aeron aeron;
    private final long thread = Thread.currentThread().getId();

    AeronClient(Path directory) {
        aeron = Aeron.connect(context(directory.toString()));
    }

    /** Clients' own threads stay quiet: they have nothing to do with messages. */
    static Aeron.Context context(String directory) {
        return new Aeron.Context()
                .aeronDirectoryName(directory)
                .idleStrategy(new SleepingMillisIdleStrategy(5))
                .preTouchMappedMemory(true)
                // It may have to stand still while others are measured.
                .driverTimeoutMs(TimeUnit.SECONDS.toMillis(30));
    }

    @Override
    public Session open(Workload workload, int index) throws IOException, InterruptedException {
        if (workload instanceof RoundTrips roundTrips) {
            int size = roundTrips.size();
            return new AeronRoundTrips(connect(AeronContender.roundTripTerm(size), AeronContender.ECHO), size);
        }
        if (workload instanceof Stream stream) {
            return new AeronStream(connect(AeronContender.STREAM_TERM, AeronContender.SINK), stream.size());
        }
        if (workload instanceof Filled filled) {
            int size = filled.size();
            return new AeronFilled(connect(AeronFilled.term(size), AeronContender.SUM), size);
        }
        throw new IllegalArgumentException(workload.id());
    }

    /** The answers come in a stream of their own, which has the session's number. */
    private AeronConnection connect(int termLength, int stream) throws IOException, InterruptedException {
        ExclusivePublication out = aeron.addExclusivePublication(AeronContender.channel(termLength), stream);
        return new AeronConnection(new AeronOut(out), aeron.addSubscription(AeronContender.CHANNEL, out.sessionId()));
    }

    @Override
    public Side side() {
        return this;
    }

    @Override
    public Counters resume() {
        return Counters.read(thread);
    }

    @Override
    public Counters pause() {
        return Counters.read(thread);
    }

    @Override
    public long threadId() {
        return Counters.callingThreadId();
    }

    @Override
    public void close() {
        aeron.close();
    }
}
