/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.mailslot.windows;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.AbstractChannel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.internal.StringUtil;
import io.nettyipc.base.channel.CancelledWrites;
import io.nettyipc.base.channel.ReleasedWrites;
import io.nettyipc.base.loop.BlockingHandle;
import io.nettyipc.base.loop.CompletionPortIoHandle;
import io.nettyipc.base.loop.CompletionPortIoHandler;
import io.nettyipc.base.loop.WriteOperation;
import io.nettyipc.base.os.Kernel32;
import io.nettyipc.base.os.SecurityAttributes;
import io.nettyipc.base.os.Win32Error;
import io.nettyipc.mailslot.MailslotAddress;
import io.nettyipc.mailslot.MailslotChannel;
import io.nettyipc.mailslot.MailslotChannelConfig;
import io.nettyipc.mailslot.MailslotInfo;
import io.nettyipc.mailslot.MailslotReadTimeout;
import io.nettyipc.pipe.MessageTooLongException;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.NotYetConnectedException;
import java.util.concurrent.Executor;

/**
 * One end of a Windows mailslot. A reader learns from its {@link MailslotReader} that there are messages, and reads them on
 * its event loop; a writer's operations go through the loop's completion port.
 */
public final class WindowsMailslotChannel extends AbstractChannel implements MailslotChannel {

    private static final ChannelMetadata METADATA = new ChannelMetadata(false, 16);

    /** What fits into a datagram of the protocol that carries messages to other machines. */
    private static final int MAX_BROADCAST_BYTES = 424;

    private final WindowsMailslotChannelConfig config = new WindowsMailslotChannelConfig(this);
    private final Runnable readTask = this::readScheduled;
    private final Runnable flushTask = this::flushNow;

    private final Object handleLock = new Object();
    private long handle = Kernel32.INVALID_HANDLE_VALUE;
    private IoRegistration registration;
    private CompletionPortIoHandler handler;
    private MailslotReader reader;
    private final int[] nextSize = new int[1];
    private int maxMessageSize;
    private boolean readPending;
    private boolean readScheduled;
    private boolean reading;
    /** Whether the reader's thread waits for a message. */
    private boolean waiting;

    private WriteOperation pendingWrite;

    private volatile MailslotAddress local;
    private volatile MailslotAddress remote;
    private volatile boolean open = true;

    /** For {@link io.netty.bootstrap.Bootstrap#channel}. */
    public WindowsMailslotChannel() {
        super(null);
    }

    @Override
    public MailslotChannelConfig config() {
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
        return open && (local != null || remote != null);
    }

    @Override
    public MailslotAddress localAddress() {
        return (MailslotAddress) super.localAddress();
    }

    @Override
    public MailslotAddress remoteAddress() {
        return (MailslotAddress) super.remoteAddress();
    }

    @Override
    protected SocketAddress localAddress0() {
        return local;
    }

    @Override
    protected SocketAddress remoteAddress0() {
        return remote;
    }

    @Override
    public MailslotInfo info() {
        int[] max = new int[1];
        int[] next = new int[1];
        int[] count = new int[1];
        int[] timeout = new int[1];
        synchronized (handleLock) {
            if (!open) {
                throw new ChannelException(local + ": the channel is closed");
            }
            if (local == null) {
                throw new NotYetConnectedException();
            }
            if (!Kernel32.GetMailslotInfo(handle, max, next, count, timeout)) {
                throw new ChannelException(failure(local, "GetMailslotInfo", Win32Error.last()));
            }
        }
        return new MailslotInfo(max[0], next[0], count[0], timeout[0]);
    }

    @Override
    protected AbstractUnsafe newUnsafe() {
        return new MailslotUnsafe();
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return loop instanceof IoEventLoop ioLoop && ioLoop.isCompatible(MailslotUnsafe.class);
    }

    @Override
    protected void doRegister(ChannelPromise promise) {
        ((IoEventLoop) eventLoop()).register((MailslotUnsafe) unsafe()).addListener(f -> {
            if (!f.isSuccess()) {
                promise.setFailure(f.cause());
                return;
            }
            IoRegistration registration = (IoRegistration) f.getNow();
            if (isActive()) {
                registration.cancel();
                promise.setFailure(new IOException(this + ": an open mailslot stays with its event loop"));
                return;
            }
            this.registration = registration;
            handler = registration.attachment();
            promise.setSuccess();
        });
    }

    @Override
    protected void doDeregister() {
        // With a write under way, when its packet has come.
        if (registration != null && pendingWrite == null) {
            registration.cancel();
            registration = null;
        }
    }

    private static IOException failure(MailslotAddress address, String function, Win32Error error) {
        return new IOException(address.path() + ": " + error.describe(function));
    }

    private static MailslotAddress require(SocketAddress address) {
        if (address instanceof MailslotAddress mailslot) {
            return mailslot;
        }
        throw new IllegalArgumentException("a mailslot's address is a MailslotAddress, not "
                + (address == null ? "null" : address.getClass().getName() + ' ' + address)
                + "; use MailslotAddress.of(\"name\")");
    }

    // ---- reading

    @Override
    protected void doBind(SocketAddress localAddress) throws IOException {
        MailslotAddress address = require(localAddress);
        if (isActive()) {
            throw new BindException(this + ": this channel has its mailslot already");
        }
        if (address.isBroadcast()) {
            throw new BindException(address.path() + ": only writers name the mailslots of all machines");
        }
        maxMessageSize = config.getMaxMessageSize();
        long created;
        Win32Error error;
        try (SecurityAttributes security =
                SecurityAttributes.ofSddl(config.getSecurity().toSddl())) {
            created = Kernel32.CreateMailslot(
                    address.path(), maxMessageSize, config.getReadTimeoutMillis(), security.address());
            error = Win32Error.last();
        }
        if (created == Kernel32.INVALID_HANDLE_VALUE) {
            String message = failure(address, "CreateMailslot", error).getMessage();
            throw new BindException(
                    error.code() == Win32Error.ALREADY_EXISTS
                            ? message + "; a mailslot has one reader, and this one has it already"
                            : message);
        }
        synchronized (handleLock) {
            handle = created;
        }
        local = address;
        reader = new MailslotReader(created, eventLoop(), this::waitOver, "nettyipc-mailslot-" + address.name());
    }

    @Override
    protected void doBeginRead() {
        readPending = true;
        if (reader != null && !waiting) {
            scheduleRead();
        }
    }

    void clearReadPending() {
        if (isRegistered() && !eventLoop().inEventLoop()) {
            eventLoop().execute(() -> readPending = false);
        } else {
            readPending = false;
        }
    }

    private void scheduleRead() {
        if (!reading && !readScheduled) {
            readScheduled = true;
            eventLoop().execute(readTask);
        }
    }

    private void readScheduled() {
        readScheduled = false;
        if (readPending && isActive()) {
            read(false);
        }
    }

    /** The reader's thread has seen a message, or the timeout, or something is wrong. */
    private void waitOver(int error) {
        waiting = false;
        if (!isActive()) {
            return;
        }
        if (error == Win32Error.SEM_TIMEOUT) {
            if (readPending) {
                pipeline().fireUserEventTriggered(MailslotReadTimeout.INSTANCE);
                scheduleRead();
            }
        } else if (error == Win32Error.SUCCESS) {
            read(true);
        } else if (error == Win32Error.INSUFFICIENT_BUFFER) {
            if (readPending) {
                scheduleRead();
            }
        } else {
            pipeline().fireExceptionCaught(failure(local, "ReadFile", new Win32Error(error)));
            unsafe().close(voidPromise());
        }
    }

    /** Passes on messages; {@code empty} if the first, an empty one, was read by the wait for it. */
    @SuppressWarnings("deprecation") // RecvByteBufAllocator.Handle is what unsafe() gives
    private void read(boolean empty) {
        ChannelPipeline pipeline = pipeline();
        RecvByteBufAllocator.Handle allocHandle = unsafe().recvBufAllocHandle();
        allocHandle.reset(config);
        reading = true;
        boolean any = empty;
        boolean more = true;
        Throwable failure = null;
        try {
            if (empty) {
                passOn(pipeline, allocHandle, Unpooled.EMPTY_BUFFER);
            }
            do {
                more = readMessage(pipeline, allocHandle);
                any |= more;
            } while (more && isActive() && allocHandle.continueReading());
        } catch (Throwable t) {
            failure = t;
        }
        if (any) {
            allocHandle.readComplete();
            pipeline.fireChannelReadComplete();
        }
        if (failure != null) {
            pipeline.fireExceptionCaught(failure);
        }
        reading = false;
        if (!isActive()) {
            return;
        }
        if (failure instanceof IOException) {
            unsafe().close(voidPromise());
        } else if (readPending && more) {
            scheduleRead();
        } else if (readPending && !waiting) {
            waiting = true;
            reader.await();
        }
    }

    /** Returns whether there was a message. */
    @SuppressWarnings("deprecation")
    private boolean readMessage(ChannelPipeline pipeline, RecvByteBufAllocator.Handle allocHandle) throws IOException {
        if (!Kernel32.GetMailslotInfo(handle, null, nextSize, null, null)) {
            throw failure(local, "GetMailslotInfo", Win32Error.last());
        }
        int size = nextSize[0];
        if (size == Kernel32.MAILSLOT_NO_MESSAGE) {
            allocHandle.lastBytesRead(-1);
            return false;
        }
        // An address is needed also for an empty message.
        ByteBuf bytes = alloc().directBuffer(Math.max(1, size), Math.max(1, size));
        int result = handler.immediateReads().read(handle, CompletionPortIoHandler.addressOf(bytes, 0, 1), size);
        if (result < 0) {
            bytes.release();
            throw failure(local, "ReadFile", new Win32Error(-result));
        }
        bytes.writerIndex(result);
        if (maxMessageSize != 0 && result > maxMessageSize) {
            bytes.release();
            pipeline.fireExceptionCaught(tooLong(local, result, maxMessageSize));
            return true;
        }
        passOn(pipeline, allocHandle, bytes);
        return true;
    }

    @SuppressWarnings("deprecation")
    private void passOn(ChannelPipeline pipeline, RecvByteBufAllocator.Handle allocHandle, ByteBuf message) {
        int length = message.readableBytes();
        readPending = false;
        allocHandle.attemptedBytesRead(length);
        allocHandle.lastBytesRead(length);
        allocHandle.incMessagesRead(1);
        pipeline.fireChannelRead(message);
    }

    private static MessageTooLongException tooLong(MailslotAddress address, long length, long limit) {
        return new MessageTooLongException(
                address.path() + ": a message of " + length + " bytes is longer than the " + limit
                        + " that are allowed (MAILSLOT_MAX_MESSAGE_SIZE, and 424 for a broadcast)",
                limit);
    }

    // ---- writing

    private void open(MailslotAddress address) throws IOException {
        long opened = Kernel32.CreateFile(
                address.path(),
                Kernel32.GENERIC_WRITE,
                Kernel32.FILE_SHARE_READ | Kernel32.FILE_SHARE_WRITE,
                Kernel32.FILE_FLAG_OVERLAPPED);
        if (opened == Kernel32.INVALID_HANDLE_VALUE) {
            Win32Error error = Win32Error.last();
            String message = address.path() + ": CreateFile: ";
            throw new ConnectException(
                    error.code() == Win32Error.FILE_NOT_FOUND
                            ? message + "ERROR_FILE_NOT_FOUND (2), nobody reads a mailslot of that name"
                            : failure(address, "CreateFile", error).getMessage());
        }
        int error = handler.associate(opened);
        if (error != 0) {
            Kernel32.CloseHandle(opened);
            throw failure(address, "CreateIoCompletionPort", new Win32Error(error));
        }
        maxMessageSize = writeLimit(address, config.getMaxMessageSize());
        synchronized (handleLock) {
            handle = opened;
        }
        remote = address;
    }

    /** The longest message that a writer lets through, 0 for any. */
    static int writeLimit(MailslotAddress address, int configured) {
        return address.isBroadcast() && (configured == 0 || configured > MAX_BROADCAST_BYTES)
                ? MAX_BROADCAST_BYTES
                : configured;
    }

    @Override
    protected Object filterOutboundMessage(Object msg) {
        if (local != null) {
            throw new UnsupportedOperationException(local + ": this end of the mailslot reads; nothing goes back");
        }
        if (!(msg instanceof ByteBuf)) {
            throw new UnsupportedOperationException(
                    "unsupported message type: " + StringUtil.simpleClassName(msg) + " (expected: ByteBuf)");
        }
        return CancelledWrites.apartFrom(msg);
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer in) throws IOException {
        for (int i = config.getWriteSpinCount(); i > 0; i--) {
            ByteBuf message = (ByteBuf) ReleasedWrites.current(in);
            if (message == null) {
                return;
            }
            int length = message.readableBytes();
            if (maxMessageSize != 0 && length > maxMessageSize) {
                in.remove(tooLong(remote, length, maxMessageSize));
            } else {
                write(in, message, length);
                if (pendingWrite != null) {
                    return;
                }
            }
        }
        // Other channels' turn.
        eventLoop().execute(flushTask);
    }

    private void flushNow() {
        ((MailslotUnsafe) unsafe()).flush0();
    }

    private void write(ChannelOutboundBuffer in, ByteBuf message, int length) throws IOException {
        ByteBuf bytes;
        if (length == 0) {
            bytes = Unpooled.EMPTY_BUFFER;
        } else if (message.isDirect() && message.nioBufferCount() == 1) {
            bytes = message.retain();
        } else {
            bytes = alloc().directBuffer(length, length).writeBytes(message, message.readerIndex(), length);
        }
        WriteOperation write = handler.writeOperations().take();
        int error = (int) registration.submit(write.prepare(handle, bytes, length));
        if (error == Win32Error.IO_PENDING) {
            pendingWrite = write;
            return;
        }
        write.releaseBytes();
        if (!write.isInFlight()) {
            handler.writeOperations().giveBack(write);
        }
        written(in, length, error);
    }

    private void written(ChannelOutboundBuffer in, int length, int error) throws IOException {
        if (error == 0) {
            in.progress(length);
            in.remove();
            return;
        }
        IOException failure = writeFailure(remote, length, error);
        if (!(failure instanceof MessageTooLongException)) {
            throw failure;
        }
        in.remove(failure);
    }

    /** What the error of a write means. */
    static IOException writeFailure(MailslotAddress address, int length, int error) {
        if (error == Win32Error.INVALID_PARAMETER || error == Win32Error.INSUFFICIENT_BUFFER) {
            // What Windows says of a message over the reader's limit, without telling that.
            return new MessageTooLongException(
                    failure(address, "WriteFile", new Win32Error(error)).getMessage() + ": a message of " + length
                            + " bytes is longer than the mailslot's reader allows",
                    -1);
        }
        return failure(address, "WriteFile", new Win32Error(error));
    }

    // ---- closing

    @Override
    protected void doDisconnect() {
        doClose();
    }

    @Override
    protected void doClose() {
        open = false;
        long handle;
        synchronized (handleLock) {
            handle = this.handle;
            this.handle = Kernel32.INVALID_HANDLE_VALUE;
        }
        if (reader != null) {
            reader.close();
        } else if (handle != Kernel32.INVALID_HANDLE_VALUE) {
            Kernel32.CloseHandle(handle);
        }
    }

    private final class MailslotUnsafe extends AbstractUnsafe implements CompletionPortIoHandle {

        @Override
        public void connect(SocketAddress remoteAddress, SocketAddress localAddress, ChannelPromise promise) {
            if (promise.isDone() || !ensureOpen(promise)) {
                return;
            }
            try {
                if (isActive()) {
                    throw new AlreadyConnectedException();
                }
                if (localAddress != null) {
                    throw new IllegalArgumentException(
                            "a writer has no mailslot of its own, but was to be bound to " + localAddress);
                }
                open(require(remoteAddress));
            } catch (Throwable t) {
                promise.tryFailure(t);
                closeIfClosed();
                if (!isActive()) {
                    close(voidPromise());
                }
                return;
            }
            boolean notCancelled = promise.trySuccess();
            pipeline().fireChannelActive();
            if (!notCancelled) {
                close(voidPromise());
            }
        }

        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            if (!(event instanceof WriteOperation write)) {
                return;
            }
            write.releaseBytes();
            handler.writeOperations().giveBack(write);
            if (write != pendingWrite) {
                return;
            }
            IOException failure = null;
            ChannelOutboundBuffer in = outboundBuffer();
            if (in != null) {
                try {
                    written(in, write.length(), write.error());
                } catch (IOException e) {
                    failure = e;
                }
            }
            pendingWrite = null;
            if (!isRegistered()) {
                doDeregister();
            } else if (failure != null) {
                handleWriteError(failure);
            } else {
                flush0();
            }
        }

        @Override
        protected void flush0() {
            if (pendingWrite == null) {
                super.flush0();
            }
        }

        /** The end of the reader's thread is waited for, which is no business of the event loop while it has others. */
        @Override
        protected Executor prepareToClose() {
            // From here on the event loop leaves the handle alone.
            open = false;
            return reader == null || eventLoop().isShuttingDown() ? null : BlockingHandle.CLOSER;
        }

        @Override
        public void close() {
            close(voidPromise());
        }
    }
}
