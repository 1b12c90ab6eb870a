/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.overlapped;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.nettyipc.base.channel.AbstractIpcChannel;
import io.nettyipc.base.channel.ConnectAttempt;
import io.nettyipc.base.loop.CompletionPortIoHandle;
import io.nettyipc.base.loop.CompletionPortIoHandler;
import io.nettyipc.base.loop.EventLoops;
import io.nettyipc.base.loop.OverlappedOperation;
import io.nettyipc.base.loop.WriteOperation;
import io.nettyipc.base.os.Kernel32;
import io.nettyipc.base.os.Win32Error;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import java.util.function.LongFunction;

/**
 * A channel over one end of a Windows pipe, whose handle was opened for overlapped operations.
 *
 * <p><b>Reading</b> starts with a read of no bytes, which ends when data or the peer's end is there; the data is then
 * read without waiting. A channel on which data keeps coming reads into a buffer at once. So an idle channel holds no
 * buffer, and a peer that closes is seen even with {@code AUTO_READ} off, as soon as nothing unread is left.
 *
 * <p><b>Writing</b> has one operation under way at a time. Small messages are copied together, large direct ones are
 * written from where they are. A write that finds the peer gone fails, but what the peer had sent before can still be
 * read; the channel closes when that has been read.
 *
 * <p><b>Closing</b> discards nothing that was written: the peer reads what is in the pipe and then its end. What is
 * still in the outbound buffer fails.
 *
 * <p><b>Shutting the input down</b> stops reading for good. Nobody tells the peer; what it has written and still writes
 * is read and dropped, so that its end is seen.
 */
public abstract class OverlappedChannel extends AbstractIpcChannel {
    /** Not before Netty 4.2.11. With older ones it is done at once, and registering again waits. */
    private static final boolean DEREGISTER_OVERRIDABLE = isDeregisterOverridable();

    private final OperationsInFlight operations = new OperationsInFlight(this);
    private final Object handleLock = new Object();
    private long handle = Kernel32.INVALID_HANDLE_VALUE;
    private CompletionPortIoHandler handler;
    private OverlappedReader reader;
    private OverlappedWriter writer;
    private PipeTraits traits;
    private boolean readBeforeConnect;

    protected OverlappedChannel(Channel parent) {
        super(parent);
    }

    /** Called when the handle joins the event loop's completion port: what the channel is told here holds for good. */
    protected abstract PipeTraits prepare(long handle) throws IOException;

    /** Makes of bytes, which it takes over, what the pipeline gets for a part of a message that is read in several. */
    protected Object messagePart(ByteBuf bytes, boolean last) {
        throw new UnsupportedOperationException();
    }

    /**
     * Begins to do what the first flushed message stands for, which is nothing to write. At its end the channel takes
     * the message off and calls {@link OverlappedWriter#exchanged}.
     */
    protected void exchange(Object msg) {
        throw new UnsupportedOperationException();
    }

    /** The packet of an operation that the channel itself has {@linkplain #submit submitted} has come. */
    protected void completed(OverlappedOperation operation) {
        throw new UnsupportedOperationException();
    }

    /** The channel is registered again, and could not submit anything meanwhile. */
    protected void registeredAgain() {}

    /** Whether to be told by {@link #flushed} when everything that was flushed is written. */
    protected boolean isOutputEnding() {
        return false;
    }

    /** Everything that was flushed is written. */
    protected void flushed() {}

    /** The expression by which users make handlers of loops that serve the channel. */
    protected abstract String ioHandlerFactory();

    /** Asked when the channel closes: whether somebody who uses the handle closes it. */
    protected boolean isHandleTakenOver() {
        return false;
    }

    @Override
    public final IpcUnsafe unsafe() {
        return (IpcUnsafe) super.unsafe();
    }

    @Override
    protected final AbstractIpcUnsafe newUnsafe() {
        return DEREGISTER_OVERRIDABLE ? new DrainingUnsafe() : new OverlappedUnsafe();
    }

    private static boolean isDeregisterOverridable() {
        try {
            return !Modifier.isFinal(AbstractUnsafe.class
                    .getMethod("deregister", ChannelPromise.class)
                    .getModifiers());
        } catch (NoSuchMethodException e) {
            return false;
        }
    }

    // ---- the handle

    /** Takes over the handle of an end that is connected. */
    protected final void open(long handle) {
        synchronized (handleLock) {
            this.handle = handle;
        }
    }

    /** Uses the handle, on any thread; it stays open meanwhile. */
    public final <T> T withHandle(LongFunction<T> use) {
        synchronized (handleLock) {
            if (!isOpen()) {
                throw new ChannelException(remoteAddress() + ": the channel is closed");
            }
            if (handle == Kernel32.INVALID_HANDLE_VALUE) {
                throw new NotYetConnectedException();
            }
            return use.apply(handle);
        }
    }

    /** Gives the handle, which was {@linkplain #open opened} while the channel was registered, to the event loop. */
    protected final void associate() throws IOException {
        int error = handler.associate(handle);
        if (error != 0) {
            throw failure("CreateIoCompletionPort", error);
        }
        traits = prepare(handle);
        reader = new OverlappedReader(this, handler, handle, traits, readBeforeConnect);
        writer = new OverlappedWriter(this, handler, handle, traits);
    }

    /** Completes a connect, once the handle belongs to the event loop. */
    protected final void connected(ConnectAttempt attempt) {
        activate();
        attempt.succeed();
        if (isOpen()) {
            reader.waitForData();
        }
    }

    public final OverlappedReader reader() {
        return reader;
    }

    public final OverlappedWriter writer() {
        return writer;
    }

    /** The exception for an error of a Win32 function. */
    public final IOException failure(String function, int error) {
        return new IOException(remoteAddress() + ": " + new Win32Error(error).describe(function));
    }

    // ---- registration

    @Override
    protected final void doRegister(ChannelPromise promise) {
        if (operations.isDraining()) {
            // The operations under way belong to the registration before.
            operations.drained().addListener(f -> doRegister(promise));
            return;
        }
        if (!isOpen()) {
            promise.setFailure(new ClosedChannelException());
            return;
        }
        EventLoops.register(this, (OverlappedUnsafe) unsafe(), ioHandlerFactory())
                .addListener(f -> {
                    if (!f.isSuccess()) {
                        promise.setFailure(f.cause());
                        return;
                    }
                    IoRegistration registration = (IoRegistration) f.getNow();
                    try {
                        join(registration.attachment());
                    } catch (Throwable e) {
                        registration.cancel();
                        promise.setFailure(e);
                        return;
                    }
                    operations.registered(registration);
                    promise.setSuccess();
                    if (reader != null) {
                        reader.waitForData();
                        unsafe().flushNow();
                        registeredAgain();
                    }
                });
    }

    /** Gives the handle, if there is one yet, to the event loop's completion port. */
    private void join(CompletionPortIoHandler newHandler) throws IOException {
        if (reader != null && handler != newHandler && handle != Kernel32.INVALID_HANDLE_VALUE) {
            throw new IOException(remoteAddress() + ": an open pipe can't move to another event loop;"
                    + " Windows ties a handle to one completion port");
        }
        handler = newHandler;
        if (reader == null && handle != Kernel32.INVALID_HANDLE_VALUE) {
            associate();
        }
    }

    @Override
    protected final void doDeregister() {
        operations.deregister();
        // A closed handle's operations end by themselves. An open one's write has to run its course: how much of it the
        // peer has taken isn't known after a cancellation.
        if (operations.isDraining() && isOpen()) {
            reader.cancelWait();
        }
    }

    /** Whether operations can be submitted. */
    protected final boolean canSubmit() {
        return isActive() && operations.canSubmit();
    }

    final boolean canSubmitRead() {
        return canSubmit() && traits.readable();
    }

    /**
     * Starts an operation.
     *
     * @return 0 if it is under way; for a write 0 if it is done and {@code ERROR_IO_PENDING} if it is under way; else
     *     the error
     */
    public final int submit(OverlappedOperation operation) {
        return operations.submit(operation);
    }

    // ---- reading and writing

    @Override
    protected final void doBeginRead() {
        if (reader == null) {
            readBeforeConnect = true;
        } else {
            reader.beginRead();
        }
    }

    @Override
    protected final void doClearReadPending() {
        if (reader == null) {
            readBeforeConnect = false;
        } else {
            reader.clearReadPending();
        }
    }

    @Override
    protected final void doShutdownInput() {
        reader.inputShutdown();
    }

    /** Whether this end reads. */
    final boolean isReadable() {
        return traits.readable();
    }

    @Override
    protected final boolean isFlushPending() {
        // Flushed messages wait for the packet of the write under way, and for the channel to be registered again.
        return isActive() && (!operations.canSubmit() || writer.isPending());
    }

    @Override
    protected final void doWrite(ChannelOutboundBuffer in) throws IOException {
        writer.write(in);
    }

    // ---- closing

    @Override
    protected void doClose() throws Exception {
        super.doClose();
        if (reader != null) {
            reader.release();
        }
        synchronized (handleLock) {
            long handle = this.handle;
            if (handle != Kernel32.INVALID_HANDLE_VALUE) {
                this.handle = Kernel32.INVALID_HANDLE_VALUE;
                // Operations under way end; their packets find their records. Closing alone would do that for reads: a
                // closed end's write stays in the pipe until the peer reads it.
                if (!operations.isNone()) {
                    Kernel32.CancelIoEx(handle, 0);
                }
                if (!isHandleTakenOver()) {
                    Kernel32.CloseHandle(handle);
                }
            }
        }
    }

    private class OverlappedUnsafe extends AbstractIpcUnsafe implements CompletionPortIoHandle {

        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            operations.packetArrived();
            if (event instanceof WriteOperation write) {
                writer.completed(write);
            } else if (!reader.waitEnded((OverlappedOperation) event)) {
                completed((OverlappedOperation) event);
            }
            reader.pauseMayBegin();
            operations.endIfDrained();
        }
    }

    /** One whose {@code deregister} is done when the last operation is. */
    private final class DrainingUnsafe extends OverlappedUnsafe {

        @Override
        public void deregister(ChannelPromise promise) {
            super.deregister(newPromise().addListener(f -> {
                if (!f.isSuccess()) {
                    promise.tryFailure(f.cause());
                } else if (operations.isDraining()) {
                    operations.drained().addListener(done -> promise.trySuccess());
                } else {
                    promise.trySuccess();
                }
            }));
        }
    }
}
