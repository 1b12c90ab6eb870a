/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import java.time.Duration;

/**
 * What a {@link ShmChannel} has done since it was connected: a snapshot. The event loop counts without fences, so the
 * numbers may be some microseconds old, and not all of the same moment; each of them but {@code memory} only grows.
 *
 * @param bytesRead       bytes that were read from the peer's ring
 * @param bytesWritten    bytes that were shown to the peer
 * @param messagesRead    buffers that the pipeline got; one may have several of the peer's messages, or a part of one
 * @param messagesWritten buffers and file regions that were written to the ring to their end
 * @param doorbellsRung   how often the channel has woken its peer, which takes a system call
 * @param doorbellsHeard  how often the peer has woken the channel; several rings at a time count once
 * @param ringFull        how often the channel had more to write than there was room for, and waited
 * @param ringFullTime    how long it has waited so, as far as the waits are over
 * @param memory          bytes of shared memory that the channel uses now, for both rings and for leases together; the
 *                        system may give them only as they come to be used
 */
public record ShmChannelMetrics(
        long bytesRead,
        long bytesWritten,
        long messagesRead,
        long messagesWritten,
        long doorbellsRung,
        long doorbellsHeard,
        long ringFull,
        Duration ringFullTime,
        long memory) {

    static final ShmChannelMetrics NONE = new ShmChannelMetrics(0, 0, 0, 0, 0, 0, 0, Duration.ZERO, 0);

    ShmChannelMetrics plus(ShmChannelMetrics other) {
        return new ShmChannelMetrics(
                bytesRead + other.bytesRead,
                bytesWritten + other.bytesWritten,
                messagesRead + other.messagesRead,
                messagesWritten + other.messagesWritten,
                doorbellsRung + other.doorbellsRung,
                doorbellsHeard + other.doorbellsHeard,
                ringFull + other.ringFull,
                ringFullTime.plus(other.ringFullTime),
                memory + other.memory);
    }
}
