/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

/**
 * What an event loop does when its rings are empty. A loop that watches memory sees new bytes at once; one that sleeps
 * has to be woken by the system, which takes many times longer. Watching takes the whole of a core.
 *
 * <p>Whatever the strategy, tasks, timers and sockets of the loop are served: watching ends at once when a task is
 * submitted or a timer is due, and sockets are looked at about every 50 microseconds.
 */
public enum ShmSpinStrategy {
    /** Sleeps at once. */
    NONE,
    /**
     * Watches for up to 100 microseconds as long as that pays, and sleeps at once while it does not: when bytes come
     * seldom, when there are fewer cores than processes that want them, and when the peer's loop is on the same core.
     * In the last case, on Linux, the loop's thread moves to a core that is idle, if it may run there; its affinity
     * stays as it was.
     */
    ADAPTIVE,
    /**
     * Watches always while there is a connection: for a core that has nothing else to do. With more than 64 connections
     * those in which nothing has happened for a while are not looked at any more, until their peers ring.
     */
    BUSY
}
