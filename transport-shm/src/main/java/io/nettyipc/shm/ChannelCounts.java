/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.nettyipc.base.loop.LoopCount;
import io.nettyipc.shm.lease.LeasePair;
import io.nettyipc.shm.lease.LeaseReceiver;
import io.nettyipc.shm.lease.LeaseSender;
import java.time.Duration;

/** What a channel counts. Its event loop writes, and any thread may read. */
final class ChannelCounts {

    private final LoopCount bytesRead = new LoopCount();
    private final LoopCount messagesRead = new LoopCount();
    private final LoopCount bytesWritten = new LoopCount();
    private final LoopCount messagesWritten = new LoopCount();
    private final LoopCount messagesLeased = new LoopCount();
    private final LoopCount leasesTaken = new LoopCount();
    private final LoopCount doorbellsHeard = new LoopCount();
    private final LoopCount ringFull = new LoopCount();
    private final LoopCount ringFullNanos = new LoopCount();
    private final LoopCount memory = new LoopCount();

    void read(int bytes) {
        messagesRead.increment();
        bytesRead.add(bytes);
    }

    void bytesWritten(int bytes) {
        bytesWritten.add(bytes);
    }

    /** A message was written without a copy. */
    void leased(int bytes) {
        bytesWritten.add(bytes);
        messagesWritten.increment();
        messagesLeased.increment();
    }

    void messagesWritten(int messages) {
        messagesWritten.add(messages);
    }

    void doorbellHeard() {
        doorbellsHeard.increment();
    }

    void ringFull() {
        ringFull.increment();
    }

    void ringFullEnded(long nanos) {
        ringFullNanos.add(nanos);
    }

    /** A message was read without a copy. */
    void leaseTaken() {
        leasesTaken.increment();
    }

    ShmLeaseMetrics leaseMetrics(LeasePair leases) {
        LeaseSender sender = leases.sender();
        LeaseReceiver receiver = leases.receiver();
        return new ShmLeaseMetrics(
                messagesLeased.get(),
                leasesTaken.get(),
                receiver == null ? 0 : receiver.held(),
                sender == null ? 0 : sender.leasesOut(),
                sender == null ? 0 : sender.bytesInUse());
    }

    /** The channel uses so many bytes more of shared memory. */
    void memory(long bytes) {
        memory.add(bytes);
    }

    /** The channel has no shared memory any more. */
    void noMemory() {
        memory.add(-memory.get());
    }

    /** Returns all of it, with what the connection counts. */
    ShmChannelMetrics metrics(long doorbellsRung) {
        return new ShmChannelMetrics(
                bytesRead.get(),
                bytesWritten.get(),
                messagesRead.get(),
                messagesWritten.get(),
                doorbellsRung,
                doorbellsHeard.get(),
                ringFull.get(),
                Duration.ofNanos(ringFullNanos.get()),
                memory.get());
    }
}
