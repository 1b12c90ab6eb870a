/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.loop;

import io.netty.channel.IoEvent;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.nettyipc.base.os.Kernel32;
import io.nettyipc.base.os.Win32Error;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Tells an event loop that some listening pipe instance of its servers has a client.
 *
 * <p>A listening instance can't belong to the loop's completion port: a handle stays with one port for life, and
 * {@code ServerBootstrap} may register the accepted channel on another loop. So {@code ConnectNamedPipe} signals an
 * event, one for all instances of the loop, and a thread turns the signal into a packet. The loop then looks at each
 * instance's status. Starting an operation resets its event, which could swallow another instance's signal: whoever
 * starts one looks at the others afterwards.
 */
public final class AcceptSignal {

    /** The event that listening handles get. */
    static final class Event implements IoEvent {
        static final Event INSTANCE = new Event();

        private Event() {}
    }

    private static final InternalLogger logger = InternalLoggerFactory.getInstance(AcceptSignal.class);

    private final Runnable packet;
    private final long event;
    private final LoopThread thread;
    private final AtomicBoolean posted = new AtomicBoolean();
    private volatile boolean closed;

    /** @param packet posts the packet that has the loop look at the instances; run by the thread */
    public AcceptSignal(Runnable packet, String threadName) throws IOException {
        this.packet = packet;
        event = Kernel32.CreateEventW(0, false, false, 0);
        if (event == 0) {
            throw new IOException(Win32Error.last().describe("CreateEvent"));
        }
        thread = new LoopThread(this::forward, threadName);
        thread.start();
    }

    public long event() {
        return event;
    }

    /** Called on the loop before it looks at the instances, so that a later signal posts again. */
    void received() {
        posted.set(false);
    }

    private void forward() {
        while (awaitSignal() && !closed) {
            if (posted.compareAndSet(false, true)) {
                packet.run();
            }
        }
    }

    private boolean awaitSignal() {
        if (Kernel32.WaitForSingleObject(event, Kernel32.INFINITE) == 0) {
            return true;
        }
        logger.error(
                "{}: the servers of an event loop hear of no more clients",
                Win32Error.last().describe("WaitForSingleObject"));
        return false;
    }

    /** Ends the thread and waits for its end; after that the event's handle is closed. */
    void close() {
        closed = true;
        Kernel32.SetEvent(event);
        thread.awaitEnd();
        Kernel32.CloseHandle(event);
    }
}
