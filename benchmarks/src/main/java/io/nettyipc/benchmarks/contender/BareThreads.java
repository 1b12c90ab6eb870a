/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.contender;

import io.nettyipc.benchmarks.transport.Counters;
import io.nettyipc.benchmarks.transport.Side;
import io.nettyipc.benchmarks.workload.Figures;
import io.nettyipc.benchmarks.workload.Filled;
import io.nettyipc.benchmarks.workload.FilledSlots;
import io.nettyipc.benchmarks.workload.Measure;
import io.nettyipc.benchmarks.workload.Session;
import io.nettyipc.benchmarks.workload.Topic;
import io.nettyipc.benchmarks.workload.Workload;
import java.util.List;
import java.util.function.IntSupplier;

/** No way between processes, but what any could reach at most: one thread fills memory and another sums it there. */
final class BareThreads implements Contender {

    @Override
    public String id() {
        return "limit";
    }

    @Override
    public String label() {
        return "two bare threads (one process)";
    }

    @Override
    public String unavailable() {
        return null;
    }

    @Override
    public String unsupported(Topic topic) {
        return topic instanceof Filled filled && filled.isTouched()
                ? null
                : "is the limit of messages that are filled and summed";
    }

    @Override
    public boolean spins() {
        return true;
    }

    @Override
    public boolean isInOneProcess() {
        return true;
    }

    @Override
    public Server listen(String name, List<Workload> workloads, IntSupplier ports) {
        return new BareServer();
    }

    @Override
    public Client client(String name, String location) {
        return new BareClient();
    }

    /** Of the thread that measures; the other lives as long as a slice. */
    private record BareSide(long thread) implements Side {
        @Override
        public Counters resume() {
            return thread == -1 ? Counters.ZERO : Counters.read(thread);
        }

        @Override
        public Counters pause() {
            return resume();
        }

        @Override
        public long threadId() {
            return thread == -1 ? -1 : Counters.callingThreadId();
        }
    }

    private static final class BareServer implements Server {
        @Override
        public Side side() {
            return new BareSide(-1);
        }

        @Override
        public String location() {
            return "0";
        }

        @Override
        public void close() {}
    }

    private static final class BareClient implements Client {
        @Override
        public Side side() {
            return new BareSide(Thread.currentThread().getId());
        }

        @Override
        public Session open(Workload workload, int index) {
            return new BareSession(((Filled) workload).size());
        }

        @Override
        public void close() {}
    }

    private static final class BareSession implements Session {
        private final int size;
        private final FilledSlots slots;
        private double bytes;
        private double nanos;

        BareSession(int size) {
            this.size = size;
            slots = new FilledSlots(size);
        }

        @Override
        public long run(long duration) throws InterruptedException {
            long start = System.nanoTime();
            double rate = slots.run(duration);
            long took = System.nanoTime() - start;
            bytes += rate * took / 1e9;
            nanos += took;
            return Math.round(rate * took / 1e9 / size);
        }

        @Override
        public void reset() {
            bytes = 0;
            nanos = 0;
        }

        @Override
        public void record(Figures figures) {
            figures.put(Measure.BYTES, bytes / nanos * 1e3);
            figures.put(Measure.OPERATIONS, bytes / size / nanos * 1e9);
        }

        @Override
        public void close() {}
    }
}
