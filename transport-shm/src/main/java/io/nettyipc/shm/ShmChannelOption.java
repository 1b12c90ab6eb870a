/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.netty.channel.ChannelOption;

/**
 * Options of shared-memory channels. Those marked "server" are for {@link io.netty.bootstrap.ServerBootstrap#option}.
 * The others are for {@link io.netty.bootstrap.Bootstrap#option} and
 * {@link io.netty.bootstrap.ServerBootstrap#childOption}, and are read when the handshake begins.
 */
public final class ShmChannelOption<T> extends ChannelOption<T> {

    /**
     * Bytes of the ring that this side writes to: a power of two from 4096 to 2<sup>30</sup>, 262144 by default. The
     * connection gets the smaller of this and the peer's {@link #SHM_RECEIVE_CAPACITY}. With sealed memory a ring of up
     * to 2<sup>20</sup> bytes begins with 32768 of them, and uses all once those were full.
     */
    public static final ChannelOption<Integer> SHM_SEND_CAPACITY = valueOf(ShmChannelOption.class, "SHM_SEND_CAPACITY");

    /**
     * Bytes of the largest ring that this side reads from: a power of two from 4096 to 2<sup>30</sup>, 262144 by
     * default. On a server this and {@link #SHM_SEND_CAPACITY} are the most that one client gets.
     */
    public static final ChannelOption<Integer> SHM_RECEIVE_CAPACITY =
            valueOf(ShmChannelOption.class, "SHM_RECEIVE_CAPACITY");

    /** How to be woken and to wake, {@link ShmDoorbell#EVENT_FD} by default. */
    public static final ChannelOption<ShmDoorbell> SHM_DOORBELL = valueOf(ShmChannelOption.class, "SHM_DOORBELL");

    /**
     * Whether to refuse memory of the kind {@link ShmMemory#FILE}, which the peer can truncate and write to;
     * {@code false} by default. It refuses all connections with loops over NIO, and on systems other than Linux and
     * Windows all.
     */
    public static final ChannelOption<Boolean> SHM_REQUIRE_SEALED =
            valueOf(ShmChannelOption.class, "SHM_REQUIRE_SEALED");

    /**
     * Bytes of the memory for messages that this side sends without a copy: from 0 to 2<sup>30</sup>, 0 by default. The
     * connection gets the smaller of this and the peer's {@link #SHM_LEASE_RECEIVE_MEMORY}, in pages of 4096 bytes. See
     * {@link ShmChannel#sharedAllocator()}.
     */
    public static final ChannelOption<Integer> SHM_LEASE_SEND_MEMORY =
            valueOf(ShmChannelOption.class, "SHM_LEASE_SEND_MEMORY");

    /**
     * Bytes of the peer's memory that this side lets the peer send messages in without a copy: from 0 to
     * 2<sup>30</sup>, 0 by default. <b>The peer can change such a message while it is read</b>, so that this is for
     * peers that are trusted.
     */
    public static final ChannelOption<Integer> SHM_LEASE_RECEIVE_MEMORY =
            valueOf(ShmChannelOption.class, "SHM_LEASE_RECEIVE_MEMORY");

    /**
     * How many of the peer's messages this side may hold without having copied them, from 1 to 65536, 1024 by default.
     * While it holds that many the peer copies.
     */
    public static final ChannelOption<Integer> SHM_MAX_LEASES = valueOf(ShmChannelOption.class, "SHM_MAX_LEASES");

    /**
     * Bytes from which on {@link ShmChannel#sharedAllocator()} allocates a buffer in shared memory, and a message in it
     * is sent without a copy; 65536 by default. A copy of less than 16384 bytes takes no longer.
     */
    public static final ChannelOption<Integer> SHM_ZERO_COPY_THRESHOLD =
            valueOf(ShmChannelOption.class, "SHM_ZERO_COPY_THRESHOLD");

    /** Whom to connect with, {@link ShmPeerPolicy#SAME_USER} by default. */
    public static final ChannelOption<ShmPeerPolicy> SHM_PEER_POLICY =
            valueOf(ShmChannelOption.class, "SHM_PEER_POLICY");

    /**
     * Milliseconds that the peer has for its part of the handshake, 10000 by default. A client's connect has to be done
     * within {@link ChannelOption#CONNECT_TIMEOUT_MILLIS} too.
     */
    public static final ChannelOption<Integer> SHM_HANDSHAKE_TIMEOUT_MILLIS =
            valueOf(ShmChannelOption.class, "SHM_HANDSHAKE_TIMEOUT_MILLIS");

    /**
     * Server: bytes of shared memory that all its connections may use together; by default a quarter of the memory of
     * the machine or, on Linux, of the limit of this process's control group (its container or service), and
     * 2<sup>30</sup> at most. A connection takes 8192 bytes and both rings, of each 32768 bytes until it grows, and
     * what it has for leases. Clients for whom not enough is left are refused with that reason; of the connections that
     * there are, the server's rings don't grow then, and of a client's ring only memory is used that the client has
     * taken itself.
     */
    public static final ChannelOption<Long> SHM_MAX_MEMORY = valueOf(ShmChannelOption.class, "SHM_MAX_MEMORY");

    /**
     * Server: bytes of shared memory that its connections with one peer may use together, as many as
     * {@link #SHM_MAX_MEMORY} allows by default. A peer is one process if it is of the server's own user; all processes
     * of a user if it is another one, or where the system does not tell the process (NIO, macOS). Clients for whom not
     * enough is left are refused with that reason.
     */
    public static final ChannelOption<Long> SHM_MAX_MEMORY_PER_PEER =
            valueOf(ShmChannelOption.class, "SHM_MAX_MEMORY_PER_PEER");

    /**
     * Server: how many handshakes it has under way at most with clients of its own user, 128 by default, and how many
     * with those of each other user. Further clients wait until one of their user's is done, which takes no longer than
     * {@link #SHM_HANDSHAKE_TIMEOUT_MILLIS}: what clients can take that connect and say nothing is limited by both. Of
     * another user as many wait, and those beyond are refused with that reason. Where the system does not tell users
     * apart (NIO, kqueue, Windows) all count as one.
     */
    public static final ChannelOption<Integer> SHM_MAX_HANDSHAKES =
            valueOf(ShmChannelOption.class, "SHM_MAX_HANDSHAKES");

    @SuppressWarnings("deprecation")
    private ShmChannelOption() {
        super(null);
    }
}
