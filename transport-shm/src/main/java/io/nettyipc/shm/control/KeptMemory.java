/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.control;

import io.netty.util.internal.SystemPropertyUtil;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.nettyipc.pipe.NamedPipePeer;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Memory of connections that have ended, kept for a little while for the next connection between the same two
 * processes. To make, seal, pass, map, and give back a connection's memory takes the system several times as long as
 * everything else that a connection needs.
 *
 * <p>Nobody else than before sees what the next connection writes there: a process that has the same id and user as the
 * one the memory was shared with, and knows the memory's name. Both sides keep their end by themselves, and a client
 * asks for memory that it has kept. A server that hasn't kept its end, or not yet, makes new memory with the client.
 *
 * <p>All of this process's event loops have it in common. What it holds of the system is there for whoever needs it, by
 * {@link #orWithout}. For any thread.
 */
public final class KeptMemory {

    private static final InternalLogger logger = InternalLoggerFactory.getInstance(KeptMemory.class);

    private static final String MILLIS_PROPERTY = "io.nettyipc.shm.keepMillis";
    private static final int MILLIS = SystemPropertyUtil.getInt(MILLIS_PROPERTY, 1000);

    /** A connection's memory has 72 KiB, both ends together. */
    private static final int MAX = 64;

    private static final int MAX_OF_PEER = 16;

    /** An event loop may end before, and Netty's global executor would keep the process from ending. */
    private static final ScheduledThreadPoolExecutor THREAD = new ScheduledThreadPoolExecutor(1, KeptMemory::newThread);

    static {
        THREAD.setKeepAliveTime(100, TimeUnit.MILLISECONDS);
        THREAD.allowCoreThreadTimeOut(true);
        THREAD.setRemoveOnCancelPolicy(true);
    }

    static final KeptMemory OF_CLIENTS = new KeptMemory(MAX, MAX_OF_PEER);
    static final KeptMemory OF_SERVERS = new KeptMemory(MAX, MAX_OF_PEER);

    /** The oldest first. */
    private final Deque<Kept> all = new ArrayDeque<>();

    private final int max;
    private final int maxOfPeer;
    /** Closes what nobody has asked for, later; null if there is nothing. */
    private Future<?> closing;

    /**
     * Begins with none.
     *
     * @param max       how many connections' memory to keep
     * @param maxOfPeer and of connections with one process
     */
    KeptMemory(int max, int maxOfPeer) {
        this.max = max;
        this.maxOfPeer = maxOfPeer;
    }

    private static Thread newThread(Runnable work) {
        Thread thread = new Thread(work, "nettyipc-kept-memory");
        thread.setDaemon(true);
        return thread;
    }

    /** Whose memory it is. */
    private record PeerProcess(long id, int user) {
        static PeerProcess of(NamedPipePeer peer) {
            return new PeerProcess(peer.processId(), peer.userId());
        }
    }

    private record Kept(MemoryName name, PeerProcess peer, ConnectionMemory memory, long since) {
        boolean isFor(PeerProcess process, int ownCapacity, int peerCapacity, boolean eventFd) {
            return peer.equals(process)
                    && memory.ownCapacity() == ownCapacity
                    && memory.peerCapacity() == peerCapacity
                    && memory.isEventFd() == eventFd;
        }

        /** Whether the peer, which keeps it for no shorter time, is sure to have it if it has kept it. */
        boolean isNew() {
            return System.nanoTime() - since < TimeUnit.MILLISECONDS.toNanos(MILLIS) / 2;
        }
    }

    /** What a client asks for. */
    record Named(MemoryName name, ConnectionMemory memory) {}

    /** Whether memory is kept of connections with a process. */
    static boolean keepsOf(NamedPipePeer peer, PeerUser user) {
        return MILLIS > 0 && user.own() && peer.processId() > 0;
    }

    /** Takes memory over. Nobody may be using it any more, on this side. */
    void keep(MemoryName name, NamedPipePeer peer, ConnectionMemory memory) {
        Kept kept = new Kept(name, PeerProcess.of(peer), memory, System.nanoTime());
        List<Kept> dropped = new ArrayList<>();
        synchronized (this) {
            all.add(kept);
            if (countOf(kept.peer) > maxOfPeer) {
                Kept oldest = oldestOf(kept.peer);
                all.remove(oldest);
                dropped.add(oldest);
            } else if (all.size() > max) {
                dropped.add(all.remove());
            }
            closeLater(dropped);
        }
        close(dropped);
    }

    private int countOf(PeerProcess peer) {
        int count = 0;
        for (Kept kept : all) {
            if (kept.peer.equals(peer)) {
                count++;
            }
        }
        return count;
    }

    private Kept oldestOf(PeerProcess peer) {
        for (Kept kept : all) {
            if (kept.peer.equals(peer)) {
                return kept;
            }
        }
        return null;
    }

    /** Client: returns memory that the server may have kept too, the oldest, or {@code null}. It is the caller's. */
    synchronized Named take(NamedPipePeer server, int ownCapacity, int peerCapacity, boolean eventFd) {
        return take(null, PeerProcess.of(server), ownCapacity, peerCapacity, eventFd);
    }

    /** Server: returns the memory that the client names, if it is for such a connection, or {@code null}. */
    synchronized ConnectionMemory take(
            MemoryName name, NamedPipePeer client, int ownCapacity, int peerCapacity, boolean eventFd) {
        Named found = take(name, PeerProcess.of(client), ownCapacity, peerCapacity, eventFd);
        return found == null ? null : found.memory;
    }

    /**
     * Takes the oldest that fits.
     *
     * @param name null for any that is {@linkplain Kept#isNew() new}
     */
    private Named take(MemoryName name, PeerProcess peer, int ownCapacity, int peerCapacity, boolean eventFd) {
        for (Iterator<Kept> each = all.iterator(); each.hasNext(); ) {
            Kept kept = each.next();
            if ((name == null ? kept.isNew() : kept.name.equals(name))
                    && kept.isFor(peer, ownCapacity, peerCapacity, eventFd)) {
                each.remove();
                return new Named(kept.name, kept.memory);
            }
        }
        return null;
    }

    /**
     * Has all that is there closed later.
     *
     * @param dropped gets it instead if there is no thread that could do that
     */
    private void closeLater(List<Kept> dropped) {
        if (closing != null || all.isEmpty()) {
            return;
        }
        try {
            // First, so that the queue gets nothing that no thread takes out.
            THREAD.prestartCoreThread();
            closing = THREAD.schedule(this::closeOld, MILLIS, TimeUnit.MILLISECONDS);
        } catch (Throwable t) {
            logger.debug("no memory is kept for the next connections, as nothing could give it back later", t);
            dropped.addAll(all);
            all.clear();
        }
    }

    private void closeOld() {
        List<Kept> old = new ArrayList<>();
        synchronized (this) {
            closing = null;
            long limit = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(MILLIS);
            while (!all.isEmpty() && all.element().since - limit <= 0) {
                old.add(all.remove());
            }
            closeLater(old);
        }
        close(old);
    }

    private static void close(List<Kept> ended) {
        for (Kept kept : ended) {
            try {
                kept.memory.close();
            } catch (Throwable t) {
                logger.warn("the memory of a connection that has ended cannot be given back", t);
            }
        }
    }

    /** Makes something of the system's. */
    interface Maker<T> {
        T make() throws IOException;
    }

    /**
     * Makes something that the system may have none left of, because of what is kept for connections that may never
     * come: if it fails, that is given back, and it is tried again.
     */
    static <T> T orWithout(Maker<T> maker) throws IOException {
        try {
            return maker.make();
        } catch (IOException e) {
            if (!closeAll()) {
                throw e;
            }
            return maker.make();
        }
    }

    /**
     * Gives all memory back that this process keeps.
     *
     * @return whether there was any
     */
    public static boolean closeAll() {
        boolean ofClients = OF_CLIENTS.closeEach();
        return OF_SERVERS.closeEach() || ofClients;
    }

    /** Returns whether there was any. */
    boolean closeEach() {
        List<Kept> each;
        synchronized (this) {
            each = List.copyOf(all);
            all.clear();
            if (closing != null) {
                closing.cancel(false);
                closing = null;
            }
        }
        close(each);
        return !each.isEmpty();
    }
}
