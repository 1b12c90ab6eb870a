/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.MessageSizeEstimator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.DuplexChannelConfig;
import io.netty.channel.unix.DomainSocketChannelConfig;
import io.netty.channel.unix.DomainSocketReadMode;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.util.internal.ObjectUtil;
import io.nettyipc.base.channel.HalfClosureConfig;
import io.nettyipc.base.channel.OptionTable;
import io.nettyipc.shm.control.HandshakeTerms;
import io.nettyipc.shm.control.LeaseTerms;
import io.nettyipc.shm.lease.LeaseLayout;
import io.nettyipc.shm.ring.RingLayout;

/**
 * The configuration of a {@link ShmChannel}. May be changed by any thread; what concerns the handshake, before it
 * begins.
 *
 * @see ShmChannelOption
 */
@SuppressWarnings("exports") // Users of the module see what Netty's types declare.
public final class ShmChannelConfig extends HalfClosureConfig
        implements DuplexChannelConfig, DomainSocketChannelConfig {

    private static final OptionTable<ShmChannelConfig> OPTIONS = OptionTable.<ShmChannelConfig>of(
                    HalfClosureConfig.OPTIONS)
            .with(
                    UnixChannelOption.DOMAIN_SOCKET_READ_MODE,
                    ShmChannelConfig::getReadMode,
                    ShmChannelConfig::setReadMode)
            .with(
                    ShmChannelOption.SHM_SEND_CAPACITY,
                    ShmChannelConfig::getSendCapacity,
                    ShmChannelConfig::setSendCapacity)
            .with(
                    ShmChannelOption.SHM_RECEIVE_CAPACITY,
                    ShmChannelConfig::getReceiveCapacity,
                    ShmChannelConfig::setReceiveCapacity)
            .with(
                    ShmChannelOption.SHM_LEASE_SEND_MEMORY,
                    ShmChannelConfig::getLeaseSendMemory,
                    ShmChannelConfig::setLeaseSendMemory)
            .with(
                    ShmChannelOption.SHM_LEASE_RECEIVE_MEMORY,
                    ShmChannelConfig::getLeaseReceiveMemory,
                    ShmChannelConfig::setLeaseReceiveMemory)
            .with(ShmChannelOption.SHM_MAX_LEASES, ShmChannelConfig::getMaxLeases, ShmChannelConfig::setMaxLeases)
            .with(
                    ShmChannelOption.SHM_ZERO_COPY_THRESHOLD,
                    ShmChannelConfig::getZeroCopyThreshold,
                    ShmChannelConfig::setZeroCopyThreshold)
            .with(ShmChannelOption.SHM_DOORBELL, ShmChannelConfig::getDoorbell, ShmChannelConfig::setDoorbell)
            .with(
                    ShmChannelOption.SHM_REQUIRE_SEALED,
                    ShmChannelConfig::isRequireSealed,
                    ShmChannelConfig::setRequireSealed)
            .with(ShmChannelOption.SHM_PEER_POLICY, ShmChannelConfig::getPeerPolicy, ShmChannelConfig::setPeerPolicy)
            .with(
                    ShmChannelOption.SHM_HANDSHAKE_TIMEOUT_MILLIS,
                    ShmChannelConfig::getHandshakeTimeoutMillis,
                    ShmChannelConfig::setHandshakeTimeoutMillis);

    private static final int DEFAULT_CAPACITY = 256 << 10;
    private static final int DEFAULT_MAX_LEASES = 1024;
    private static final int DEFAULT_ZERO_COPY_THRESHOLD = 64 << 10;
    private static final int DEFAULT_HANDSHAKE_TIMEOUT_MILLIS = 10_000;

    private volatile int sendCapacity = DEFAULT_CAPACITY;
    private volatile int receiveCapacity = DEFAULT_CAPACITY;
    private volatile int leaseSendMemory;
    private volatile int leaseReceiveMemory;
    private volatile int maxLeases = DEFAULT_MAX_LEASES;
    private volatile int zeroCopyThreshold = DEFAULT_ZERO_COPY_THRESHOLD;
    private volatile ShmDoorbell doorbell = ShmDoorbell.EVENT_FD;
    private volatile boolean requireSealed;
    private volatile ShmPeerPolicy peerPolicy = ShmPeerPolicy.SAME_USER;
    private volatile int handshakeTimeoutMillis = DEFAULT_HANDSHAKE_TIMEOUT_MILLIS;

    ShmChannelConfig(ShmChannel channel) {
        super(channel, OPTIONS);
    }

    HandshakeTerms terms() {
        return new HandshakeTerms(
                sendCapacity,
                receiveCapacity,
                doorbell == ShmDoorbell.EVENT_FD,
                peerPolicy == ShmPeerPolicy.SAME_USER,
                requireSealed,
                new LeaseTerms(leaseSendMemory, leaseReceiveMemory, maxLeases));
    }

    private static int checkCapacity(int capacity, String name) {
        if (!RingLayout.isCapacity(capacity)) {
            throw new IllegalArgumentException(name + ": " + capacity + " (expected: a power of two from "
                    + RingLayout.MIN_CAPACITY + " to " + RingLayout.MAX_CAPACITY + ')');
        }
        return capacity;
    }

    /** In bytes; see {@link ShmChannelOption#SHM_SEND_CAPACITY}. */
    public int getSendCapacity() {
        return sendCapacity;
    }

    /** In bytes; see {@link ShmChannelOption#SHM_SEND_CAPACITY}. */
    public ShmChannelConfig setSendCapacity(int sendCapacity) {
        this.sendCapacity = checkCapacity(sendCapacity, "sendCapacity");
        return this;
    }

    /** In bytes; see {@link ShmChannelOption#SHM_RECEIVE_CAPACITY}. */
    public int getReceiveCapacity() {
        return receiveCapacity;
    }

    /** In bytes; see {@link ShmChannelOption#SHM_RECEIVE_CAPACITY}. */
    public ShmChannelConfig setReceiveCapacity(int receiveCapacity) {
        this.receiveCapacity = checkCapacity(receiveCapacity, "receiveCapacity");
        return this;
    }

    /** In bytes; see {@link ShmChannelOption#SHM_LEASE_SEND_MEMORY}. */
    public int getLeaseSendMemory() {
        return leaseSendMemory;
    }

    /** In bytes; see {@link ShmChannelOption#SHM_LEASE_SEND_MEMORY}. */
    public ShmChannelConfig setLeaseSendMemory(int leaseSendMemory) {
        this.leaseSendMemory =
                ObjectUtil.checkInRange(leaseSendMemory, 0, LeaseLayout.MAX_SLOT_BYTES, "leaseSendMemory");
        return this;
    }

    /** In bytes; see {@link ShmChannelOption#SHM_LEASE_RECEIVE_MEMORY}. */
    public int getLeaseReceiveMemory() {
        return leaseReceiveMemory;
    }

    /** In bytes; see {@link ShmChannelOption#SHM_LEASE_RECEIVE_MEMORY}. */
    public ShmChannelConfig setLeaseReceiveMemory(int leaseReceiveMemory) {
        this.leaseReceiveMemory =
                ObjectUtil.checkInRange(leaseReceiveMemory, 0, LeaseLayout.MAX_SLOT_BYTES, "leaseReceiveMemory");
        return this;
    }

    /** See {@link ShmChannelOption#SHM_MAX_LEASES}. */
    public int getMaxLeases() {
        return maxLeases;
    }

    /** See {@link ShmChannelOption#SHM_MAX_LEASES}. */
    public ShmChannelConfig setMaxLeases(int maxLeases) {
        this.maxLeases = ObjectUtil.checkInRange(maxLeases, 1, LeaseLayout.MAX_LEASES, "maxLeases");
        return this;
    }

    /** In bytes; see {@link ShmChannelOption#SHM_ZERO_COPY_THRESHOLD}. */
    public int getZeroCopyThreshold() {
        return zeroCopyThreshold;
    }

    /** In bytes; see {@link ShmChannelOption#SHM_ZERO_COPY_THRESHOLD}. */
    public ShmChannelConfig setZeroCopyThreshold(int zeroCopyThreshold) {
        this.zeroCopyThreshold = ObjectUtil.checkPositive(zeroCopyThreshold, "zeroCopyThreshold");
        return this;
    }

    /** See {@link ShmChannelOption#SHM_DOORBELL}. */
    public ShmDoorbell getDoorbell() {
        return doorbell;
    }

    /** See {@link ShmChannelOption#SHM_DOORBELL}. */
    public ShmChannelConfig setDoorbell(ShmDoorbell doorbell) {
        this.doorbell = ObjectUtil.checkNotNull(doorbell, "doorbell");
        return this;
    }

    /** See {@link ShmChannelOption#SHM_REQUIRE_SEALED}. */
    public boolean isRequireSealed() {
        return requireSealed;
    }

    /** See {@link ShmChannelOption#SHM_REQUIRE_SEALED}. */
    public ShmChannelConfig setRequireSealed(boolean requireSealed) {
        this.requireSealed = requireSealed;
        return this;
    }

    /** See {@link ShmChannelOption#SHM_PEER_POLICY}. */
    public ShmPeerPolicy getPeerPolicy() {
        return peerPolicy;
    }

    /** See {@link ShmChannelOption#SHM_PEER_POLICY}. */
    public ShmChannelConfig setPeerPolicy(ShmPeerPolicy peerPolicy) {
        this.peerPolicy = ObjectUtil.checkNotNull(peerPolicy, "peerPolicy");
        return this;
    }

    /** In milliseconds; see {@link ShmChannelOption#SHM_HANDSHAKE_TIMEOUT_MILLIS}. */
    public int getHandshakeTimeoutMillis() {
        return handshakeTimeoutMillis;
    }

    /** In milliseconds; see {@link ShmChannelOption#SHM_HANDSHAKE_TIMEOUT_MILLIS}. */
    public ShmChannelConfig setHandshakeTimeoutMillis(int handshakeTimeoutMillis) {
        this.handshakeTimeoutMillis = ObjectUtil.checkPositive(handshakeTimeoutMillis, "handshakeTimeoutMillis");
        return this;
    }

    @Override
    public ShmChannelConfig setAllowHalfClosure(boolean allowHalfClosure) {
        super.setAllowHalfClosure(allowHalfClosure);
        return this;
    }

    /** Always {@link DomainSocketReadMode#BYTES}. */
    @Override
    public DomainSocketReadMode getReadMode() {
        return DomainSocketReadMode.BYTES;
    }

    /**
     * Takes {@link DomainSocketReadMode#BYTES} only.
     *
     * @throws IllegalArgumentException for {@link DomainSocketReadMode#FILE_DESCRIPTORS}: shared memory passes no
     *     descriptors
     */
    @Override
    public ShmChannelConfig setReadMode(DomainSocketReadMode mode) {
        if (ObjectUtil.checkNotNull(mode, "mode") != DomainSocketReadMode.BYTES) {
            throw new IllegalArgumentException("mode: " + mode
                    + " (expected: BYTES; shared memory does not pass file descriptors, use a Unix socket)");
        }
        return this;
    }

    @Override
    public ShmChannelConfig setConnectTimeoutMillis(int connectTimeoutMillis) {
        super.setConnectTimeoutMillis(connectTimeoutMillis);
        return this;
    }

    @Deprecated
    @Override
    public ShmChannelConfig setMaxMessagesPerRead(int maxMessagesPerRead) {
        super.setMaxMessagesPerRead(maxMessagesPerRead);
        return this;
    }

    @Override
    public ShmChannelConfig setWriteSpinCount(int writeSpinCount) {
        super.setWriteSpinCount(writeSpinCount);
        return this;
    }

    @Override
    public ShmChannelConfig setAllocator(ByteBufAllocator allocator) {
        super.setAllocator(allocator);
        return this;
    }

    @Override
    public ShmChannelConfig setRecvByteBufAllocator(RecvByteBufAllocator recvByteBufAllocator) {
        super.setRecvByteBufAllocator(recvByteBufAllocator);
        return this;
    }

    @Override
    public ShmChannelConfig setAutoRead(boolean autoRead) {
        super.setAutoRead(autoRead);
        return this;
    }

    @Override
    public ShmChannelConfig setAutoClose(boolean autoClose) {
        super.setAutoClose(autoClose);
        return this;
    }

    @Deprecated
    @Override
    public ShmChannelConfig setWriteBufferHighWaterMark(int writeBufferHighWaterMark) {
        super.setWriteBufferHighWaterMark(writeBufferHighWaterMark);
        return this;
    }

    @Deprecated
    @Override
    public ShmChannelConfig setWriteBufferLowWaterMark(int writeBufferLowWaterMark) {
        super.setWriteBufferLowWaterMark(writeBufferLowWaterMark);
        return this;
    }

    @Override
    public ShmChannelConfig setWriteBufferWaterMark(WriteBufferWaterMark writeBufferWaterMark) {
        super.setWriteBufferWaterMark(writeBufferWaterMark);
        return this;
    }

    @Override
    public ShmChannelConfig setMessageSizeEstimator(MessageSizeEstimator messageSizeEstimator) {
        super.setMessageSizeEstimator(messageSizeEstimator);
        return this;
    }
}
