/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.channel;

import io.netty.buffer.ByteBuf;
import io.netty.channel.AbstractChannel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.FileRegion;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.internal.StringUtil;
import io.nettyipc.base.loop.CompletionPortIoHandle;
import java.net.SocketAddress;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import java.util.concurrent.Executor;

/**
 * A channel that reads one stream of bytes and writes another, each of which ends by itself. The end of the input shuts it
 * down, with {@code ALLOW_HALF_CLOSURE}, or closes the channel; so does, once the other direction has ended, that of the
 * output. Where the input has ended by itself, shutting the output down closes the channel. What this side alone shuts down,
 * both directions too, leaves it open until it is closed.
 */
public abstract class TwoStreamChannel extends AbstractChannel implements DuplexChannel {
    private static final ChannelMetadata METADATA = new ChannelMetadata(false, 16);

    private IoRegistration registration;
    /** Whether the input has ended by itself. */
    private boolean inputEnded;

    private volatile boolean open = true;
    private volatile boolean active;
    private volatile boolean inputShutdown;
    private volatile boolean outputShutdown;

    public TwoStreamChannel() {
        super(null);
    }

    @Override
    public abstract TwoStreamChannelConfig config();

    /**
     * Connects, now or later.
     *
     * @param promise to be completed by {@link #connected}, or failed by {@link #connectFailed}
     */
    protected abstract void doConnect(SocketAddress remoteAddress, ChannelPromise promise) throws Exception;

    /** Whether what is flushed has to wait, and is written without another flush. */
    protected abstract boolean isWriting();

    protected abstract void closeInput();

    protected abstract void closeOutput();

    /** Nobody wants to read any more, until the next {@code read}. */
    protected abstract void clearReadPending();

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
    protected final SocketAddress localAddress0() {
        return null;
    }

    @Override
    protected final AbstractUnsafe newUnsafe() {
        return new TwoStreamUnsafe();
    }

    // ---- registration

    @Override
    protected final boolean isCompatible(EventLoop loop) {
        return loop instanceof IoEventLoop ioLoop && ioLoop.isCompatible(TwoStreamUnsafe.class);
    }

    /** The end of the event loop closes what is registered with it, also a channel that isn't connected yet. */
    @Override
    protected final void doRegister(ChannelPromise promise) {
        ((IoEventLoop) eventLoop()).register((TwoStreamUnsafe) unsafe()).addListener(f -> {
            if (f.isSuccess()) {
                registration = (IoRegistration) f.getNow();
                promise.setSuccess();
            } else {
                promise.setFailure(f.cause());
            }
        });
    }

    @Override
    protected final void doDeregister() {
        if (registration != null) {
            registration.cancel();
            registration = null;
        }
    }

    @Override
    protected final void doBind(SocketAddress localAddress) {
        throw new UnsupportedOperationException(
                StringUtil.simpleClassName(this) + " can't be bound; connect it to an address");
    }

    // ---- connecting

    /** Both streams can be used from now on. */
    protected final void activate() {
        active = true;
    }

    /** Completes a connect whose streams are in use. */
    protected final void connected(ChannelPromise promise) {
        boolean notCancelled = promise.trySuccess();
        // Also for a cancelled attempt: what happened is what happened.
        pipeline().fireChannelActive();
        if (!notCancelled) {
            close0();
        }
    }

    /** Fails a connect: the channel is of no more use. */
    protected final void connectFailed(ChannelPromise promise, Throwable cause) {
        promise.tryFailure(cause);
        close0();
    }

    public final void close0() {
        unsafe().close(voidPromise());
    }

    // ---- reading and writing

    /** The input has ended by itself. */
    public final void inputEnded() {
        if (inputShutdown || !open) {
            return;
        }
        if (config().isAllowHalfClosure() && !outputShutdown) {
            inputEnded = true;
            inputShutdown = true;
            closeInput();
            pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            pipeline().fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE);
        } else {
            close0();
        }
    }

    @Override
    protected final Object filterOutboundMessage(Object msg) {
        if (msg instanceof ByteBuf || msg instanceof FileRegion) {
            return CancelledWrites.apartFrom(msg);
        }
        throw new UnsupportedOperationException(
                "unsupported message type: " + StringUtil.simpleClassName(msg) + " (expected: ByteBuf, FileRegion)");
    }

    public final void flushNow() {
        ((TwoStreamUnsafe) unsafe()).flush0();
    }

    /** A write has failed for another reason than that nobody reads any more. */
    public final void failWrite(Throwable cause) {
        ((TwoStreamUnsafe) unsafe()).failWrite(cause);
    }

    /** Nobody reads any more what is written. */
    public final void outputEnded() {
        if (outputShutdown || !open) {
            return;
        }
        if (inputShutdown) {
            close0();
        } else {
            // Not from within the failure of a write, of which there may be several.
            eventLoop().execute(() -> {
                if (outputShutdown || !open) {
                    return;
                }
                if (inputShutdown) {
                    close0();
                } else {
                    shutdownOutputNow(voidPromise());
                }
            });
        }
    }

    /** Ends the output, whatever is still to be written. */
    protected final void shutdownOutputNow(ChannelPromise promise) {
        if (!outputShutdown) {
            // Not with the caller's promise, which may be done already.
            ((TwoStreamUnsafe) unsafe()).shutdownOutput(voidPromise());
        }
        promise.trySuccess();
    }

    @Override
    protected final void doShutdownOutput() {
        outputShutdown = true;
        closeOutput();
        if (inputEnded && open) {
            eventLoop().execute(this::close0);
        }
    }

    // ---- closing

    /** From here on there is no channel any more, only what is left to be closed. */
    protected final void end() {
        open = false;
        active = false;
        inputShutdown = true;
        outputShutdown = true;
    }

    /**
     * Asked, on the event loop, whenever the channel is to close.
     *
     * @return whether the channel sees to that later by itself
     */
    protected boolean closesLater() {
        return false;
    }

    /**
     * Asked, on the event loop, when the user ends the output.
     *
     * @return whether the channel sees to that later by itself, with {@link #shutdownOutputNow}
     */
    protected boolean shutsOutputDownLater(ChannelPromise promise) {
        return false;
    }

    /**
     * Called on the event loop when the channel begins to close.
     *
     * @return who calls {@code doClose}, if that takes longer than the event loop has time for, or null for the event loop
     */
    protected Executor closing() {
        return null;
    }

    @Override
    protected final void doDisconnect() throws Exception {
        doClose();
    }

    @Override
    public final boolean isInputShutdown() {
        return inputShutdown;
    }

    @Override
    public final boolean isOutputShutdown() {
        return outputShutdown;
    }

    @Override
    public final boolean isShutdown() {
        return inputShutdown && outputShutdown;
    }

    @Override
    public final ChannelFuture shutdownInput() {
        return shutdownInput(newPromise());
    }

    @Override
    public final ChannelFuture shutdownInput(ChannelPromise promise) {
        if (!eventLoop().inEventLoop()) {
            eventLoop().execute(() -> shutdownInput(promise));
        } else if (promise.setUncancellable() && checkActive(promise)) {
            clearReadPending();
            if (!inputShutdown) {
                inputShutdown = true;
                closeInput();
            }
            promise.trySuccess();
        }
        return promise;
    }

    @Override
    public final ChannelFuture shutdownOutput() {
        return shutdownOutput(newPromise());
    }

    @Override
    public final ChannelFuture shutdownOutput(ChannelPromise promise) {
        if (!eventLoop().inEventLoop()) {
            eventLoop().execute(() -> shutdownOutput(promise));
        } else if (promise.setUncancellable() && checkActive(promise)) {
            if (outputShutdown || !shutsOutputDownLater(promise)) {
                shutdownOutputNow(promise);
            }
        }
        return promise;
    }

    private boolean checkActive(ChannelPromise promise) {
        if (!open) {
            promise.tryFailure(new ClosedChannelException());
        } else if (!active) {
            promise.tryFailure(new NotYetConnectedException());
        }
        return active;
    }

    @Override
    public final ChannelFuture shutdown() {
        return shutdown(newPromise());
    }

    @Override
    public final ChannelFuture shutdown(ChannelPromise promise) {
        return BothDirections.shutdown(this, promise);
    }

    private final class TwoStreamUnsafe extends AbstractUnsafe implements CompletionPortIoHandle {

        @Override
        public void connect(SocketAddress remoteAddress, SocketAddress localAddress, ChannelPromise promise) {
            if (promise.isDone() || !ensureOpen(promise)) {
                return;
            }
            try {
                if (active) {
                    throw new AlreadyConnectedException();
                }
                if (localAddress != null) {
                    throw new IllegalArgumentException(StringUtil.simpleClassName(TwoStreamChannel.this)
                            + " has no address of its own, but was to be bound to " + localAddress);
                }
                doConnect(remoteAddress, promise);
            } catch (Throwable t) {
                promise.tryFailure(t);
                closeIfClosed();
            }
        }

        /** There are none: operations are those of others. */
        @Override
        public void handle(IoRegistration registration, IoEvent event) {}

        void failWrite(Throwable cause) {
            handleWriteError(cause);
        }

        @Override
        protected void flush0() {
            if (!isWriting()) {
                super.flush0();
            }
        }

        @Override
        public void close(ChannelPromise promise) {
            if (!open || !closesLater()) {
                super.close(promise);
            } else if (!promise.isVoid()) {
                closeFuture().addListener(closed -> promise.trySuccess());
            }
        }

        @Override
        protected Executor prepareToClose() {
            end();
            return closing();
        }

        @Override
        public void close() {
            close(voidPromise());
        }
    }
}
