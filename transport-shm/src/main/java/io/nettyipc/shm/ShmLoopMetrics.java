/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import java.time.Duration;

/**
 * What an event loop with shared memory has done: a snapshot, whose numbers are as old as those of
 * {@link ShmChannelMetrics}. Each of them but {@code channels} and the memory only grows.
 *
 * <p>The rest of the time, up to that for which the loop has lived, it has run tasks and handlers, or was ready to and
 * had no processor.
 *
 * @param spinStrategy     what the loop does while its rings are empty; {@link ShmSpinStrategy#NONE} also where another
 *                         was asked for and the process may use no more than one processor's time
 * @param channels         connected channels that the loop has now
 * @param traffic          of all channels that the loop has had, together; the memory is that of those it has now
 * @param sleeps           how often the loop has waited in a system call
 * @param sleepTime        how long it has waited so, as far as the waits are over
 * @param spinTimePaid     how long it has looked at empty rings and then found something, before a loop that sleeps
 *                         would have: within 100 microseconds. Waits that are shorter than some looks are not counted
 * @param spinTimeInVain   how long it has looked at empty rings for nothing
 */
public record ShmLoopMetrics(
        ShmSpinStrategy spinStrategy,
        int channels,
        ShmChannelMetrics traffic,
        long sleeps,
        Duration sleepTime,
        Duration spinTimePaid,
        Duration spinTimeInVain) {}
