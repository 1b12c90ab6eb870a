/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPromise;
import io.netty.channel.FileRegion;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.netty.util.internal.ObjectUtil;
import io.nettyipc.base.channel.ConnectAttempt;
import io.nettyipc.base.channel.NoDescriptor;
import io.nettyipc.base.channel.PeerSid;
import io.nettyipc.base.channel.SharedMemoryRefusal;
import io.nettyipc.base.loop.OverlappedOperation;
import io.nettyipc.base.os.Kernel32;
import io.nettyipc.base.os.Win32Error;
import io.nettyipc.base.overlapped.OverlappedChannel;
import io.nettyipc.base.overlapped.PipeTraits;
import io.nettyipc.pipe.NamedPipeAccess;
import io.nettyipc.pipe.NamedPipeAddress;
import io.nettyipc.pipe.NamedPipeAvailable;
import io.nettyipc.pipe.NamedPipeChannel;
import io.nettyipc.pipe.NamedPipeChannelConfig;
import io.nettyipc.pipe.NamedPipeInfo;
import io.nettyipc.pipe.NamedPipeMessagePart;
import io.nettyipc.pipe.NamedPipeMode;
import io.nettyipc.pipe.NamedPipeUser;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;

/**
 * One end of a connection over a Windows named pipe.
 *
 * <p><b>Half-closure.</b> A pipe can't be closed in one direction: {@link #shutdownOutput()} fails with
 * {@link UnsupportedOperationException}, unless it carries messages and both ends have agreed on
 * {@code PIPE_HALF_CLOSE}. Then it tells the peer that no more will come, once what was flushed is written and the peer
 * has read it.
 *
 * <p><b>Messages.</b> On a pipe of that type each buffer is one write and one message. See
 * {@code NamedPipeChannelOption.PIPE_READ_MODE} for how they are read.
 */
@SuppressWarnings("this-escape") // The configuration and the transactions only keep their channel.
public class WindowsNamedPipeChannel extends OverlappedChannel implements NamedPipeChannel, PeerSid {

    private final WindowsNamedPipeChannelConfig config = new WindowsNamedPipeChannelConfig(this);
    private final PipeTransactions transactions = new PipeTransactions(this);

    /** Whether a write is a message. */
    private boolean messageType;

    private NamedPipeMode readMode = NamedPipeMode.BYTE;
    private OutputEnd outputEnd;
    /**
     * The peer has read all there was while this channel was not registered: what ends the output is still to be
     * written.
     */
    private boolean endDue;

    private volatile NamedPipeAccess access;
    private volatile NamedPipeAddress address;

    /** For {@link io.netty.bootstrap.Bootstrap#channel}. */
    public WindowsNamedPipeChannel() {
        super(null);
    }

    /** The server's end of an accepted connection. */
    WindowsNamedPipeChannel(
            Channel parent, long handle, NamedPipeAddress address, NamedPipeAccess access, NamedPipeMode type) {
        super(parent);
        this.address = address;
        this.access = access;
        messageType = type == NamedPipeMode.MESSAGE;
        readMode = type;
        config.setPipeReadMode(type);
        config.setAccess(access);
        open(handle);
        activate();
    }

    @Override
    public NamedPipeChannelConfig config() {
        return config;
    }

    @Override
    public NamedPipeAddress localAddress() {
        return (NamedPipeAddress) super.localAddress();
    }

    @Override
    public NamedPipeAddress remoteAddress() {
        return (NamedPipeAddress) super.remoteAddress();
    }

    @Override
    protected String ioHandlerFactory() {
        return WindowsNamedPipe.IO_HANDLER_FACTORY;
    }

    @Override
    protected SocketAddress localAddress0() {
        return address;
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return address;
    }

    @Override
    public FileDescriptor fd() {
        return NoDescriptor.INSTANCE;
    }

    // ---- connecting

    @Override
    protected void doConnect(SocketAddress remoteAddress, ConnectAttempt attempt) {
        new PipeConnector(this, PipeAddresses.require(remoteAddress), attempt).open();
    }

    /** The connector has opened the pipe. */
    void opened(long handle, NamedPipeAddress address, ConnectAttempt attempt) {
        open(handle);
        this.address = address;
        access = config.getAccess();
        try {
            int[] flags = new int[1];
            if (!Kernel32.GetNamedPipeInfo(handle, flags, null, null, null)) {
                throw failure("GetNamedPipeInfo", Win32Error.last().code());
            }
            messageType = (flags[0] & Kernel32.PIPE_TYPE_MESSAGE) != 0;
            associate();
        } catch (IOException e) {
            attempt.fail(e);
            return;
        }
        pipeline().addFirst(new SharedMemoryRefusal());
        connected(attempt);
    }

    @Override
    protected PipeTraits prepare(long handle) throws IOException {
        boolean messages = setReadMode(handle, config.getPipeReadMode());
        return new PipeTraits(access.isReadable(), messages, messageType, messageType && config.isHalfClose());
    }

    /** Returns whether messages are read now. */
    private boolean setReadMode(long handle, NamedPipeMode mode) throws IOException {
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

    /** Whether a write is a message. */
    boolean hasMessages() {
        return messageType;
    }

    // ---- reading and writing

    @Override
    protected Object messagePart(ByteBuf bytes, boolean last) {
        return new NamedPipeMessagePart(bytes, last);
    }

    @Override
    protected Object filterOutboundMessage(Object msg) throws Exception {
        Object filtered = msg instanceof Transaction ? msg : super.filterOutboundMessage(msg);
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
        return filtered;
    }

    // ---- the end of the output

    @Override
    protected boolean shutsOutputDownLater(ChannelPromise promise) {
        if (!messageType || !config.isHalfClose()) {
            promise.tryFailure(noHalfClose());
        } else if (outputEnd != null || isOutputShutdown()) {
            promise.tryFailure(new ChannelOutputShutdownException(address + ": the output is shut down already"));
        } else {
            outputEnd = new OutputEnd(promise);
            writer().flushedIfDone();
        }
        return true;
    }

    private UnsupportedOperationException noHalfClose() {
        return new UnsupportedOperationException(address
                + (messageType
                        ? ": closing one direction needs PIPE_HALF_CLOSE, at both ends"
                        : ": a byte-mode pipe can't be closed in one direction; close() it, or let the peer know by a"
                                + " message that no more will come"));
    }

    @Override
    protected boolean isOutputEnding() {
        return outputEnd != null && !isOutputShutdown();
    }

    @Override
    protected void flushed() {
        if (isOutputEnding()) {
            // Fails what was never flushed; a listener of that may close the channel.
            unsafe().shutdownOutput(newPromise());
            if (isOpen()) {
                withHandle(handle -> {
                    outputEnd.flush(handle, eventLoop(), this::outputRead);
                    return null;
                });
            }
        }
    }

    /** The peer has read everything, or has gone. */
    private void outputRead(int error) {
        ChannelPromise promise = outputEnd.promise();
        if (error != 0) {
            promise.tryFailure(failure("FlushFileBuffers", error));
        } else if (canSubmit()) {
            writer().writeEnd(promise);
        } else if (isActive()) {
            endDue = true;
        } else {
            promise.tryFailure(new ClosedChannelException());
        }
    }

    /** Ended directions are messages here: the pipe itself is open until the peer closes. */
    @Override
    protected boolean closesOnceBothEnded() {
        return false;
    }

    @Override
    protected void registeredAgain() {
        if (endDue) {
            endDue = false;
            outputRead(Win32Error.SUCCESS);
        }
    }

    @Override
    protected boolean isHandleTakenOver() {
        return outputEnd != null && outputEnd.takeHandle();
    }

    @Override
    protected void doClose() throws Exception {
        super.doClose();
        if (outputEnd != null) {
            outputEnd.promise().tryFailure(new ClosedChannelException());
        }
    }

    // ---- beyond bytes and messages

    /** Runs it on the event loop, or fails the promise and returns false if that has ended. */
    boolean onLoop(Runnable action, Promise<?> promise) {
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

    @Override
    public Future<ByteBuf> transact(ByteBuf request, int maxReplyLength, long timeoutMillis) {
        return transactions.transact(request, maxReplyLength, timeoutMillis);
    }

    /** Why there can be no transaction, or null. */
    Exception refusalToTransact() {
        if (!isOpen()) {
            return new ClosedChannelException();
        }
        if (!isActive()) {
            return new NotYetConnectedException();
        }
        return readMode == NamedPipeMode.MESSAGE && access == NamedPipeAccess.DUPLEX
                ? null
                : new UnsupportedOperationException(
                        address + ": a transaction needs an end that reads messages (PIPE_READ_MODE is " + readMode
                                + ") and reads and writes (PIPE_ACCESS is " + access + ')');
    }

    @Override
    protected void exchange(Object msg) {
        transactions.begin((Transaction) msg);
    }

    @Override
    protected void completed(OverlappedOperation operation) {
        transactions.completed((TransactOperation) operation);
    }

    @Override
    public Future<NamedPipeAvailable> available() {
        return PipeQuestions.available(this);
    }

    @Override
    public NamedPipeInfo info() {
        return PipeQuestions.info(this);
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
}
