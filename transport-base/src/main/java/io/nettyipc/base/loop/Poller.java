/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.loop;

import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.nettyipc.base.os.Descriptor;
import io.nettyipc.base.os.DirectMemory;
import io.nettyipc.base.os.LibC;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * One daemon thread that waits for the descriptors of channels whose event loops can't: the JDK's selectors take its
 * own channels only. It neither reads nor writes; it tells the loop, and waits for the same again when asked again.
 */
final class Poller implements Runnable {
    private static final InternalLogger logger = InternalLoggerFactory.getInstance(Poller.class);

    /** {@code struct pollfd}: the descriptor, what is awaited, what has happened. */
    private static final int ENTRY_SIZE = 8;

    private static final int EVENTS = 4;
    private static final int HAPPENED = 6;

    private static Poller instance;

    private final Descriptor wakeInput;
    private final Descriptor wakeOutput;
    private final ByteBuffer wakeByte = ByteBuffer.allocateDirect(64);
    private final long wakeAddress = DirectMemory.addressOf(wakeByte);
    private final Set<PollWatch> watches = new LinkedHashSet<>();
    private boolean waking;

    private ByteBuffer entries = allocate(64);

    private Poller() throws IOException {
        Descriptor[] pipe = LibC.pipe();
        wakeInput = pipe[0];
        wakeOutput = pipe[1];
        wakeInput.setNonBlocking();
        wakeOutput.setNonBlocking();
    }

    /** Returns the poller, which is started when first needed and then stays. */
    static synchronized Poller instance() throws IOException {
        if (instance == null) {
            Poller poller = new Poller();
            Thread thread = new Thread(poller, "nettyipc-poller");
            thread.setDaemon(true);
            thread.start();
            instance = poller;
        }
        return instance;
    }

    private static ByteBuffer allocate(int count) {
        return ByteBuffer.allocateDirect(count * ENTRY_SIZE).order(ByteOrder.nativeOrder());
    }

    synchronized void add(PollWatch watch) {
        watches.add(watch);
        wakeUp();
    }

    synchronized void remove(PollWatch watch) {
        // The kernel holds the file while it waits, so that the peer of a closed one would not see its end.
        if (watches.remove(watch)) {
            wakeUp();
        }
    }

    private void wakeUp() {
        if (!waking) {
            waking = true;
            wakeOutput.write(wakeAddress, 1);
        }
    }

    @Override
    public void run() {
        List<PollWatch> waiting = new ArrayList<>();
        for (; ; ) {
            try {
                prepare(waiting);
                if (LibC.poll(DirectMemory.addressOf(entries), waiting.size() + 1, -1) > 0) {
                    tell(waiting);
                }
            } catch (Throwable t) {
                // Whatever it was, the other channels' events must not end with it.
                logger.warn("Polling descriptors failed", t);
            }
        }
    }

    private synchronized void prepare(List<PollWatch> waiting) {
        waiting.clear();
        waiting.addAll(watches);
        if (entries.capacity() < (waiting.size() + 1) * ENTRY_SIZE) {
            entries = allocate((waiting.size() + 1) * 2);
        }
        set(0, wakeInput.number(), LibC.POLLIN);
        for (int i = 0; i < waiting.size(); i++) {
            set(i + 1, waiting.get(i).descriptor(), waiting.get(i).awaited());
        }
    }

    private void set(int index, int descriptor, short events) {
        entries.putInt(index * ENTRY_SIZE, descriptor)
                .putShort(index * ENTRY_SIZE + EVENTS, events)
                .putShort(index * ENTRY_SIZE + HAPPENED, (short) 0);
    }

    private synchronized void tell(List<PollWatch> waiting) {
        if (entries.getShort(HAPPENED) != 0) {
            waking = false;
            LibC.read(wakeInput.number(), wakeAddress, wakeByte.capacity());
        }
        for (int i = 0; i < waiting.size(); i++) {
            short events = entries.getShort((i + 1) * ENTRY_SIZE + HAPPENED);
            PollWatch watch = waiting.get(i);
            if (events != 0 && watches.contains(watch) && !watch.happened(events)) {
                watches.remove(watch);
            }
        }
    }
}
