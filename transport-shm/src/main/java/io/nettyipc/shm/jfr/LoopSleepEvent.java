/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** An event loop slept until something happened. Off unless asked for: an idle loop does nothing else. */
@Name(LoopSleepEvent.NAME)
@Label("Shared Memory Loop Sleep")
@Description("An event loop with shared memory slept, until it was woken or a timer was due")
@Category({"Netty IPC", "Shared memory"})
@StackTrace(false)
@Enabled(false)
public final class LoopSleepEvent extends Event {

    static final String NAME = "io.nettyipc.ShmLoopSleep";

    private static final LoopSleepEvent INSTANCE = new LoopSleepEvent();

    @Label("Connections")
    @Description("Shared-memory channels of the loop, all of them asleep")
    int connections;

    @Label("Events")
    @Description("Doorbells and sockets that woke the loop; 0 for a timer, or a task of another thread")
    int events;

    private LoopSleepEvent() {}

    /** Returns an event that has begun; null if none is recorded. */
    public static LoopSleepEvent startIfRecorded() {
        if (!INSTANCE.isEnabled()) {
            return null;
        }
        LoopSleepEvent event = new LoopSleepEvent();
        event.begin();
        return event;
    }

    /** The loop is awake. */
    public void wake() {
        end();
    }

    /** The loop knows what it was woken for. */
    public void commitIfLongEnough(int connections, int events) {
        if (shouldCommit()) {
            this.connections = connections;
            this.events = events;
            commit();
        }
    }
}
