/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.mailslot.windows;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.RecvByteBufAllocator;
import io.nettyipc.base.channel.AbstractIpcChannel;
import io.nettyipc.base.channel.CancelledWrites;
import io.nettyipc.base.channel.ConnectAttempt;
import io.nettyipc.base.channel.HalfClosureConfig;
import io.nettyipc.base.channel.OptionTable;
import io.nettyipc.base.loop.BlockingHandle;
import io.nettyipc.base.loop.CompletionPortIoHandle;
import io.nettyipc.base.loop.CompletionPortIoHandler;
import io.nettyipc.base.loop.EventLoops;
import io.nettyipc.base.loop.NextTurn;
import io.nettyipc.base.loop.WriteOperation;
import io.nettyipc.base.os.DirectMemory;
import io.nettyipc.base.os.Kernel32;
import io.nettyipc.base.os.SecurityAttributes;
import io.nettyipc.base.os.Win32Error;
import io.nettyipc.mailslot.MailslotAddress;
import io.nettyipc.mailslot.MailslotChannel;
import io.nettyipc.mailslot.MailslotChannelConfig;
import io.nettyipc.mailslot.MailslotInfo;
import io.nettyipc.mailslot.MailslotReadTimeout;
import io.nettyipc.mailslot.config.DefaultMailslotChannelConfig;
import io.nettyipc.pipe.MessageTooLongException;
import java.io.IOException;
import java.net.BindException;
import java.net.SocketAddress;
import java.nio.channels.NotYetConnectedException;
import java.util.concurrent.Executor;

/**
 * One end of a Windows mailslot. A reader learns from its {@link MailslotReader} that there are messages, and reads
 * them on its event loop; a writer's operations go through the loop's completion port.
 */
public final class WindowsMailslotChannel extends AbstractIpcChannel implements MailslotChannel {

    private static final OptionTable<DefaultMailslotChannelConfig> OPTIONS =
            DefaultMailslotChannelConfig.options(HalfClosureConfig.OPTIONS);

    private final DefaultMailslotChannelConfig config = new DefaultMailslotChannelConfig(this, OPTIONS);
    private final NextTurn nextRead = new NextTurn(this, this::readScheduled);

    private final Object handleLock = new Object();
    private long handle = Kernel32.INVALID_HANDLE_VALUE;
    private IoRegistration registration;
    private MailslotReader reader;
    private MailslotWriter writer;
    private final int[] nextSize = new int[1];
    private int maxMessageSize;
    private boolean readPending;
    private boolean readScheduled;
    private boolean reading;
    /** Whether the reader's thread waits for a message. */
    private boolean waiting;

    private volatile MailslotAddress local;
    private volatile MailslotAddress remote;

    /** For {@link io.netty.bootstrap.Bootstrap#channel}. */
    public WindowsMailslotChannel() {
        super(null);
    }

    @Override
    public MailslotChannelConfig config() {
        return config;
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
            if (!isOpen()) {
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
    public IpcUnsafe unsafe() {
        return (IpcUnsafe) super.unsafe();
    }

    @Override
    protected AbstractIpcUnsafe newUnsafe() {
        return new MailslotUnsafe();
    }

    @Override
    protected void doRegister(ChannelPromise promise) {
        EventLoops.register(this, (MailslotUnsafe) unsafe(), "NamedPipe.newIoHandlerFactory()")
                .addListener(f -> {
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
                    promise.setSuccess();
                });
    }

    @Override
    protected void doDeregister() {
        // With a write under way, when its packet has come.
        if (registration != null && !isFlushPending()) {
            registration.cancel();
            registration = null;
        }
    }

    static IOException failure(MailslotAddress address, String function, Win32Error error) {
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
        beginShutDown(false, true);
        activate();
        reader = new MailslotReader(created, eventLoop(), this::waitOver, "nettyipc-mailslot-" + address.name());
    }

    @Override
    protected void doBeginRead() {
        readPending = !isInputShutdown();
        if (readPending && reader != null && !waiting) {
            scheduleRead();
        }
    }

    @Override
    protected void doClearReadPending() {
        readPending = false;
    }

    private void scheduleRead() {
        if (!reading && !readScheduled) {
            readScheduled = true;
            nextRead.await();
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
        if (isInputShutdown()) {
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
            } while (more && !isInputShutdown() && allocHandle.continueReading());
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
        int result = registration
                .<CompletionPortIoHandler>attachment()
                .immediateReads()
                .read(handle, DirectMemory.addressOf(bytes, 0, 1), size);
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

    static MessageTooLongException tooLong(MailslotAddress address, long length, long limit) {
        return new MessageTooLongException(
                address.path() + ": a message of " + length + " bytes is longer than the " + limit
                        + " that are allowed (MAILSLOT_MAX_MESSAGE_SIZE, and 424 for a broadcast)",
                limit);
    }

    // ---- writing

    @Override
    protected void doConnect(SocketAddress remoteAddress, ConnectAttempt attempt) {
        MailslotAddress address = require(remoteAddress);
        try {
            writer = new MailslotWriter(this, address, registration);
        } catch (IOException e) {
            attempt.fail(e);
            return;
        }
        synchronized (handleLock) {
            handle = writer.handle();
        }
        remote = address;
        beginShutDown(true, false);
        activate();
        attempt.succeed();
    }

    @Override
    protected Object filterOutboundMessage(Object msg) {
        if (local != null) {
            throw new UnsupportedOperationException(local + ": this end of the mailslot reads; nothing goes back");
        }
        if (!(msg instanceof ByteBuf)) {
            throw unsupported(msg, "ByteBuf");
        }
        return CancelledWrites.distinct(msg);
    }

    @Override
    protected boolean isFlushPending() {
        return writer != null && writer.isPending();
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer in) throws IOException {
        writer.write(in);
    }

    // ---- closing

    /** Messages stay in the mailslot until it is closed. */
    @Override
    protected void doShutdownInput() {}

    @Override
    protected void doClose() throws Exception {
        super.doClose();
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

    /** The end of the reader's thread is waited for, which is no business of the event loop while it has others. */
    @Override
    protected Executor closing() {
        // From here on the event loop leaves the handle alone.
        end();
        return reader == null || eventLoop().isShuttingDown() ? null : BlockingHandle.CLOSER;
    }

    private final class MailslotUnsafe extends AbstractIpcUnsafe implements CompletionPortIoHandle {

        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            if (event instanceof WriteOperation write) {
                writer.completed(write);
            }
        }
    }
}
