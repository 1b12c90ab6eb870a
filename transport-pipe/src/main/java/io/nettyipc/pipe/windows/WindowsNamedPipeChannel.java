/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import io.netty.buffer.ByteBuf;
import io.netty.channel.AbstractChannel;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.EventLoop;
import io.netty.channel.FileRegion;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.ScheduledFuture;
import io.netty.util.internal.ObjectUtil;
import io.netty.util.internal.StringUtil;
import io.nettyipc.base.channel.BothDirections;
import io.nettyipc.base.channel.CancelledWrites;
import io.nettyipc.base.channel.PeerSid;
import io.nettyipc.base.loop.CompletionPortIoHandle;
import io.nettyipc.base.loop.CompletionPortIoHandler;
import io.nettyipc.base.loop.OverlappedOperation;
import io.nettyipc.base.loop.WriteOperation;
import io.nettyipc.base.os.Kernel32;
import io.nettyipc.base.os.Win32Error;
import io.nettyipc.pipe.NamedPipeAccess;
import io.nettyipc.pipe.NamedPipeAddress;
import io.nettyipc.pipe.NamedPipeAvailable;
import io.nettyipc.pipe.NamedPipeChannel;
import io.nettyipc.pipe.NamedPipeChannelConfig;
import io.nettyipc.pipe.NamedPipeInfo;
import io.nettyipc.pipe.NamedPipeMode;
import io.nettyipc.pipe.NamedPipeUser;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.NotYetConnectedException;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongFunction;

/**
 * One end of a connection over a Windows named pipe.
 *
 * <p><b>Reading</b> starts with a read of no bytes, which ends when data or the peer's end is there; the data is then
 * read without waiting. A channel on which data keeps coming reads into a buffer at once. So an idle channel holds no
 * buffer, and a peer that closes is seen even with {@code AUTO_READ} off, as soon as nothing unread is left.
 *
 * <p><b>Writing</b> has one operation under way at a time. Small messages are copied together, large direct ones are
 * written from where they are. A write that finds the peer gone fails, but what the peer had sent before can still be
 * read; the channel closes when that has been read.
 *
 * <p><b>Closing</b> discards nothing that was written: the peer reads what is in the pipe and then its end. What is still
 * in the outbound buffer fails. A pipe can't be closed in one direction: {@link #shutdownOutput()} fails, unless both ends
 * have agreed on {@code PIPE_HALF_CLOSE}.
 *
 * <p><b>Messages.</b> On a pipe of that type each buffer is one write and one message. See
 * {@code NamedPipeChannelOption.PIPE_READ_MODE} for how they are read.
 */
@SuppressWarnings("this-escape") // The configuration only keeps its channel.
public class WindowsNamedPipeChannel extends AbstractChannel implements NamedPipeChannel, PeerSid {

    private static final ChannelMetadata METADATA = new ChannelMetadata(false, 16);

    private final WindowsNamedPipeChannelConfig config = new WindowsNamedPipeChannelConfig(this);

    private final Object handleLock = new Object();
    private long handle;
    private IoRegistration registration;
    private CompletionPortIoHandler handler;
    private PipeReader reader;
    private PipeWriter writer;
    private boolean readBeforeConnect;
    private PipeConnector connector;
    /** Operations whose packets are to come. */
    private int inFlight;

    /** Deregistered, but for operations whose packets are to come. */
    private boolean deregistering;
    /** Done when they have come; there while somebody waits for it. */
    private ChannelPromise drained;

    /** Whether a write is a message. */
    private boolean messageType;

    private NamedPipeMode readMode = NamedPipeMode.BYTE;
    private OutputEnd outputEnd;
    /** The peer has read all there was while this channel was not registered: what ends the output is still to be written. */
    private boolean endDue;

    private volatile NamedPipeAccess access;
    private volatile NamedPipeAddress address;
    private volatile boolean open = true;
    private volatile boolean active;
    private volatile boolean inputShutdown;
    private volatile boolean outputShutdown;

    /** For {@link io.netty.bootstrap.Bootstrap#channel}. */
    public WindowsNamedPipeChannel() {
        super(null);
        handle = Kernel32.INVALID_HANDLE_VALUE;
    }

    /** The server's end of an accepted connection. */
    public WindowsNamedPipeChannel(
            Channel parent, long handle, NamedPipeAddress address, NamedPipeAccess access, NamedPipeMode type) {
        super(parent);
        this.handle = handle;
        this.address = address;
        this.access = access;
        messageType = type == NamedPipeMode.MESSAGE;
        readMode = type;
        config.setReadMode(type);
        config.setAccess(access);
        active = true;
    }

    @Override
    public NamedPipeChannelConfig config() {
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

    /** The pipe; both ends have the same address. */
    @Override
    public NamedPipeAddress localAddress() {
        return (NamedPipeAddress) super.localAddress();
    }

    /** The pipe; both ends have the same address. */
    @Override
    public NamedPipeAddress remoteAddress() {
        return (NamedPipeAddress) super.remoteAddress();
    }

    @Override
    protected SocketAddress localAddress0() {
        return address;
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return address;
    }

    /** Asks Windows something about the pipe, on any thread; the handle stays open meanwhile. */
    <T> T withHandle(LongFunction<T> question) {
        synchronized (handleLock) {
            if (!open) {
                throw new ChannelException(address + ": the channel is closed");
            }
            if (handle == Kernel32.INVALID_HANDLE_VALUE) {
                throw new NotYetConnectedException();
            }
            return question.apply(handle);
        }
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new PipeUnsafe();
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return loop instanceof IoEventLoop ioLoop && ioLoop.isCompatible(PipeUnsafe.class);
    }

    @Override
    protected void doBind(SocketAddress localAddress) {
        throw new UnsupportedOperationException("a client of a pipe has no address of its own to bind to");
    }

    // ---- registration

    @Override
    protected void doRegister(ChannelPromise promise) {
        if (deregistering) {
            // What is under way belongs to the registration before.
            drained().addListener(f -> doRegister(promise));
            return;
        }
        if (!open) {
            promise.setFailure(new ClosedChannelException());
            return;
        }
        ((IoEventLoop) eventLoop()).register((PipeUnsafe) unsafe()).addListener(f -> {
            if (!f.isSuccess()) {
                promise.setFailure(f.cause());
                return;
            }
            IoRegistration registration = (IoRegistration) f.getNow();
            try {
                adopt(registration.attachment());
            } catch (IOException e) {
                registration.cancel();
                promise.setFailure(e);
                return;
            }
            this.registration = registration;
            promise.setSuccess();
            if (reader != null) {
                resume();
            }
        });
    }

    /** Does what may have waited for the registration. */
    private void resume() {
        reader.waitForData();
        flushNow();
        if (endDue) {
            endDue = false;
            outputRead(Win32Error.SUCCESS);
        }
    }

    /** Gives the handle, if there is one yet, to the event loop's completion port. */
    private void adopt(CompletionPortIoHandler newHandler) throws IOException {
        if (handle != Kernel32.INVALID_HANDLE_VALUE) {
            if (reader == null) {
                associate(newHandler);
            } else if (handler != newHandler) {
                throw new IOException(address + ": an open pipe can't move to another event loop;"
                        + " Windows ties a handle to one completion port");
            }
        }
        handler = newHandler;
    }

    private void associate(CompletionPortIoHandler newHandler) throws IOException {
        int error = newHandler.associate(handle);
        if (error != 0) {
            throw new IOException(address + ": " + new Win32Error(error).describe("CreateIoCompletionPort"));
        }
        boolean endsWithEmpty = messageType && config.isHalfClose();
        boolean messages = setReadMode(config.getReadMode());
        reader = new PipeReader(this, newHandler, handle, readBeforeConnect, messages, endsWithEmpty);
        writer = new PipeWriter(this, newHandler, handle, messageType, messages && !endsWithEmpty);
    }

    /** Returns whether messages are read now. */
    private boolean setReadMode(NamedPipeMode mode) throws IOException {
        if (mode != readMode) {
            int[] state = {mode == NamedPipeMode.MESSAGE ? Kernel32.PIPE_READMODE_MESSAGE : 0};
            if (!Kernel32.SetNamedPipeHandleState(handle, state, null, null)) {
                int error = Win32Error.last().code();
                IOException failure = failure("SetNamedPipeHandleState(PIPE_READMODE_" + mode + ')', error);
                throw error == Win32Error.INVALID_PARAMETER
                        ? new IOException(
                                failure.getMessage() + ": the pipe's type is byte, and it has no messages to read;"
                                        + " leave PIPE_READ_MODE at BYTE, or make PIPE_TYPE MESSAGE at the server")
                        : failure;
            }
            readMode = mode;
        }
        return mode == NamedPipeMode.MESSAGE;
    }

    @Override
    protected void doDeregister() {
        if (registration == null) {
            return;
        }
        if (inFlight == 0) {
            endRegistration();
            return;
        }
        deregistering = true;
        // A closed handle's operations end by themselves. An open one's write has to run its course: how much of it the
        // peer has taken isn't known after a cancellation.
        if (open) {
            reader.cancelWait();
        }
    }

    private void endRegistration() {
        deregistering = false;
        IoRegistration registration = this.registration;
        this.registration = null;
        registration.cancel();
        ChannelPromise drained = this.drained;
        if (drained != null) {
            this.drained = null;
            drained.setSuccess();
        }
    }

    private ChannelFuture drained() {
        if (drained == null) {
            drained = newPromise();
        }
        return drained;
    }

    // ---- reading and writing

    @Override
    protected void doBeginRead() {
        if (reader == null) {
            readBeforeConnect = true;
        } else {
            reader.beginRead();
        }
    }

    void clearReadPending() {
        if (isRegistered() && !eventLoop().inEventLoop()) {
            eventLoop().execute(this::clearReadPending);
        } else if (reader == null) {
            readBeforeConnect = false;
        } else {
            reader.clearReadPending();
        }
    }

    boolean isReadable() {
        return access.isReadable();
    }

    boolean canSubmitRead() {
        return canSubmit() && access.isReadable();
    }

    private boolean canSubmit() {
        return active && registration != null && !deregistering;
    }

    /** The reading half, for its tests. */
    PipeReader reader() {
        return reader;
    }

    @Override
    protected Object filterOutboundMessage(Object msg) throws IOException {
        if (!(msg instanceof ByteBuf) && !(msg instanceof FileRegion) && !(msg instanceof Transaction)) {
            throw new UnsupportedOperationException("unsupported message type: " + StringUtil.simpleClassName(msg)
                    + " (expected: ByteBuf, FileRegion)");
        }
        if (msg instanceof FileRegion && readMode == NamedPipeMode.MESSAGE) {
            throw new UnsupportedOperationException(
                    address + ": a message is written from a ByteBuf, a FileRegion has no place on a pipe of messages");
        }
        if (outputEnd != null) {
            throw new ChannelOutputShutdownException(address + ": the output is shut down");
        }
        if (access != null && !access.isWritable()) {
            throw new UnsupportedOperationException(address + ": this end of the pipe only reads (PIPE_ACCESS)");
        }
        return CancelledWrites.apartFrom(msg);
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer in) throws IOException {
        writer.write(in);
    }

    void flushNow() {
        ((PipeUnsafe) unsafe()).flush0();
    }

    void failWrite(IOException cause) {
        ((PipeUnsafe) unsafe()).failWrite(cause);
    }

    void validate(DefaultFileRegion region, long position) throws IOException {
        validateFileRegion(region, position);
    }

    // ---- closing

    @Override
    protected void doDisconnect() {
        doClose();
    }

    @Override
    protected void doClose() {
        open = false;
        active = false;
        if (reader != null) {
            reader.release();
        }
        if (connector != null) {
            connector.abort(new ClosedChannelException());
            connector = null;
        }
        long handle = this.handle;
        if (handle != Kernel32.INVALID_HANDLE_VALUE) {
            synchronized (handleLock) {
                this.handle = Kernel32.INVALID_HANDLE_VALUE;
                // Operations under way end; their packets find their records. Closing alone would do that for reads: a
                // closed end's write stays in the pipe until the peer reads it.
                if (inFlight > 0) {
                    Kernel32.CancelIoEx(handle, 0);
                }
                if (outputEnd == null || !outputEnd.takeHandle()) {
                    Kernel32.CloseHandle(handle);
                }
            }
        }
        if (outputEnd != null) {
            outputEnd.promise().tryFailure(new ClosedChannelException());
        }
    }

    /** Called when a write failed and {@code AUTO_CLOSE} is off: no more writes, reading goes on. */
    @Override
    protected void doShutdownOutput() {
        outputShutdown = true;
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

    /**
     * Stops reading for good. Nobody tells the peer; what it has written and still writes is read and dropped, so that its
     * end is seen.
     */
    @Override
    public ChannelFuture shutdownInput() {
        return shutdownInput(newPromise());
    }

    /**
     * Stops reading for good. Nobody tells the peer; what it has written and still writes is read and dropped, so that its
     * end is seen.
     */
    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
        if (!eventLoop().inEventLoop()) {
            eventLoop().execute(() -> shutdownInput(promise));
        } else if (promise.setUncancellable() && checkActive(promise)) {
            inputShutdown = true;
            reader.inputShutdown();
            promise.trySuccess();
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

    /**
     * Tells the peer that no more will come, once what was flushed is written and the peer has read it. The channel goes on
     * reading. Without {@code PIPE_HALF_CLOSE}, and on a byte-mode pipe, it fails with
     * {@link UnsupportedOperationException}: such a pipe can only be closed as a whole.
     */
    @Override
    public ChannelFuture shutdownOutput() {
        return shutdownOutput(newPromise());
    }

    /** As {@link #shutdownOutput()}. */
    @Override
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
        if (!eventLoop().inEventLoop()) {
            eventLoop().execute(() -> shutdownOutput(promise));
        } else if (promise.setUncancellable() && checkActive(promise)) {
            if (!messageType || !config.isHalfClose()) {
                promise.tryFailure(noHalfClose());
            } else if (outputEnd != null || outputShutdown) {
                promise.tryFailure(new ChannelOutputShutdownException(address + ": the output is shut down already"));
            } else {
                outputEnd = new OutputEnd(promise);
                writer.flushedIfDone();
            }
        }
        return promise;
    }

    /**
     * As {@link #shutdownOutput()}, and then as {@link #shutdownInput()}, this also where the output can't be shut down alone.
     * The channel stays open until it is closed, or the peer closes.
     */
    @Override
    public ChannelFuture shutdown() {
        return shutdown(newPromise());
    }

    /** As {@link #shutdown()}. */
    @Override
    public ChannelFuture shutdown(ChannelPromise promise) {
        return BothDirections.shutdown(this, promise);
    }

    private UnsupportedOperationException noHalfClose() {
        return new UnsupportedOperationException(address
                + (messageType
                        ? ": closing one direction needs PIPE_HALF_CLOSE, at both ends"
                        : ": a byte-mode pipe can't be closed in one direction; close() it, or let the peer know by a"
                                + " message that no more will come"));
    }

    /** Whether the output ends once what was flushed is written. */
    boolean isOutputEnding() {
        return outputEnd != null && !outputShutdown && active;
    }

    /** Everything that was flushed is written. */
    void outputFlushed() {
        if (isOutputEnding()) {
            // Fails what was never flushed.
            ((PipeUnsafe) unsafe()).shutdownOutput(newPromise());
            outputEnd.flush(handle, eventLoop(), this::outputRead);
        }
    }

    /** The peer has read everything, or has gone. */
    private void outputRead(int error) {
        ChannelPromise promise = outputEnd.promise();
        if (error != 0) {
            promise.tryFailure(failure("FlushFileBuffers", error));
        } else if (canSubmit()) {
            writer.writeEnd(promise);
        } else if (active) {
            endDue = true;
        } else {
            promise.tryFailure(new ClosedChannelException());
        }
    }

    /** The peer has said that it will write no more. */
    void inputEnded() {
        if (!active) {
            return;
        }
        if (!config.isAllowHalfClosure()) {
            unsafe().close(voidPromise());
            return;
        }
        inputShutdown = true;
        // For the peer's close.
        reader.inputShutdown();
        pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        pipeline().fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE);
    }

    // ---- beyond bytes and messages

    @Override
    public Future<ByteBuf> transact(ByteBuf request, int maxReplyLength, long timeoutMillis) {
        Promise<ByteBuf> reply;
        try {
            ObjectUtil.checkPositive(maxReplyLength, "maxReplyLength");
            ObjectUtil.checkPositiveOrZero(timeoutMillis, "timeoutMillis");
            reply = eventLoop().newPromise();
        } catch (Throwable t) {
            request.release();
            throw t;
        }
        Transaction transaction = new Transaction(request, maxReplyLength, reply);
        if (!onLoop(() -> transact(transaction, timeoutMillis), reply)) {
            transaction.release();
        }
        return reply;
    }

    /** Runs it on the event loop, or fails the promise and returns false if that has ended. */
    private boolean onLoop(Runnable action, Promise<?> promise) {
        if (eventLoop().inEventLoop()) {
            action.run();
            return true;
        }
        try {
            eventLoop().execute(action);
            return true;
        } catch (RejectedExecutionException e) {
            promise.tryFailure(e);
            return false;
        }
    }

    private void transact(Transaction transaction, long timeoutMillis) {
        Promise<ByteBuf> reply = transaction.reply();
        Exception refusal = null;
        if (!open) {
            refusal = new ClosedChannelException();
        } else if (!active) {
            refusal = new NotYetConnectedException();
        } else if (readMode != NamedPipeMode.MESSAGE || access != NamedPipeAccess.DUPLEX) {
            refusal = new UnsupportedOperationException(
                    address + ": a transaction needs an end that reads messages (PIPE_READ_MODE is " + readMode
                            + ") and reads and writes (PIPE_ACCESS is " + access + ')');
        }
        if (refusal != null) {
            transaction.release();
            reply.setFailure(refusal);
            return;
        }
        if (timeoutMillis > 0) {
            ScheduledFuture<?> timeout =
                    eventLoop().schedule(() -> timedOut(reply, timeoutMillis), timeoutMillis, TimeUnit.MILLISECONDS);
            reply.addListener(f -> timeout.cancel(false));
        }
        // Not through the pipeline: encoders have nothing to do with it.
        unsafe().write(transaction, newPromise().addListener(f -> {
            if (!f.isSuccess()) {
                reply.tryFailure(f.cause());
            }
        }));
        unsafe().flush();
    }

    private void timedOut(Promise<ByteBuf> reply, long timeoutMillis) {
        if (reply.tryFailure(new TimeoutException(address + ": no reply within " + timeoutMillis + " ms"))) {
            unsafe().close(voidPromise());
        }
    }

    @Override
    public Future<NamedPipeAvailable> available() {
        Promise<NamedPipeAvailable> promise = eventLoop().newPromise();
        onLoop(() -> available(promise), promise);
        return promise;
    }

    private void available(Promise<NamedPipeAvailable> promise) {
        int[] bytes = new int[1];
        int[] leftInMessage = new int[1];
        try {
            int ahead;
            boolean endsMessage;
            // Again if a read that is under way has taken something meanwhile.
            do {
                ahead = reader == null ? 0 : reader.bytesAhead();
                int error = withHandle(handle -> Kernel32.PeekNamedPipe(handle, 0, 0, null, bytes, leftInMessage)
                        ? Win32Error.SUCCESS
                        : Win32Error.last().code());
                // With the peer gone, what is here can still be read.
                if (error != 0 && !(Win32Error.isPeerGone(error) && reader.hasData())) {
                    throw failure("PeekNamedPipe", error);
                }
                endsMessage = reader.aheadEndsMessage();
            } while (ahead != reader.bytesAhead());
            promise.setSuccess(new NamedPipeAvailable(
                    bytes[0] + ahead, endsMessage ? ahead : messageType ? leftInMessage[0] + ahead : 0));
        } catch (ChannelException | NotYetConnectedException | IOException e) {
            promise.setFailure(e);
        }
    }

    @Override
    public NamedPipeInfo info() {
        int[] flags = new int[1];
        int[] outQuota = new int[1];
        int[] inQuota = new int[1];
        int[] maxInstances = new int[1];
        int[] state = new int[1];
        int[] instances = new int[1];
        int error = withHandle(handle -> Kernel32.GetNamedPipeInfo(handle, flags, outQuota, inQuota, maxInstances)
                        && Kernel32.GetNamedPipeHandleStateW(handle, state, instances, null, null, 0, 0)
                ? Win32Error.SUCCESS
                : Win32Error.last().code());
        if (error != 0) {
            throw new ChannelException(failure("GetNamedPipeInfo", error));
        }
        return new NamedPipeInfo(
                mode(flags[0], Kernel32.PIPE_TYPE_MESSAGE),
                mode(state[0], Kernel32.PIPE_READMODE_MESSAGE),
                (flags[0] & Kernel32.PIPE_SERVER_END) != 0,
                inQuota[0],
                outQuota[0],
                // Wine says 0xffffffff for no limit.
                Math.min(maxInstances[0] & 0x7fffffff, Kernel32.PIPE_UNLIMITED_INSTANCES),
                instances[0]);
    }

    private static NamedPipeMode mode(int flags, int messageFlag) {
        return (flags & messageFlag) == 0 ? NamedPipeMode.BYTE : NamedPipeMode.MESSAGE;
    }

    @Override
    public <T> Future<T> runAsClient(Callable<T> action) {
        return ClientIdentity.run(this, ObjectUtil.checkNotNull(action, "action"));
    }

    @Override
    public Future<NamedPipeUser> clientUser() {
        return ClientIdentity.user(this);
    }

    @Override
    public Future<String> peerSid() {
        return PipePeers.sid(this);
    }

    IOException failure(String function, int error) {
        return new IOException(address + ": " + new Win32Error(error).describe(function));
    }

    /**
     * Starts an operation.
     *
     * @return 0 if it is under way; for a write 0 if it is done and {@code ERROR_IO_PENDING} if it is under way; else the
     *     error
     */
    int submit(OverlappedOperation operation) {
        int error = (int) registration.submit(operation);
        if (operation.isInFlight()) {
            inFlight++;
            return operation instanceof WriteOperation ? error : 0;
        }
        return error;
    }

    private void connected(long handle, NamedPipeAddress address) throws IOException {
        synchronized (handleLock) {
            this.handle = handle;
        }
        this.address = address;
        access = config.getAccess();
        int[] flags = new int[1];
        if (!Kernel32.GetNamedPipeInfo(handle, flags, null, null, null)) {
            throw failure("GetNamedPipeInfo", Win32Error.last().code());
        }
        messageType = (flags[0] & Kernel32.PIPE_TYPE_MESSAGE) != 0;
        associate(handler);
        active = true;
    }

    private final class PipeUnsafe extends AbstractUnsafe implements CompletionPortIoHandle {

        @Override
        public void connect(SocketAddress remoteAddress, SocketAddress localAddress, ChannelPromise promise) {
            if (promise.isDone() || !ensureOpen(promise)) {
                return;
            }
            try {
                if (connector != null) {
                    throw new ConnectionPendingException();
                }
                if (active) {
                    throw new AlreadyConnectedException();
                }
                if (localAddress != null) {
                    throw new IllegalArgumentException(
                            "a client of a pipe has no address of its own, but was to be bound" + " to "
                                    + localAddress);
                }
                NamedPipeAddress pipe = PipeAddresses.require(remoteAddress);
                connector = new PipeConnector(pipe, config, eventLoop(), promise, this::opened, this::connectFailed);
            } catch (Throwable t) {
                promise.tryFailure(t);
                return;
            }
            promise.addListener(f -> {
                if (f.isCancelled()) {
                    close(voidPromise());
                }
            });
            connector.attempt();
        }

        private void opened(long handle, NamedPipeAddress address, ChannelPromise promise) {
            connector = null;
            try {
                connected(handle, address);
            } catch (IOException e) {
                connectFailed(e, promise);
                return;
            }
            boolean notCancelled = promise.trySuccess();
            // Also for a cancelled attempt: what happened is what happened.
            pipeline().fireChannelActive();
            if (notCancelled) {
                reader.waitForData();
            } else {
                close(voidPromise());
            }
        }

        private void connectFailed(Throwable cause, ChannelPromise promise) {
            connector = null;
            promise.tryFailure(cause);
            close(voidPromise());
        }

        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            inFlight--;
            if (event instanceof WriteOperation write) {
                writer.completed(write);
            } else if (event instanceof TransactOperation transaction) {
                writer.completed(transaction);
            } else if (reader.isBufferedRead((OverlappedOperation) event)) {
                reader.bufferArrived();
            } else {
                reader.dataArrived();
            }
            reader.pauseMayBegin();
            if (deregistering && inFlight == 0) {
                endRegistration();
            }
        }

        @Override
        protected void flush0() {
            // Flushed messages wait for the packet of the write under way, and for the channel to be registered again.
            if (!active || (canSubmit() && !writer.isPending())) {
                super.flush0();
            }
        }

        void failWrite(Throwable cause) {
            handleWriteError(cause);
        }

        /** Done when the last operation is: only then may the channel be registered again. */
        @Override
        public void deregister(ChannelPromise promise) {
            super.deregister(newPromise().addListener(f -> {
                if (!f.isSuccess()) {
                    promise.tryFailure(f.cause());
                } else if (deregistering) {
                    drained().addListener(done -> promise.trySuccess());
                } else {
                    promise.trySuccess();
                }
            }));
        }

        @Override
        public void close() {
            close(voidPromise());
        }
    }
}
