/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.control;

import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoop;
import io.nettyipc.base.loop.LoopCount;
import io.nettyipc.pipe.NamedPipePeer;
import io.nettyipc.shm.lease.LeasePair;
import io.nettyipc.shm.ring.CorruptRingException;
import io.nettyipc.shm.ring.RingPair;
import io.nettyipc.shm.ring.RingReader;
import io.nettyipc.shm.ring.RingWriter;
import io.nettyipc.shm.segment.Segment;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * What a handshake ends with: the two rings, the memory for leases if there is any, the doorbell and the control
 * connection. It owns them, and knows whether the peer is gone. For one event loop.
 */
public final class ShmConnection implements ControlConnection.RingListener {

    /** What the peer does, besides moving bytes; told on the event loop. */
    public interface Listener {

        /** The peer rang: there is something to read or space to write, or was. */
        void rung();

        /** The peer is gone. What it committed can still be read. */
        void peerGone();

        /** One side can't wake the other any more, or the peer rings without end: the connection is to be closed. */
        void failed(Throwable cause);
    }

    private final ConnectionMemory memory;
    private final RingPair rings;
    /** Null if all messages are copied. */
    private final LeasePair leases;

    private final long memoryAtFirst;
    private final Doorbell doorbell;
    private final ControlConnection control;
    private final NamedPipePeer peer;
    /** Takes the memory when this is closed; null if nobody does. */
    private final Consumer<ConnectionMemory> keeper;

    private final LoopCount timesRung = new LoopCount();
    private IoEventLoop loop;
    private Listener listener;
    private boolean peerGone;
    private boolean distrusted;
    private boolean closed;

    ShmConnection(
            ConnectionMemory memory,
            RingPair rings,
            LeasePair leases,
            Doorbell doorbell,
            ControlConnection control,
            NamedPipePeer peer,
            Consumer<ConnectionMemory> keeper) {
        this.memory = memory;
        this.rings = rings;
        this.leases = leases;
        memoryAtFirst = memory.bytesAtFirst() + (leases == null ? 0 : leases.memoryBytes());
        this.doorbell = doorbell;
        this.control = control;
        this.peer = peer;
        this.keeper = keeper;
    }

    /** Begins to listen to the peer. The listener may hear of a failure before this returns. */
    public void start(IoEventLoop loop, Listener listener) {
        this.loop = loop;
        this.listener = listener;
        control.becomeDoorbell(this);
        if (!closed) {
            doorbell.start(loop, listener::rung, this::failed);
        }
    }

    /** Whether that is the event loop that this was started on, and stays on. */
    public boolean isOn(EventLoop other) {
        return loop == other;
    }

    /**
     * Runs a task on the event loop of this connection, whose thread may be using the rings; now if that is this
     * thread.
     */
    public void runOnLoop(Runnable task) {
        if (!loop.inEventLoop()) {
            try {
                loop.execute(task);
                return;
            } catch (RejectedExecutionException e) {
                // The loop has ended, and uses nothing any more.
            }
        }
        task.run();
    }

    /** Runs a task on the event loop of this connection, later, unless the loop has ended. */
    public void runSoon(Runnable task) {
        ControlConnection.later(loop, task);
    }

    /** Whether the peer is gone. What it committed can still be read. */
    public boolean isPeerGone() {
        return peerGone;
    }

    /** Who the peer is, as the system said during the handshake. */
    public NamedPipePeer peer() {
        return peer;
    }

    /** What both rings are in. */
    public Segment.Kind memory() {
        return memory.kind();
    }

    /** Whether the doorbells are eventfds. */
    public boolean isEventFd() {
        return memory.isEventFd();
    }

    /** Returns how many bytes all of the memory has together until the rings grow. By any thread. */
    public long memoryAtFirst() {
        return memoryAtFirst;
    }

    /** Returns the memory for leases, which is to be started; null if all messages are copied. */
    public LeasePair leases() {
        return leases;
    }

    public RingWriter writer() {
        return rings.writer();
    }

    public RingReader reader() {
        return rings.reader();
    }

    /** As {@link RingPair#setProcessor}. */
    public void setProcessor(int processor) throws CorruptRingException {
        rings.setProcessor(processor);
    }

    /** As {@link RingPair#peerProcessor}. */
    public int peerProcessor() throws CorruptRingException {
        return rings.peerProcessor();
    }

    /** Wakes the peer. */
    public void ring() {
        if (!closed) {
            timesRung.increment();
            doorbell.ring();
        }
    }

    /** How often this side has woken the peer. By any thread. */
    public long timesRung() {
        return timesRung.get();
    }

    @Override
    public void rung() {
        if (!closed) {
            doorbell.heardBytes();
            listener.rung();
        }
    }

    @Override
    public long expectedRings() {
        return rings.sleeps();
    }

    /** The peer does what a correct one doesn't: no other connection is to use this one's memory. */
    public void distrust() {
        distrusted = true;
    }

    @Override
    public void failed(IOException cause) {
        if (!closed) {
            distrust();
            listener.failed(cause);
        }
    }

    @Override
    public void ended(IOException cause) {
        if (!closed) {
            peerGone = true;
            listener.peerGone();
        }
    }

    /**
     * Tells the peer that this side reads and writes no more, and gives everything back. The peer can read what was
     * committed.
     */
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            tellPeer();
        } finally {
            try {
                closeMemory();
            } finally {
                // At last: the peer may connect again when it knows of the end.
                control.close();
            }
        }
    }

    private void closeMemory() {
        if (isToBeKept() && doorbell.release()) {
            rings.release();
            keeper.accept(memory);
            return;
        }
        try {
            rings.close();
        } finally {
            try {
                doorbell.close();
            } finally {
                if (leases != null) {
                    leases.close();
                }
            }
        }
    }

    /** Not after a peer that was killed, nor rings that have grown, which kept memory is not counted for. */
    private boolean isToBeKept() {
        if (keeper == null || distrusted || listener == null || !memory.isAsAtFirst() || rings.hasPeerGrown()) {
            return false;
        }
        try {
            return !peerGone || writer().isReaderClosed();
        } catch (CorruptRingException e) {
            return false;
        }
    }

    private void tellPeer() {
        if (peerGone || listener == null) {
            return;
        }
        try {
            reader().close();
            // The end of the control connection wakes the peer.
            writer().end();
        } catch (CorruptRingException e) {
            // The end of the control connection tells the peer as well.
            distrust();
        }
    }
}
