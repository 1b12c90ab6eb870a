/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.channel;

import io.netty.buffer.ByteBuf;
import io.netty.channel.AbstractChannel;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.EventLoop;
import io.netty.channel.FileRegion;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.internal.StringUtil;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ConnectionPendingException;
import java.util.concurrent.Executor;

/**
 * The skeleton of a channel: whether it is open and active, connecting, the gate in front of the flush, and closing.
 * Its half-closure is {@link HalfClosure}'s.
 *
 * <p>Classes of channels call {@link IpcUnsafe}'s methods and those that are protected; all on the event loop.
 */
public abstract class AbstractIpcChannel extends AbstractChannel implements DuplexChannel {
    private static final ChannelMetadata METADATA = new ChannelMetadata(false, 16);

    private final HalfClosure halfClosure = new HalfClosure(this);
    private ConnectAttempt connecting;

    private volatile boolean open = true;
    private volatile boolean active;

    protected AbstractIpcChannel(Channel parent) {
        super(parent);
    }

    /**
     * Connects, now or later: makes the channel {@linkplain #activate active} and tells {@code attempt}. What this
     * method throws fails the attempt and leaves the channel as it is, for another one.
     */
    protected abstract void doConnect(SocketAddress remoteAddress, ConnectAttempt attempt) throws Exception;

    /** Whether what is flushed has to wait. The channel calls {@link IpcUnsafe#flushNow} when that is over. */
    protected abstract boolean isFlushPending();

    /** The handlers don't want to read until their next {@code read}. */
    protected abstract void doClearReadPending();

    /** Called once, when the input is shut down, by this side or since it has ended. */
    protected abstract void doShutdownInput();

    @Override
    public final ChannelMetadata metadata() {
        return METADATA;
    }

    @Override
    public final boolean isOpen() {
        return open;
    }

    @Override
    public final boolean isActive() {
        return active;
    }

    @Override
    protected AbstractIpcUnsafe newUnsafe() {
        return new AbstractIpcUnsafe();
    }

    /** For classes that override {@link #unsafe()} for users. */
    final AbstractIpcUnsafe ipcUnsafe() {
        return (AbstractIpcUnsafe) super.unsafe();
    }

    /** Not asked here: the registration of a handle fails with a better message than Netty has for a no. */
    @Override
    protected final boolean isCompatible(EventLoop loop) {
        return true;
    }

    // ---- connecting

    @Override
    protected void doBind(SocketAddress localAddress) throws Exception {
        throw new UnsupportedOperationException(
                StringUtil.simpleClassName(this) + " can't be bound; connect it to an address");
    }

    /** Fails for a channel that can't connect, or bind, as it has done so or is just doing so. */
    protected final void checkNotConnected() {
        if (connecting != null) {
            throw new ConnectionPendingException();
        }
        if (active) {
            throw new AlreadyConnectedException();
        }
    }

    /** The channel can be read and written from now on. */
    protected final void activate() {
        active = true;
    }

    /** The connection with which the channel became {@linkplain #activate active} can't be used after all. */
    protected final void deactivate() {
        active = false;
    }

    void connectEnded() {
        connecting = null;
    }

    // ---- reading and writing

    /** {@code AUTO_READ} was switched off, by any thread. */
    protected final void clearReadPending() {
        if (!isRegistered() || eventLoop().inEventLoop()) {
            doClearReadPending();
        } else {
            eventLoop().execute(() -> {
                if (!config().isAutoRead()) {
                    doClearReadPending();
                }
            });
        }
    }

    @Override
    protected Object filterOutboundMessage(Object msg) throws Exception {
        if (msg instanceof ByteBuf || msg instanceof FileRegion) {
            return CancelledWrites.distinct(msg);
        }
        throw unsupported(msg, "ByteBuf, FileRegion");
    }

    /** The exception for a message of a type that the channel can't write. */
    protected static UnsupportedOperationException unsupported(Object msg, String expected) {
        return new UnsupportedOperationException(
                "unsupported message type: " + StringUtil.simpleClassName(msg) + " (expected: " + expected + ')');
    }

    /** The failure of a file region that gives nothing although there should be something left. */
    final IOException endedEarly(FileRegion region) throws IOException {
        if (region instanceof DefaultFileRegion file) {
            validateFileRegion(file, region.transferred());
        }
        return new IOException(
                this + ": the file region ended " + (region.count() - region.transferred()) + " bytes early");
    }

    // ---- half-closure

    /** A channel that has one direction only begins like this. */
    protected final void beginShutDown(boolean input, boolean output) {
        halfClosure.set(input, output);
    }

    @Override
    public final boolean isInputShutdown() {
        return halfClosure.isInputShutdown();
    }

    @Override
    public final boolean isOutputShutdown() {
        return halfClosure.isOutputShutdown();
    }

    @Override
    public final boolean isShutdown() {
        return isInputShutdown() && isOutputShutdown();
    }

    /** Stops reading for good. */
    @Override
    public final ChannelFuture shutdownInput() {
        return shutdownInput(newPromise());
    }

    /** Stops reading for good. */
    @Override
    public final ChannelFuture shutdownInput(ChannelPromise promise) {
        halfClosure.shutdownInput(promise);
        return promise;
    }

    @Override
    public final ChannelFuture shutdownOutput() {
        return shutdownOutput(newPromise());
    }

    @Override
    public final ChannelFuture shutdownOutput(ChannelPromise promise) {
        halfClosure.shutdownOutput(promise);
        return promise;
    }

    /**
     * Asked when the user shuts the output down.
     *
     * @return whether the channel completes the promise, now or later, by {@link #shutdownOutputNow} as a rule
     */
    protected boolean shutsOutputDownLater(ChannelPromise promise) {
        return false;
    }

    /** Ends the output, and fails what is still to be written. */
    protected final void shutdownOutputNow(ChannelPromise promise) {
        halfClosure.shutdownOutputNow(promise);
    }

    /**
     * The output ends, by this side or since nobody reads it; also after a failed write if {@code AUTO_CLOSE} is off. A
     * channel that has something to do then calls this method first.
     */
    @Override
    protected void doShutdownOutput() throws Exception {
        halfClosure.outputIsShutDown();
    }

    /** Shuts both directions down, the input also if the output can't be; the channel stays open. */
    @Override
    public final ChannelFuture shutdown() {
        return shutdown(newPromise());
    }

    /**
     * Shuts both directions down, the input also if the output can't be; the channel stays open.
     *
     * @param promise succeeds if both could be; fails with the output's cause, else with the input's. A cancelled one
     *     changes nothing, one that is done already stays as it is
     */
    @Override
    public final ChannelFuture shutdown(ChannelPromise promise) {
        halfClosure.shutdown(promise);
        return promise;
    }

    /** Whether the channel closes once the peer has ended the input and the output is shut down. */
    protected boolean closesOnceBothEnded() {
        return true;
    }

    /** Asked when the peer reads no more: whether the channel closes then, and reads no more either. */
    protected boolean endsWithItsReader() {
        return false;
    }

    /**
     * Called when the peer has ended the input and the handlers have been told; one of them may have closed the
     * channel.
     */
    protected void inputHasEnded() {}

    // ---- closing

    final void close0() {
        unsafe().close(voidPromise());
    }

    @Override
    protected final void doDisconnect() throws Exception {
        doClose();
    }

    /** A channel calls this method first. */
    @Override
    protected void doClose() throws Exception {
        end();
        if (connecting != null) {
            connecting.channelCloses();
        }
    }

    /** From here on there is no channel any more, only what is left to be closed. */
    protected final void end() {
        open = false;
        active = false;
        halfClosure.set(true, true);
    }

    /**
     * Called on the event loop when the channel begins to close.
     *
     * @return who calls {@code doClose}, if that takes longer than the event loop has time for, or null for the event
     *     loop
     */
    protected Executor closing() {
        return null;
    }

    /** What the parts of a channel tell it. */
    public interface IpcUnsafe extends Unsafe {

        /** The input has ended, and all before it has been read. */
        void inputEnded();

        /**
         * Nobody reads any more what is written. Acts later: this may be the failure of a write, of which there are
         * several.
         */
        void outputEnded();

        /** Reads the next bytes of a file region, {@code maxBytes} at most. */
        ByteBuf nextBytes(FileRegion region, int maxBytes) throws IOException;

        /** Flushed messages need not wait any more. */
        void flushNow();

        /** A write has failed after {@code doWrite}. */
        void failWrite(Throwable cause);

        /** Ends the output, and fails what is still to be written. */
        void shutdownOutput(ChannelPromise promise);

        /** Closes the channel. */
        void close();
    }

    /**
     * Not public: into a public class javac puts a method for each of {@code AbstractUnsafe}'s that isn't final, and
     * some of these are final in older versions of Netty, where the class couldn't be loaded then.
     */
    protected class AbstractIpcUnsafe extends AbstractUnsafe implements IpcUnsafe {

        protected AbstractIpcUnsafe() {}

        @Override
        public final void connect(SocketAddress remoteAddress, SocketAddress localAddress, ChannelPromise promise) {
            if (promise.isDone() || !ensureOpen(promise)) {
                return;
            }
            ConnectAttempt attempt;
            try {
                checkNotConnected();
                if (localAddress != null) {
                    throw new IllegalArgumentException(StringUtil.simpleClassName(AbstractIpcChannel.this)
                            + " has no address of its own, but was to be bound to " + localAddress);
                }
                attempt = new ConnectAttempt(AbstractIpcChannel.this, remoteAddress, promise);
            } catch (Throwable t) {
                promise.tryFailure(t);
                return;
            }
            connecting = attempt;
            try {
                doConnect(remoteAddress, attempt);
                attempt.awaitEnd();
            } catch (Throwable t) {
                attempt.refuse(t);
                closeIfClosed();
            }
        }

        @Override
        public final void inputEnded() {
            halfClosure.inputEnded();
        }

        @Override
        public final void outputEnded() {
            eventLoop().execute(halfClosure::outputEnded);
        }

        @Override
        public final ByteBuf nextBytes(FileRegion region, int maxBytes) throws IOException {
            int size = (int) Math.min(region.count() - region.transferred(), maxBytes);
            ByteBuf bytes = alloc().directBuffer(size, size);
            try {
                if (RegionFile.canRead(region)) {
                    int read = RegionFile.read((DefaultFileRegion) region, bytes.internalNioBuffer(0, size));
                    bytes.writerIndex(Math.max(0, read));
                } else {
                    region.transferTo(new ByteBufSink(bytes), region.transferred());
                }
                if (!bytes.isReadable()) {
                    throw endedEarly(region);
                }
                return bytes;
            } catch (Throwable t) {
                bytes.release();
                throw t;
            }
        }

        @Override
        public final void flushNow() {
            flush0();
        }

        @Override
        protected final void flush0() {
            if (!isFlushPending()) {
                super.flush0();
            }
        }

        @Override
        public final void failWrite(Throwable cause) {
            handleWriteError(cause);
        }

        @Override
        protected final Executor prepareToClose() {
            return closing();
        }

        /** The event loop ends, or a part of the channel has no more use for it. */
        @Override
        public final void close() {
            close(voidPromise());
        }

        /** The channel's, for event loops that know no channels. */
        @Override
        public final String toString() {
            return AbstractIpcChannel.this.toString();
        }
    }
}
