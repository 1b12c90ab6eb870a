/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.loop;

import io.netty.util.concurrent.ThreadAwareExecutor;
import io.nettyipc.base.os.Overlapped;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The servers of one event loop that wait for clients, their common signal, and the structures of cancelled listening
 * instances that the kernel still has. For the loop's thread.
 */
public final class ListeningServers {

    private static final AtomicInteger NEXT_ID = new AtomicInteger();

    private final CompletionPort port;
    private final ThreadAwareExecutor executor;
    private final Overlapped.Pool overlappedPool;
    private final List<CompletionPortRegistration> servers = new ArrayList<>();
    private final List<Overlapped> abandoned = new ArrayList<>();
    /** Null until there is a server. */
    private AcceptSignal signal;

    private boolean lookScheduled;

    ListeningServers(CompletionPort port, ThreadAwareExecutor executor, Overlapped.Pool overlappedPool) {
        this.port = port;
        this.executor = executor;
        this.overlappedPool = overlappedPool;
    }

    /**
     * From now on the registration gets {@link AcceptSignal.Event} when an instance that uses the event connects.
     *
     * @return the event
     */
    public long add(CompletionPortRegistration server) throws IOException {
        if (signal == null) {
            signal = new AcceptSignal(
                    () -> port.post(CompletionPort.KEY_ACCEPT), "nettyipc-pipe-accept-" + NEXT_ID.getAndIncrement());
        }
        if (!servers.contains(server)) {
            servers.add(server);
        }
        return signal.event();
    }

    void remove(CompletionPortRegistration server) {
        servers.remove(server);
    }

    /**
     * A listening instance has been started, which reset the event that it shares with those of other servers: one of
     * theirs may have signalled just before. Each server looks at its own by itself.
     */
    public void instanceStarted() {
        if (servers.size() > 1 && !lookScheduled) {
            lookScheduled = true;
            executor.execute(() -> {
                lookScheduled = false;
                look();
            });
        }
    }

    /** Has all servers look at their instances; returns how many servers there are. */
    int look() {
        signal.received();
        collectAbandoned();
        List<CompletionPortRegistration> copy = List.copyOf(servers);
        for (CompletionPortRegistration server : copy) {
            try {
                server.dispatch(AcceptSignal.Event.INSTANCE);
            } catch (Throwable t) {
                server.failed(t);
            }
        }
        return copy.size();
    }

    /** Takes over the structure of a cancelled listening instance until the kernel has let go of it. */
    public void abandon(Overlapped overlapped) {
        if (overlapped.isPending()) {
            abandoned.add(overlapped);
        } else {
            overlappedPool.release(overlapped);
        }
    }

    private void collectAbandoned() {
        abandoned.removeIf(overlapped -> {
            boolean over = !overlapped.isPending();
            if (over) {
                overlappedPool.release(overlapped);
            }
            return over;
        });
    }

    /** Whether the kernel still has the structure of a cancelled instance. */
    boolean hasAbandoned() {
        collectAbandoned();
        return !abandoned.isEmpty();
    }

    /** The loop ends: no server is told any more. */
    void close() {
        if (signal != null) {
            signal.close();
        }
    }
}
