/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.nettyipc.pipe.NamedPipePeer;
import io.nettyipc.shm.control.HandshakeException;
import io.nettyipc.shm.control.PeerUser;
import java.util.HashMap;
import java.util.Map;

/**
 * The bytes that a server's connections may have: together, and those of one peer. For all its children's event loops.
 */
final class MemoryBudget {

    private final ShmServerChannelConfig limits;
    private final Map<Owner, Long> usedByOwner = new HashMap<>();
    private long used;

    MemoryBudget(ShmServerChannelConfig limits) {
        this.limits = limits;
    }

    /**
     * Sets bytes aside for a connection.
     *
     * @throws HandshakeException if fewer are left; says by which limit
     */
    synchronized Reservation reserve(NamedPipePeer peer, PeerUser user, long bytes) throws HandshakeException {
        Owner owner = Owner.of(peer, user);
        if (bytes > limits.getMaxMemory() - used) {
            throw new HandshakeException(
                    "the server has no memory left for a connection of " + bytes + " bytes: its connections use " + used
                            + " of " + limits.maxMemoryDescribed() + " (SHM_MAX_MEMORY)");
        }
        if (bytes > limits.getMaxMemoryPerPeer() - usedByOwner.getOrDefault(owner, 0L)) {
            throw new HandshakeException("the server has no memory left for another connection of " + bytes
                    + " bytes with this peer (SHM_MAX_MEMORY_PER_PEER)");
        }
        used += bytes;
        usedByOwner.merge(owner, bytes, Long::sum);
        return new Reservation(owner, bytes);
    }

    /** How many bytes are set aside now. */
    synchronized long used() {
        return used;
    }

    private synchronized boolean grow(Owner owner, long bytes) {
        if (bytes > limits.getMaxMemory() - used
                || bytes > limits.getMaxMemoryPerPeer() - usedByOwner.getOrDefault(owner, 0L)) {
            return false;
        }
        used += bytes;
        usedByOwner.merge(owner, bytes, Long::sum);
        return true;
    }

    private synchronized void release(Owner owner, long bytes) {
        used -= bytes;
        usedByOwner.computeIfPresent(owner, (key, all) -> all == bytes ? null : all - bytes);
    }

    /** A connection's part, until the connection gives it back, once. */
    final class Reservation {

        private final Owner owner;
        private long bytes;

        private Reservation(Owner owner, long bytes) {
            this.owner = owner;
            this.bytes = bytes;
        }

        /** Makes it larger, if that many bytes are left. By the thread that gives it back. */
        boolean grow(int more) {
            if (!MemoryBudget.this.grow(owner, more)) {
                return false;
            }
            bytes += more;
            return true;
        }

        void release() {
            MemoryBudget.this.release(owner, bytes);
        }
    }

    /**
     * A process of this user's; all processes together of another user, who could start any number of them; all of this
     * user's too where the system does not tell the process.
     */
    private record Owner(long processId, String userId) {

        static Owner of(NamedPipePeer peer, PeerUser user) {
            return new Owner(user.own() && peer.processId() > 0 ? peer.processId() : -1, user.id());
        }
    }
}
