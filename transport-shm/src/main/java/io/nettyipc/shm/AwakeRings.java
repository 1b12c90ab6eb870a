/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.util.Arrays;

/** The rings that are looked at, instead of waiting for a doorbell. For one event loop. */
final class AwakeRings {

    private static final InternalLogger logger = InternalLoggerFactory.getInstance(AwakeRings.class);

    /**
     * A ring in which nothing happened for this many turns goes to sleep alone, for the loop to look at the others more
     * often.
     */
    private static final int MAX_IDLE_POLLS = 1000;

    private final int alwaysAwake;
    private RingRegistration[] rings = new RingRegistration[16];
    private int size;

    /**
     * Begins with none.
     *
     * @param alwaysAwake how many rings may be awake before any of them has to go to sleep alone
     */
    AwakeRings(int alwaysAwake) {
        this.alwaysAwake = alwaysAwake;
    }

    boolean isEmpty() {
        return size == 0;
    }

    int size() {
        return size;
    }

    void add(RingRegistration ring) {
        ring.idlePolls = 0;
        if (ring.index < 0) {
            if (size == rings.length) {
                rings = Arrays.copyOf(rings, size * 2);
            }
            ring.index = size;
            rings[size++] = ring;
        }
    }

    void remove(RingRegistration ring) {
        int index = ring.index;
        if (index >= 0) {
            RingRegistration last = rings[--size];
            rings[index] = last;
            last.index = index;
            rings[size] = null;
            ring.index = -1;
        }
    }

    /** Tells every peer which processor the loop's thread is on. */
    void setProcessor(int processor) {
        for (int i = 0; i < size; i++) {
            rings[i].handle().setProcessor(processor);
        }
    }

    /** Whether none of the peers can run while the loop's thread looks at their rings. */
    boolean isEachPeerKept(LoopProcessor processor) {
        for (int i = 0; i < size; i++) {
            if (!processor.isKeptFrom(rings[i].handle().peerProcessor())) {
                return false;
            }
        }
        return true;
    }

    /** Whether each of the peers may wait for the processor that the loop's thread is on. */
    boolean mayKeepEachPeer(LoopProcessor processor) {
        for (int i = 0; i < size; i++) {
            if (!processor.mayKeep(rings[i].handle().peerProcessor())) {
                return false;
            }
        }
        return true;
    }

    /** Polls each once and returns how many had something to do. */
    int poll() {
        int busy = 0;
        // From the end, since the last one takes the place of one that is removed; others may go meanwhile, too.
        for (int i = size - 1; i >= 0; i--) {
            if (i >= size) {
                continue;
            }
            RingRegistration ring = rings[i];
            try {
                if (ring.handle().poll()) {
                    ring.idlePolls = 0;
                    busy++;
                } else if (++ring.idlePolls > MAX_IDLE_POLLS && size > alwaysAwake) {
                    sleep(ring);
                }
            } catch (Throwable t) {
                failed(ring, t);
            }
        }
        return busy;
    }

    /** Puts all to sleep that have nothing to do. */
    void sleep() {
        for (int i = size - 1; i >= 0; i--) {
            if (i < size) {
                RingRegistration ring = rings[i];
                try {
                    sleep(ring);
                } catch (Throwable t) {
                    failed(ring, t);
                }
            }
        }
    }

    /** A channel's fault ends that channel, not the loop that others live on. */
    private void failed(RingRegistration ring, Throwable cause) {
        logger.warn("{}: an unexpected exception in the event loop closes it.", ring.handle(), cause);
        try {
            ring.handle().close();
        } catch (Throwable t) {
            logger.warn("{}: an unexpected exception while it was closed.", ring.handle(), t);
        }
        remove(ring);
    }

    private void sleep(RingRegistration ring) {
        if (ring.handle().sleep()) {
            remove(ring);
        } else {
            ring.idlePolls = 0;
        }
    }
}
