/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import io.netty.buffer.ByteBuf;
import io.netty.channel.AbstractChannel;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.DefaultChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.FileRegion;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.channel.unix.DomainSocketChannel;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.UncheckedBooleanSupplier;
import io.netty.util.concurrent.Future;
import io.netty.util.internal.StringUtil;
import io.nettyipc.base.channel.NoDescriptor;
import io.nettyipc.pipe.NamedPipePeer;
import io.nettyipc.shm.control.ControlConnection;
import io.nettyipc.shm.control.Handshake;
import io.nettyipc.shm.control.HandshakeException;
import io.nettyipc.shm.control.Link;
import io.nettyipc.shm.control.PeerUser;
import io.nettyipc.shm.ring.CorruptRingException;
import io.nettyipc.shm.ring.RingReader;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.NotYetConnectedException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * One end of a connection over shared memory: a stream of bytes each way, as a socket has.
 *
 * <p><b>Reading</b> copies what is in the peer's ring to a buffer of the channel's allocator; {@code AUTO_READ} off leaves
 * it there, and the peer's writes stop when its ring is full. <b>Writing</b> copies to this side's ring; what does not fit
 * waits in the outbound buffer, so that {@link #isWritable()} and the water marks work as with sockets. Heap and direct
 * buffers are copied alike. A small message is copied when it is written, if there is room, and sent when it is flushed.
 *
 * <p><b>Half-close</b> works as with sockets. <b>Closing</b> discards nothing that was written to the ring: the peer reads
 * it, and then the end. A peer that is killed is noticed by the system at once; what it had written before can be read, and
 * then the channel becomes inactive. A peer that writes nonsense where the ring's positions are is told of by
 * {@code exceptionCaught}, and the channel closes.
 *
 * <p>It is a {@link DomainSocketChannel}, because frameworks ask for that type, but there is no descriptor: neither is one
 * passed ({@code DOMAIN_SOCKET_READ_MODE} is {@code BYTES}), nor does {@link #fd()} return one that is open.
 *
 * <p>The two addresses are the server's at both ends. An open channel stays on the event loop that it was registered with
 * first.
 */
public final class ShmChannel extends AbstractChannel implements DomainSocketChannel {

    private static final ChannelMetadata METADATA = new ChannelMetadata(false, 16);

    /** So many bytes' space is given back to the writer before they are handled. */
    private static final int RELEASE_BYTES = 32 << 10;

    private final ShmChannelConfig config = new ShmChannelConfig(this);

    private IoRegistration registration;
    private RingRegistration ring;
    /** Of an accepted connection, until the handshake begins. */
    private Channel accepted;

    private Handshake handshake;
    private ChannelFuture controlAttempt;
    private ChannelPromise connectPromise;
    private Future<?> connectTimeout;
    private Future<?> handshakeTimeout;

    private Link link;
    private StagedMessages staged;
    private RingOutput output;
    private IoEventLoop linkLoop;
    /** Of a server's channel, until it is connected: it counts as one of the handshakes under way. */
    private HandshakeLimit.Place place;
    /** Of the server's budget. */
    private MemoryBudget.Reservation reserved;

    private final NextBuffer nextBuffer = new NextBuffer();
    private boolean readPending;
    private boolean spaceAwaited;
    private boolean peerGone;
    /** Everything that will ever come was read. */
    private boolean inputEnded;

    private volatile NamedPipePeer peer;
    private volatile ShmTerms terms;
    private volatile ShmAddress address;
    private volatile boolean open = true;
    private volatile boolean active;
    private volatile boolean inputShutdown;
    private volatile boolean outputShutdown;

    /** For {@link io.netty.bootstrap.Bootstrap#channel}. */
    public ShmChannel() {
        super(null);
    }

    /** The server's end of a connection that a control channel was accepted for. */
    ShmChannel(ShmServerChannel parent, Channel accepted, HandshakeLimit.Place place) {
        super(parent);
        this.accepted = accepted;
        this.place = place;
        address = parent.localAddress();
    }

    @Override
    public ShmChannelConfig config() {
        return config;
    }

    @Override
    public ChannelMetadata metadata() {
        return METADATA;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public boolean isActive() {
        return active;
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

    /**
     * Returns a descriptor that isn't open, whose number no file has: bytes go through memory. The descriptor of the
     * control connection is the transport's own, and Windows has none. {@link Shm#peer} says who the peer is.
     */
    @Override
    public FileDescriptor fd() {
        return NoDescriptor.INSTANCE;
    }

    NamedPipePeer peer() {
        NamedPipePeer peer = this.peer;
        if (peer == null) {
            throw new NotYetConnectedException();
        }
        return peer;
    }

    /**
     * Returns what the two sides agreed on. May be called from any thread, and after the channel is closed.
     *
     * @throws NotYetConnectedException before {@code channelActive}
     */
    public ShmTerms terms() {
        ShmTerms terms = this.terms;
        if (terms == null) {
            throw new NotYetConnectedException();
        }
        return terms;
    }

    private static ShmTerms termsOf(Link link) {
        ShmMemory memory = switch (link.memory()) {
            case MEMFD -> ShmMemory.SEALED;
            case SECTION -> ShmMemory.SECTION;
            case FILE -> ShmMemory.FILE;
        };
        return new ShmTerms(
                memory,
                link.isEventFd() ? ShmDoorbell.EVENT_FD : ShmDoorbell.CONTROL_BYTE,
                link.writer().capacity(),
                link.reader().capacity());
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
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

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return loop instanceof IoEventLoop ioLoop && ioLoop.isCompatible(ShmUnsafe.class);
    }

    @Override
    protected void doBind(SocketAddress localAddress) {
        throw new UnsupportedOperationException("a client of shared memory has no address of its own to bind to");
    }

    // ---- registration and handshake

    @Override
    protected void doRegister(ChannelPromise promise) {
        if (linkLoop != null && linkLoop != eventLoop()) {
            promise.setFailure(new IllegalStateException(
                    address + ": an open shared-memory channel can't move to another event loop"));
            return;
        }
        ((IoEventLoop) eventLoop()).register(shmUnsafe()).addListener(future -> {
            if (!future.isSuccess()) {
                promise.setFailure(future.cause());
                return;
            }
            registration = (IoRegistration) future.getNow();
            ring = registration.attachment();
            promise.setSuccess();
            if (accepted != null && open) {
                beginAccepted();
            } else if (active) {
                ring.wake();
            }
        });
    }

    private void beginAccepted() {
        ControlConnection control;
        try {
            control = ring.handler().control((IoEventLoop) eventLoop()).accepted(accepted);
        } catch (IllegalStateException e) {
            shmUnsafe().failed(e);
            return;
        }
        accepted = null;
        begin(Handshake.server(control, config.terms(), this::reserveMemory, shmUnsafe()));
    }

    private void begin(Handshake handshake) {
        this.handshake = handshake;
        int millis = config.getHandshakeTimeoutMillis();
        handshakeTimeout = eventLoop()
                .schedule(
                        () -> handshake.fail(
                                new HandshakeException("the handshake took longer than " + millis + " ms")),
                        millis,
                        TimeUnit.MILLISECONDS);
        handshake.start((IoEventLoop) eventLoop());
    }

    private void reserveMemory(NamedPipePeer peer, PeerUser user, long bytes) throws HandshakeException {
        reserved = parent().memory().reserve(peer, user, bytes);
    }

    private void handshakeEnded() {
        handshake = null;
        if (place != null) {
            HandshakeLimit.Place ended = place;
            place = null;
            ended.giveBack();
        }
    }

    private void cancelTimeouts() {
        if (connectTimeout != null) {
            connectTimeout.cancel(false);
        }
        if (handshakeTimeout != null) {
            handshakeTimeout.cancel(false);
        }
    }

    @Override
    protected void doDeregister() {
        nextBuffer.release();
        if (registration != null) {
            registration.cancel();
            registration = null;
            ring = null;
        }
    }

    // ---- reading

    @Override
    protected void doBeginRead() {
        readPending = true;
        if (ring != null) {
            ring.wake();
        }
    }

    void clearReadPending() {
        if (isRegistered() && !eventLoop().inEventLoop()) {
            eventLoop().execute(this::clearReadPending);
        } else {
            readPending = false;
        }
    }

    private boolean wantsData() {
        return !inputEnded && (readPending || inputShutdown);
    }

    // ---- writing

    @Override
    protected Object filterOutboundMessage(Object msg) {
        if (!(msg instanceof ByteBuf) && !(msg instanceof FileRegion)) {
            throw new UnsupportedOperationException("unsupported message type: " + StringUtil.simpleClassName(msg)
                    + " (expected: ByteBuf, FileRegion)");
        }
        return msg;
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer in) throws Exception {
        try {
            if (peerGone || link.writer().isReaderClosed()) {
                failWrites(in);
                return;
            }
            spaceAwaited = !output.write(in) && active && !outputShutdown;
        } catch (CorruptRingException e) {
            failFlushed(in, e);
            shmUnsafe().corrupt(e);
            return;
        }
        if (ring != null) {
            if (spaceAwaited) {
                ring.wake();
            } else {
                ring.sent();
            }
        }
    }

    /**
     * What the peer sent before it went can still be read, and the channel closes after that; closing now would lose it.
     */
    private void failWrites(ChannelOutboundBuffer in) throws IOException {
        IOException cause = peerGoneException();
        if (!config.isAutoClose()) {
            // That shuts the output down.
            throw cause;
        }
        failFlushed(in, cause);
    }

    /** Fails only what is flushed now: listeners may write and flush again, for ever. */
    private static void failFlushed(ChannelOutboundBuffer in, Throwable cause) {
        for (int flushed = in.size(); flushed > 0; flushed--) {
            in.remove(cause);
        }
    }

    private IOException peerGoneException() {
        return new IOException(address + ": the peer is gone");
    }

    /**
     * Stages a message that is written, if it may be.
     *
     * @return whether it is staged; if not it belongs into the outbound buffer
     */
    boolean stage(Object msg, ChannelPromise promise) {
        if (staged == null) {
            return false;
        }
        ChannelOutboundBuffer waiting = shmUnsafe().outboundBuffer();
        if (msg instanceof ByteBuf message && active && !outputShutdown && !peerGone && waiting != null) {
            try {
                if (staged.stage(message, promise, waiting)) {
                    return true;
                }
            } catch (CorruptRingException e) {
                // Found again when the message is flushed.
            }
        }
        staged.count();
        return false;
    }

    /** Flushes what was staged, and then what has waited in the outbound buffer. */
    void flushStagedAndWaiting() {
        ShmUnsafe unsafe = shmUnsafe();
        ChannelOutboundBuffer waiting = unsafe.outboundBuffer();
        if (waiting == null) {
            return;
        }
        if (staged == null || staged.isEmpty()) {
            waiting.addFlush();
        } else {
            try {
                staged.commit();
            } catch (CorruptRingException e) {
                unsafe.corrupt(e);
                return;
            }
            // Before a listener writes what is not to be flushed.
            waiting.addFlush();
            if (peerGone || link.writer().wasReaderClosed()) {
                staged.fail(peerGoneException());
                if (active && !config.isAutoClose()) {
                    // As when doWrite fails.
                    unsafe.shutdownOutput(newPromise());
                }
            } else {
                staged.succeed();
            }
            if (active && ring != null) {
                ring.sent();
            }
        }
        unsafe.flush0();
    }

    @Override
    public long bytesBeforeUnwritable() {
        long bytes = super.bytesBeforeUnwritable();
        StagedMessages staged = this.staged;
        // Another thread's messages, which the outbound buffer counts before they get there, may leave none. But the
        // channel is writable until it says something else.
        return bytes == 0 || staged == null ? bytes : Math.max(1, bytes - staged.pendingBytes());
    }

    @Override
    protected void doShutdownOutput() throws IOException {
        outputShutdown = true;
        spaceAwaited = false;
        if (link != null) {
            staged.discard(new ChannelOutputShutdownException("the output is shut down"));
            if (link.writer().end()) {
                link.ring();
            }
        }
    }

    // ---- closing

    @Override
    protected void doDisconnect() {
        doClose();
    }

    @Override
    protected void doClose() {
        if (!open) {
            return;
        }
        open = false;
        active = false;
        nextBuffer.release();
        cancelTimeouts();
        if (controlAttempt != null) {
            controlAttempt.cancel(false);
            controlAttempt = null;
        }
        if (accepted != null) {
            accepted.unsafe().closeForcibly();
            accepted = null;
        }
        if (handshake != null) {
            handshake.fail(new ClosedChannelException());
        }
        handshakeEnded();
        if (connectPromise != null) {
            connectPromise.tryFailure(new ClosedChannelException());
            connectPromise = null;
        }
        try {
            if (link != null) {
                closeLinkOnItsLoop();
            }
        } finally {
            if (reserved != null) {
                reserved.release();
            }
        }
    }

    /** What is not allowed to move to another loop is closed by that one's thread, while its own may be using the ring. */
    private void closeLinkOnItsLoop() {
        if (!linkLoop.inEventLoop()) {
            try {
                linkLoop.execute(this::closeLink);
                return;
            } catch (RejectedExecutionException e) {
                // The loop has ended, and uses nothing any more.
            }
        }
        closeLink();
    }

    private void closeLink() {
        try {
            staged.discard(new ClosedChannelException());
            if (!peerGone) {
                link.reader().close();
                if (link.writer().end()) {
                    link.ring();
                }
            }
        } catch (CorruptRingException e) {
            // The end of the control connection tells the peer as well.
        } finally {
            link.close();
        }
    }

    @Override
    public boolean isInputShutdown() {
        return inputShutdown || !open;
    }

    @Override
    public boolean isOutputShutdown() {
        return outputShutdown || !open;
    }

    @Override
    public boolean isShutdown() {
        return isInputShutdown() && isOutputShutdown();
    }

    /** Stops reading for good. What the peer goes on sending is discarded. */
    @Override
    public ChannelFuture shutdownInput() {
        return shutdownInput(newPromise());
    }

    /** Stops reading for good. What the peer goes on sending is discarded. */
    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
        if (!eventLoop().inEventLoop()) {
            eventLoop().execute(() -> shutdownInput(promise));
        } else if (!promise.setUncancellable()) {
            return promise;
        } else if (!open) {
            promise.tryFailure(new ClosedChannelException());
        } else if (!active) {
            promise.tryFailure(new NotYetConnectedException());
        } else {
            inputShutdown = true;
            if (ring != null) {
                ring.wake();
            }
            promise.trySuccess();
        }
        return promise;
    }

    /** Tells the peer that no more will come; it reads what was written, and then the end. */
    @Override
    public ChannelFuture shutdownOutput() {
        return shutdownOutput(newPromise());
    }

    /** Tells the peer that no more will come; it reads what was written, and then the end. */
    @Override
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
        if (!eventLoop().inEventLoop()) {
            eventLoop().execute(() -> shutdownOutput(promise));
        } else if (open && !active) {
            promise.tryFailure(new NotYetConnectedException());
        } else {
            shmUnsafe().shutdownOutput(promise);
        }
        return promise;
    }

    @Override
    public ChannelFuture shutdown() {
        return shutdown(newPromise());
    }

    @Override
    public ChannelFuture shutdown(ChannelPromise promise) {
        shutdownOutput()
                .addListener(output -> shutdownInput().addListener(input -> {
                    Throwable cause = output.cause() != null ? output.cause() : input.cause();
                    if (cause == null) {
                        promise.trySuccess();
                    } else {
                        promise.tryFailure(cause);
                    }
                }));
        return promise;
    }

    private final class ShmUnsafe extends AbstractUnsafe
            implements ShmIoHandle, Handshake.Result, Link.Listener, UncheckedBooleanSupplier {

        /** What the pipeline calls instead of this. */
        final StagingUnsafe staging = new StagingUnsafe(ShmChannel.this, this);

        // ---- connecting

        @Override
        public void connect(SocketAddress remoteAddress, SocketAddress localAddress, ChannelPromise promise) {
            if (promise.isDone() || !ensureOpen(promise)) {
                return;
            }
            try {
                if (connectPromise != null) {
                    throw new ConnectionPendingException();
                }
                if (active) {
                    throw new AlreadyConnectedException();
                }
                if (localAddress != null) {
                    throw new IllegalArgumentException(
                            "a client of shared memory has no address of its own, but was to be" + " bound to "
                                    + localAddress);
                }
                ShmAddress shm = ShmAddress.require(remoteAddress);
                if (ring == null) {
                    throw new IllegalStateException(shm + ": the channel is not registered with an event loop");
                }
                connectPromise = promise;
                try {
                    connect(shm);
                } catch (Throwable t) {
                    connectPromise = null;
                    cancelTimeouts();
                    throw t;
                }
            } catch (Throwable t) {
                promise.tryFailure(t);
                closeIfClosed();
                return;
            }
            promise.addListener(future -> {
                if (future.isCancelled()) {
                    close(voidPromise());
                }
            });
        }

        private void connect(ShmAddress shm) {
            int millis = config.getConnectTimeoutMillis();
            if (millis > 0) {
                connectTimeout = eventLoop()
                        .schedule(
                                () -> giveUp(new ConnectTimeoutException(
                                        "connection timed out after " + millis + " ms: " + shm)),
                                millis,
                                TimeUnit.MILLISECONDS);
            }
            controlAttempt = ring.handler()
                    .control((IoEventLoop) eventLoop())
                    .connect(
                            eventLoop(),
                            shm.control(),
                            millis,
                            control -> controlConnected(shm, control),
                            this::failed);
        }

        private void controlConnected(ShmAddress shm, ControlConnection control) {
            controlAttempt = null;
            if (!open) {
                control.close();
                return;
            }
            address = shm;
            begin(Handshake.client(control, config.terms(), this));
        }

        private void giveUp(Throwable cause) {
            if (handshake != null) {
                handshake.fail(cause);
            } else {
                failed(cause);
            }
        }

        @Override
        public void failed(Throwable cause) {
            if (!open) {
                return;
            }
            handshakeEnded();
            if (connectPromise != null) {
                ChannelPromise promise = connectPromise;
                connectPromise = null;
                promise.tryFailure(cause);
            } else {
                // Who connects and goes without a word only wants to know whether somebody listens.
                if (!(cause instanceof ClosedChannelException)) {
                    pipeline().fireExceptionCaught(cause);
                }
            }
            close(voidPromise());
        }

        @Override
        public void connected(Link newLink) {
            handshakeEnded();
            cancelTimeouts();
            linkLoop = (IoEventLoop) eventLoop();
            link = newLink;
            PendingBytesPipeline pipeline = (PendingBytesPipeline) pipeline();
            staged = new StagedMessages(config, pipeline, newLink);
            output = new RingOutput(config, pipeline, newLink);
            peer = newLink.peer();
            terms = termsOf(newLink);
            newLink.start(linkLoop, this);
            if (!open) {
                return;
            }
            active = true;
            ChannelPromise promise = connectPromise;
            connectPromise = null;
            boolean wanted = promise == null || promise.trySuccess();
            pipeline().fireChannelActive();
            if (!wanted) {
                close(voidPromise());
            } else if (ring != null) {
                ring.wake();
            }
        }

        // ---- the peer

        @Override
        public void rung() {
            if (active && ring != null) {
                ring.wake();
            }
        }

        @Override
        public void peerGone() {
            peerGone = true;
            if (spaceAwaited) {
                spaceAwaited = false;
                flush0();
            }
            // A listener of the writes that failed may have closed the channel.
            if (!active) {
                return;
            }
            try {
                // With AUTO_READ off nobody may ever ask for what is there, but nothing is lost if nothing is.
                if (inputEnded || (!wantsData() && link.reader().readableBytes() == 0)) {
                    close(voidPromise());
                } else if (ring != null) {
                    ring.wake();
                }
            } catch (CorruptRingException e) {
                corrupt(e);
            }
        }

        // ---- rings

        @Override
        public boolean isRing() {
            return true;
        }

        @Override
        public boolean poll() {
            if (!active) {
                return false;
            }
            boolean done = false;
            try {
                if (spaceAwaited && link.writer().hasEnoughSpace()) {
                    link.writer().wake();
                    spaceAwaited = false;
                    flush0();
                    done = true;
                }
                if (active && hasInput()) {
                    link.reader().wake();
                    read();
                    done = true;
                }
            } catch (CorruptRingException e) {
                corrupt(e);
                return true;
            }
            return done;
        }

        /** The end is told of without being asked for, once all before it was read; data is not. */
        private boolean hasInput() throws CorruptRingException {
            if (inputEnded) {
                return false;
            }
            if (link.reader().readableBytes() > 0) {
                return wantsData();
            }
            return peerGone || link.reader().isEnded();
        }

        @Override
        public boolean sleep() {
            if (!active) {
                return true;
            }
            try {
                // Data that nobody wants now is no reason to stay awake.
                boolean noInput = inputEnded || link.reader().sleepUntilData() || !hasInput();
                boolean asleep = noInput && (!spaceAwaited || link.writer().sleepUntilSpace());
                if (asleep) {
                    nextBuffer.release();
                    staged.trim();
                }
                return asleep;
            } catch (CorruptRingException e) {
                corrupt(e);
                return true;
            }
        }

        @Override
        protected void flush0() {
            // What is flushed waits with the rest until the peer has made room.
            if (!spaceAwaited) {
                super.flush0();
            }
        }

        private void read() {
            ChannelPipeline pipeline = pipeline();
            var allocHandle = recvBufAllocHandle();
            RingReader reader = link.reader();
            ByteBuf buffer = nextBuffer.take();
            if (buffer == null) {
                allocHandle.reset(config);
            }
            boolean ended = false;
            Throwable failure = null;
            try {
                do {
                    if (buffer == null) {
                        buffer = allocHandle.allocate(config.getAllocator());
                    }
                    allocHandle.attemptedBytesRead(buffer.writableBytes());
                    allocHandle.lastBytesRead(reader.read(buffer));
                    if (allocHandle.lastBytesRead() == 0) {
                        buffer.release();
                        buffer = null;
                        // A buffer without room says nothing about what is left.
                        ended = reader.readableBytes() == 0 && (reader.isEnded() || peerGone);
                        break;
                    }
                    if (reader.unreleased() >= RELEASE_BYTES || reader.unreleased() >= reader.capacity() / 2) {
                        release();
                    }
                    ByteBuf message = buffer;
                    buffer = null;
                    allocHandle.incMessagesRead(1);
                    if (inputShutdown) {
                        message.release();
                    } else {
                        readPending = false;
                        pipeline.fireChannelRead(message);
                    }
                } while (active && continueReading(allocHandle));
            } catch (Throwable t) {
                failure = t;
                if (buffer != null) {
                    buffer.release();
                }
            }
            if (ended) {
                readPending = false;
            }
            allocHandle.readComplete();
            if (!inputShutdown) {
                pipeline.fireChannelReadComplete();
            }
            if (active) {
                // Not before what was read is handled: the peer waits for an answer rather than for space.
                try {
                    release();
                } catch (CorruptRingException e) {
                    failure = e;
                }
            }
            if (active && readPending && ring != null && ring.isAwaited()) {
                try {
                    nextBuffer.prepare(allocHandle, config);
                } catch (Throwable t) {
                    // Nothing is there to be read now. If it happens again, that read fails.
                }
            }
            if (failure != null) {
                pipeline.fireExceptionCaught(failure);
                if (failure instanceof IOException || failure instanceof OutOfMemoryError) {
                    close(voidPromise());
                }
            } else if (ended && active) {
                inputEnds();
            }
        }

        @SuppressWarnings("deprecation") // It is what recvBufAllocHandle() gives.
        private boolean continueReading(RecvByteBufAllocator.Handle allocHandle) {
            return allocHandle instanceof RecvByteBufAllocator.ExtendedHandle extended
                    ? extended.continueReading(this)
                    : allocHandle.continueReading();
        }

        /** Whether there is more to read, for an allocator that would judge by how full the last buffer was. */
        @Override
        public boolean get() {
            try {
                return link.reader().readableBytes() > 0;
            } catch (CorruptRingException e) {
                // The next read says so, too.
                return true;
            }
        }

        private void release() throws CorruptRingException {
            if (link.reader().release()) {
                link.ring();
            }
        }

        private void inputEnds() {
            boolean first = !inputEnded;
            inputEnded = true;
            if (first && (inputShutdown || config.isAllowHalfClosure())) {
                if (!inputShutdown) {
                    inputShutdown = true;
                    pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
                }
                pipeline().fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE);
            } else {
                close(voidPromise());
            }
            if (peerGone) {
                close(voidPromise());
            }
        }

        /** The peer does what it can't do rightly: nothing of it is to be trusted any more. */
        private void corrupt(CorruptRingException cause) {
            pipeline().fireExceptionCaught(cause);
            close(voidPromise());
        }

        @Override
        public void close() {
            close(voidPromise());
        }
    }
}
