/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.netty.channel.Channel;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.function.IntSupplier;

/**
 * Counts the handshakes that a server has under way, each user's apart: users who connect and say nothing keep nobody
 * out but themselves. For all its children's event loops.
 *
 * <p>While its own user has as many as are allowed the server accepts nobody. Connections of another user who has as
 * many are accepted, since those behind them in the socket's backlog may be anybody's, and wait here.
 */
final class HandshakeLimit {

    /** This process's user, and all others that the system does not tell apart. */
    static final int OWN_USER = -1;

    private final IntSupplier limit;
    private final Runnable whenRoom;
    /** The users with handshakes under way, by their ids. */
    private final Map<Integer, User> users = new HashMap<>();

    private boolean roomAwaited;

    /**
     * Begins with none.
     *
     * @param limit    of each user
     * @param whenRoom run when there is room again, on the thread of whoever made it
     */
    HandshakeLimit(IntSupplier limit, Runnable whenRoom) {
        this.limit = limit;
        this.whenRoom = whenRoom;
    }

    private static final class User {
        final Queue<Channel> waiting = new ArrayDeque<>();
        int underWay;
    }

    /** Whether the server may accept one more; if not, it is told when there is room. */
    synchronized boolean hasRoom() {
        User own = users.get(OWN_USER);
        roomAwaited = own != null && own.underWay >= limit.getAsInt();
        return !roomAwaited;
    }

    /** How many are under way, or wait for that. */
    synchronized int count() {
        int count = 0;
        for (User user : users.values()) {
            count += user.underWay + user.waiting.size();
        }
        return count;
    }

    /** Returns the place of a handshake that may begin; {@code null} if it has to wait. */
    synchronized Place begin(int id) {
        User user = users.computeIfAbsent(id, key -> new User());
        if (id != OWN_USER && user.underWay >= limit.getAsInt()) {
            return null;
        }
        user.underWay++;
        return new Place(id);
    }

    /**
     * Keeps a connection whose handshake may not begin until {@link #nextWaiting}.
     *
     * @return whether it is kept: as many of a user may wait as may be under way
     */
    synchronized boolean await(int id, Channel accepted) {
        Queue<Channel> waiting = users.computeIfAbsent(id, key -> new User()).waiting;
        return waiting.size() < limit.getAsInt() && waiting.add(accepted);
    }

    /** Returns a connection that has waited and whose handshake has to begin now; {@code null} if there is none. */
    synchronized Waiting nextWaiting() {
        for (Map.Entry<Integer, User> entry : users.entrySet()) {
            User user = entry.getValue();
            if (user.underWay < limit.getAsInt() && !user.waiting.isEmpty()) {
                user.underWay++;
                return new Waiting(user.waiting.remove(), new Place(entry.getKey()));
            }
        }
        return null;
    }

    /** Returns one that waits for a server that is closed; {@code null} if there is none. */
    synchronized Channel giveUpWaiting() {
        for (User user : users.values()) {
            if (!user.waiting.isEmpty()) {
                return user.waiting.remove();
            }
        }
        return null;
    }

    private void ended(int id) {
        boolean awaited;
        synchronized (this) {
            User user = users.get(id);
            user.underWay--;
            awaited = id == OWN_USER ? roomAwaited : !user.waiting.isEmpty();
            if (user.underWay == 0 && user.waiting.isEmpty()) {
                users.remove(id);
            }
        }
        if (awaited) {
            whenRoom.run();
        }
    }

    record Waiting(Channel accepted, Place place) {}

    /** One of the handshakes under way, until it is given back, once. */
    final class Place {

        private final int user;

        private Place(int user) {
            this.user = user;
        }

        void giveBack() {
            ended(user);
        }
    }
}
