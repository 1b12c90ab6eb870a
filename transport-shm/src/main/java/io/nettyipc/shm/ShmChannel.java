/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPipeline;
import io.netty.channel.FileRegion;
import io.netty.channel.IoEventLoop;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.unix.DomainSocketChannel;
import io.netty.channel.unix.FileDescriptor;
import io.nettyipc.base.channel.AbstractIpcChannel;
import io.nettyipc.base.channel.ConnectAttempt;
import io.nettyipc.base.channel.NoDescriptor;
import io.nettyipc.base.os.ThreadProcessor;
import io.nettyipc.pipe.NamedPipePeer;
import io.nettyipc.shm.control.ShmConnection;
import io.nettyipc.shm.lease.LeaseListener;
import io.nettyipc.shm.lease.LeasePair;
import io.nettyipc.shm.ring.CorruptRingException;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;

/**
 * One end of a connection over shared memory: a stream of bytes each way, as a socket has.
 *
 * <p><b>Reading</b> copies what is in the peer's ring to a buffer of the channel's allocator; {@code AUTO_READ} off
 * leaves it there, and the peer's writes stop when its ring is full. <b>Writing</b> copies to this side's ring; what
 * does not fit waits in the outbound buffer, so that {@link #isWritable()} and the water marks work as with sockets.
 * Heap and direct buffers are copied alike. A small message is copied when it is written, if there is room, and sent
 * when it is flushed.
 *
 * <p><b>Half-close</b> works as with sockets. <b>Closing</b> discards nothing that was written to the ring: the peer
 * reads it, and then the end. A peer that is killed is noticed by the system at once; what it had written before can be
 * read, and then the channel becomes inactive. A peer that writes nonsense where the ring's positions are is reported
 * by {@code exceptionCaught}, and the channel closes.
 *
 * <p>It is a {@link DomainSocketChannel}, because frameworks ask for that type, but there is no descriptor: neither is
 * one passed ({@code DOMAIN_SOCKET_READ_MODE} is {@code BYTES}), nor does {@link #fd()} return one that is open.
 *
 * <p>The two addresses are the server's at both ends. An open channel stays on the event loop that it was registered
 * with first.
 */
@SuppressWarnings("exports") // Users of the module see what Netty's types declare; the skeleton is the transports' own.
public final class ShmChannel extends AbstractIpcChannel implements DomainSocketChannel {

    private final ShmChannelConfig config = new ShmChannelConfig(this);
    private final RingWatch watch = new RingWatch(this);
    private final ChannelEvents events = new ChannelEvents(this);
    private final ChannelCounts counts = new ChannelCounts();
    private final ShmConnector connector;
    private final RingInput input = new RingInput(this, watch, counts);
    /** Null until the channel is connected. */
    private RingOutput output;
    /** Of the loop on which it is connected. */
    private LoopCounts loopCounts;

    /** Whether the pipeline was told that the peer can't be trusted. */
    private boolean corrupt;

    private volatile ShmConnection connection;
    private volatile ShmAddress address;

    /** For {@link io.netty.bootstrap.Bootstrap#channel}. */
    public ShmChannel() {
        super(null);
        connector = new ShmConnector(this, watch, events);
    }

    /** The server's end of a connection that a control channel was accepted for. */
    ShmChannel(ShmServerChannel parent, Channel accepted, HandshakeLimit.Place place) {
        super(parent);
        connector = new ShmConnector(this, watch, events, accepted, place);
        address = parent.localAddress();
    }

    @Override
    public ShmChannelConfig config() {
        return config;
    }

    @Override
    public ShmServerChannel parent() {
        return (ShmServerChannel) super.parent();
    }

    /** The server's address; both ends have the same. */
    @Override
    public ShmAddress localAddress() {
        return (ShmAddress) super.localAddress();
    }

    /** The server's address; both ends have the same. */
    @Override
    public ShmAddress remoteAddress() {
        return (ShmAddress) super.remoteAddress();
    }

    @Override
    protected SocketAddress localAddress0() {
        return address;
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return address;
    }

    void setAddress(ShmAddress address) {
        this.address = address;
    }

    /**
     * Returns a descriptor that isn't open, whose number no file has: bytes go through memory. The descriptor of the
     * control connection is the transport's own, and Windows has none. {@link Shm#peer} says who the peer is.
     */
    @Override
    public FileDescriptor fd() {
        return NoDescriptor.INSTANCE;
    }

    NamedPipePeer peer() {
        return requireConnection().peer();
    }

    /**
     * Returns what the two sides agreed on. May be called from any thread, and after the channel is closed.
     *
     * @throws NotYetConnectedException before {@code channelActive}
     */
    public ShmTerms terms() {
        return ShmTerms.of(requireConnection());
    }

    /**
     * Returns what the channel has counted until now; before it is connected that is nothing. May be called from any
     * thread, and after the channel is closed. {@link Shm#metrics} tells it of all channels of an event loop.
     */
    public ShmChannelMetrics metrics() {
        ShmConnection connection = this.connection;
        return counts.metrics(connection == null ? 0 : connection.timesRung());
    }

    /**
     * Returns what the channel has done with messages that are not copied. May be called from any thread, and after
     * the channel is closed.
     */
    public ShmLeaseMetrics leaseMetrics() {
        ShmConnection connection = this.connection;
        LeasePair leases = connection == null ? null : connection.leases();
        return leases == null ? ShmLeaseMetrics.NONE : counts.leaseMetrics(leases);
    }

    /**
     * Returns what allocates messages that the peer reads where they were written. A direct buffer of
     * {@link ShmChannelOption#SHM_ZERO_COPY_THRESHOLD} bytes or more lies in memory that the peer sees. Written to this
     * channel, all of it or one slice, while nobody else has a reference to it, it is passed to the peer without a
     * copy. All else is allocated and copied as usual: smaller buffers, those for which there is no room, those of
     * other channels, and all of them where the two sides have not agreed on such memory
     * ({@link ShmChannelOption#SHM_LEASE_SEND_MEMORY}).
     *
     * <p>Such a message arrives as a read-only buffer, which the receiver releases as any other, when and on which
     * thread it likes. The memory can be used again when both have released it, or the connection has ended.
     *
     * <p>The peer can read everything in such memory at any time, also what is never sent.
     *
     * <p>May be called, and used, by any thread, and after the channel is closed.
     *
     * @throws NotYetConnectedException before {@code channelActive}
     */
    public ByteBufAllocator sharedAllocator() {
        LeasePair leases = requireConnection().leases();
        return leases == null || leases.sender() == null
                ? config.getAllocator()
                : leases.sender().allocator();
    }

    /**
     * As any channel's, and once it is connected also who the peer is and what the two agreed on: {@code [id:
     * 0x5b1cb98a, L:shm:/run/user/1000/nettyipc/orders.sock - R:shm:/run/user/1000/nettyipc/orders.sock, accepted from
     * process 4711 of alice, SEALED memory, EVENT_FD, sends by 262144 bytes, receives by 262144]}.
     */
    @Override
    public String toString() {
        String text = super.toString();
        ShmConnection connection = this.connection;
        return connection == null
                ? text
                : text.substring(0, text.length() - 1)
                        + (parent() == null ? ", connected to " : ", accepted from ")
                        + described(connection.peer())
                        + ", "
                        + ShmTerms.of(connection).described()
                        + ']';
    }

    private static String described(NamedPipePeer peer) {
        return "process " + (peer.processId() == -1 ? "?" : Long.toString(peer.processId())) + " of "
                + (peer.user() != null ? peer.user() : peer.userId() != -1 ? "user " + peer.userId() : "?");
    }

    private ShmConnection requireConnection() {
        ShmConnection connection = this.connection;
        if (connection == null) {
            throw new NotYetConnectedException();
        }
        return connection;
    }

    @Override
    protected AbstractIpcUnsafe newUnsafe() {
        return new ShmUnsafe();
    }

    @Override
    public Unsafe unsafe() {
        return shmUnsafe().staging;
    }

    private ShmUnsafe shmUnsafe() {
        return (ShmUnsafe) super.unsafe();
    }

    @Override
    protected DefaultChannelPipeline newChannelPipeline() {
        return new PendingBytesPipeline(this);
    }

    // ---- registration and connecting

    @Override
    protected void doRegister(ChannelPromise promise) {
        if (connection != null && !connection.isOn(eventLoop())) {
            promise.setFailure(new IllegalStateException(
                    address + ": an open shared-memory channel can't move to another event loop"));
            return;
        }
        if (connector.isAccepting()) {
            accept(promise);
            return;
        }
        watch.register(shmUnsafe(), promise.addListener(future -> {
            if (future.isSuccess()) {
                watch.wake();
            }
        }));
    }

    /**
     * A server's channel counts as registered from the end of its handshake on, with success or without. So it is
     * active when its handlers are added, as an accepted socket is: some write then, or do not, by what it says.
     */
    private void accept(ChannelPromise promise) {
        watch.register(shmUnsafe(), newPromise().addListener(future -> {
            if (!future.isSuccess()) {
                promise.setFailure(future.cause());
            } else if (isOpen()) {
                connector.accept(promise);
            } else {
                watch.cancel();
                promise.setFailure(new ClosedChannelException());
            }
        }));
    }

    @Override
    protected void doDeregister() {
        input.releaseBuffer();
        watch.cancel();
    }

    @Override
    protected void doConnect(SocketAddress remoteAddress, ConnectAttempt attempt) {
        ShmAddress server = ShmAddress.require(remoteAddress);
        connector.connect(server, attempt);
    }

    /** The handshake is over; the connector tells the pipeline. */
    void connected(ShmConnection connection) {
        if (connection.leases() != null) {
            connection
                    .leases()
                    .start(
                            config.getZeroCopyThreshold(),
                            connection.reader().capacity(),
                            config.getAllocator(),
                            new LeaseEvents());
        }
        this.connection = connection;
        counts.memory(connection.memoryAtFirst());
        loopCounts = watch.loopCounts();
        loopCounts.opened(this);
        input.start(connection);
        output = new RingOutput(this, watch, events, counts, (PendingBytesPipeline) pipeline(), connection);
        connection.start((IoEventLoop) eventLoop(), shmUnsafe());
        if (isOpen()) {
            activate();
            flushNow();
        }
    }

    /** One of the rings uses so many bytes more. */
    void memoryGrew(int bytes) {
        counts.memory(bytes);
    }

    // ---- reading

    @Override
    protected void doBeginRead() {
        input.beginRead();
        watch.wake();
    }

    @Override
    protected void doClearReadPending() {
        input.clearReadPending();
    }

    @SuppressWarnings("deprecation") // It is what Unsafe has.
    RecvByteBufAllocator.Handle recvBufAllocHandle() {
        return shmUnsafe().recvBufAllocHandle();
    }

    /** The input discards what the peer goes on sending. */
    @Override
    protected void doShutdownInput() {
        watch.wake();
    }

    /** Everything that will ever come was read. */
    void inputEnded() {
        shmUnsafe().inputEnded();
        if (connection.isPeerGone()) {
            closeNow();
        }
    }

    // ---- writing

    @Override
    protected Object filterOutboundMessage(Object msg) {
        if (!(msg instanceof ByteBuf) && !(msg instanceof FileRegion)) {
            throw unsupported(msg, "ByteBuf, FileRegion");
        }
        return msg;
    }

    /**
     * Stages a message that is written, if it may be.
     *
     * @param waiting null if the channel is closed, or its output is shut down
     * @return whether it is staged; if not it belongs into the outbound buffer
     */
    boolean stage(Object msg, ChannelPromise promise, ChannelOutboundBuffer waiting) {
        return output != null && output.stage(msg, promise, waiting);
    }

    /** Flushes what was staged, and then what has waited in the outbound buffer. */
    void flushStagedAndWaiting() {
        ChannelOutboundBuffer waiting = shmUnsafe().outboundBuffer();
        if (waiting == null) {
            return;
        }
        if (output == null) {
            waiting.addFlush();
        } else {
            output.flush(waiting);
        }
        flushNow();
    }

    /**
     * A server's channel may be written to as soon as there is one, as an accepted socket may. What is flushed before
     * the end of the handshake waits for it.
     */
    @Override
    protected boolean isFlushPending() {
        return output == null ? connector.isAccepting() : output.isSpaceAwaited();
    }

    void flushNow() {
        shmUnsafe().flushNow();
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer in) throws Exception {
        output.write(in);
    }

    /** The same as Netty's, on a shorter way: handlers ask before each message. */
    @Override
    public boolean isWritable() {
        ChannelOutboundBuffer waiting = shmUnsafe().outboundBuffer();
        return waiting != null && waiting.isWritable();
    }

    @Override
    public long bytesBeforeUnwritable() {
        long bytes = super.bytesBeforeUnwritable();
        RingOutput output = this.output;
        // Another thread's messages, which the outbound buffer counts before they get there, may leave none. But the
        // channel is writable until it says something else.
        return bytes == 0 || output == null ? bytes : Math.max(1, bytes - output.pendingBytes());
    }

    @Override
    protected void doShutdownOutput() throws Exception {
        super.doShutdownOutput();
        if (output != null) {
            try {
                output.shutDown();
            } catch (CorruptRingException e) {
                // After the pipeline was told that the output is shut down.
                eventLoop().execute(() -> corrupt(e));
                throw e;
            }
        }
    }

    /** A write has failed, and {@code AUTO_CLOSE} is off. */
    void failOutput() {
        shmUnsafe().shutdownOutput(newPromise());
    }

    // ---- closing

    void closeNow() {
        shmUnsafe().close();
    }

    /**
     * The peer does what it can't do rightly: nothing of it is to be trusted any more. The first fault that is found
     * closes the channel; a handler that is told of it may write, flush or close, which finds it again.
     */
    void corrupt(CorruptRingException cause) {
        if (!corrupt && isActive()) {
            corrupt = true;
            connection.distrust();
            events.peerFailed(cause);
            pipeline().fireExceptionCaught(cause);
            closeNow();
        }
    }

    @Override
    protected void doClose() throws Exception {
        if (!isOpen()) {
            return;
        }
        super.doClose();
        input.releaseBuffer();
        try {
            if (connection != null) {
                connection.runOnLoop(this::closeConnection);
            }
        } finally {
            connector.close();
            if (!isRegistered()) {
                // It was closed before it counted as registered, so that nobody will deregister it.
                watch.cancel();
            }
        }
    }

    private void closeConnection() {
        try {
            output.discard();
        } finally {
            try {
                connection.close();
            } finally {
                counts.noMemory();
                loopCounts.closed(this);
            }
        }
    }

    private final class LeaseEvents implements LeaseListener {

        @Override
        public void exhausted(Limit limit) {
            ShmLeasesExhaustedEvent event = switch (limit) {
                case MEMORY -> ShmLeasesExhaustedEvent.MEMORY;
                case LEASES_OUT -> ShmLeasesExhaustedEvent.PEER_HOLDS_ALL;
                case LEASES_HELD -> ShmLeasesExhaustedEvent.HOLDS_ALL;
            };
            connection.runSoon(() -> {
                events.leasesExhausted(event);
                pipeline().fireUserEventTriggered(event);
            });
        }

        @Override
        public void corrupt(CorruptRingException cause) {
            connection.runSoon(() -> ShmChannel.this.corrupt(cause));
        }
    }

    /**
     * What the loop polls and the control connection tells. Netty has a channel's unsafe in the channel, which makes
     * this file longer than others.
     */
    final class ShmUnsafe extends AbstractIpcUnsafe implements ShmIoHandle, ShmConnection.Listener {

        /** The pipeline calls this one. */
        final StagingUnsafe staging = new StagingUnsafe(ShmChannel.this, this);

        @Override
        public void rung() {
            counts.doorbellHeard();
            watch.wake();
        }

        @Override
        public void peerGone() {
            output.peerGone();
            // A listener of the writes that failed may have closed the channel.
            if (!isActive()) {
                return;
            }
            try {
                if (input.isExhausted()) {
                    close();
                } else {
                    watch.wake();
                }
            } catch (CorruptRingException e) {
                corrupt(e);
            }
        }

        @Override
        public void failed(Throwable cause) {
            connector.failed(cause);
        }

        @Override
        public boolean isRing() {
            return true;
        }

        @Override
        public void setProcessor(int processor) {
            if (!isActive()) {
                return;
            }
            try {
                connection.setProcessor(processor);
            } catch (CorruptRingException e) {
                // The next poll says so.
            }
        }

        @Override
        public int peerProcessor() {
            if (!isActive()) {
                return ThreadProcessor.UNKNOWN;
            }
            try {
                return connection.peerProcessor();
            } catch (CorruptRingException e) {
                // The next poll says so.
                return ThreadProcessor.UNKNOWN;
            }
        }

        @Override
        public boolean poll() {
            if (!isActive()) {
                return false;
            }
            try {
                boolean written = output.poll();
                // A listener of what was written may have closed the channel.
                return (isActive() && input.poll()) || written;
            } catch (CorruptRingException e) {
                corrupt(e);
                return true;
            }
        }

        @Override
        public boolean sleep() {
            if (!isActive()) {
                return true;
            }
            try {
                boolean asleep = input.sleep() && output.sleep();
                if (asleep) {
                    input.releaseBuffer();
                    output.trim();
                }
                return asleep;
            } catch (CorruptRingException e) {
                corrupt(e);
                return true;
            }
        }
    }
}
