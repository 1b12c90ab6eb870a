/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import io.netty.buffer.ByteBuf;
import io.netty.channel.AbstractChannel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelMetadata;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.EventLoop;
import io.netty.channel.FileRegion;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.unix.PreferredDirectByteBufAllocator;
import io.netty.util.internal.StringUtil;
import io.nettyipc.pipe.NamedPipeAccess;
import io.nettyipc.pipe.NamedPipeAddress;
import io.nettyipc.pipe.NamedPipeChannelConfig;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.NotYetConnectedException;
import java.util.function.LongFunction;

/**
 * One end of a connection over a Windows named pipe, in byte mode.
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
 * in the outbound buffer fails. A byte-mode pipe can't be closed in one direction: {@link #shutdownOutput()} fails.
 */
public final class WindowsNamedPipeChannel extends AbstractChannel implements DuplexChannel {

    private static final ChannelMetadata METADATA = new ChannelMetadata(false, 16);

    /** A direct message of this many bytes and more is written without a copy, even if others follow it. */
    private static final int COPY_BELOW = 16 * 1024;

    private static final int MAX_COALESCED = 64 * 1024;

    /** The kernel may hold a pending write's bytes in nonpaged memory. */
    private static final int MAX_WRITE = 1024 * 1024;

    private final WindowsNamedPipeChannelConfig config = new WindowsNamedPipeChannelConfig(this);
    private final Runnable readTask = this::readScheduled;
    private final Runnable flushTask = this::flushNow;

    private final Object handleLock = new Object();
    private long handle;
    private IoRegistration registration;
    private CompletionPortIoHandler handler;
    private ZeroByteReadOperation dataWait;
    private ReadOperation bufferedRead;
    /** What a buffered read brought while nobody had asked for it. */
    private ByteBuf arrived;
    /** Whether data came lately, so that the next wait may hold a buffer. */
    private boolean busy;

    private boolean readSinceCheck;
    private WriteOperation pendingWrite;
    private PipeConnector connector;
    /** Operations whose packets are to come. */
    private int inFlight;

    private boolean readPending;
    private boolean dataReady;
    private boolean reading;
    private boolean readScheduled;
    private boolean deregistering;
    private ChannelPromise drained;

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
    WindowsNamedPipeChannel(
            WindowsNamedPipeServerChannel parent, long handle, NamedPipeAddress address, NamedPipeAccess access) {
        super(parent);
        this.handle = handle;
        this.address = address;
        this.access = access;
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

    @Override
    public WindowsNamedPipeServerChannel parent() {
        return (WindowsNamedPipeServerChannel) super.parent();
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
            waitForData();
        });
    }

    /** Gives the handle, if there is one yet, to the event loop's completion port. */
    private void adopt(CompletionPortIoHandler newHandler) throws IOException {
        if (handle != Kernel32.INVALID_HANDLE_VALUE) {
            if (dataWait == null) {
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
        dataWait = new ZeroByteReadOperation(handle, newHandler.scratchAddress());
        bufferedRead = new ReadOperation(handle);
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
            cancelWait();
        }
    }

    private void cancelWait() {
        OverlappedOperation wait = dataWait.isInFlight() ? dataWait : bufferedRead;
        if (wait.isInFlight()) {
            Kernel32.CancelIoEx(handle, wait.overlapped.address());
        }
    }

    private void endRegistration() {
        deregistering = false;
        IoRegistration registration = this.registration;
        this.registration = null;
        registration.cancel();
        if (drained != null) {
            drained.trySuccess();
        }
    }

    // ---- reading

    @Override
    protected void doBeginRead() {
        if (inputShutdown) {
            return;
        }
        readPending = true;
        if (dataReady || arrived != null) {
            scheduleRead();
        } else {
            waitForData();
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
        if ((dataReady || arrived != null) && readPending && active) {
            read0();
        }
    }

    private void waitForData() {
        if (!active
                || dataReady
                || arrived != null
                || reading
                || deregistering
                || registration == null
                || dataWait.isInFlight()
                || bufferedRead.isInFlight()
                || !access.isReadable()) {
            return;
        }
        int error = busy && readPending ? submitBufferedRead() : submit(dataWait);
        if (error != 0) {
            // Asked for later, since this may be inside a user's call of read().
            eventLoop().execute(() -> readFailed(error));
        }
    }

    /** Saves a busy channel the zero-byte read in front of each read; see {@link BusyReaders} for the way back. */
    @SuppressWarnings("deprecation") // RecvByteBufAllocator.Handle is what unsafe() gives
    private int submitBufferedRead() {
        RecvByteBufAllocator.Handle allocHandle = unsafe().recvBufAllocHandle();
        PreferredDirectByteBufAllocator allocator = handler.readAllocator;
        allocator.updateAllocator(alloc());
        int error = submit(bufferedRead.prepare(allocHandle.allocate(allocator)));
        if (error != 0) {
            bufferedRead.discard();
        }
        return error;
    }

    private void dataArrived(int error) {
        if (!active) {
            return;
        }
        if (error == 0 || error == Win32Error.MORE_DATA) {
            dataReady = true;
            if (readPending) {
                read0();
            }
        } else if (error == Win32Error.OPERATION_ABORTED) {
            waitForData();
        } else {
            readFailed(error);
        }
    }

    private void bufferArrived(int error, ByteBuf bytes) {
        if (!active) {
            if (bytes != null) {
                bytes.release();
            }
        } else if (bytes != null) {
            arrived = bytes;
            if (readPending) {
                read0();
            }
        } else if (error == 0 || error == Win32Error.MORE_DATA || error == Win32Error.OPERATION_ABORTED) {
            waitForData();
        } else {
            readFailed(error);
        }
    }

    /**
     * Asked about once a second while {@link #busy}.
     *
     * @return whether data came since the last time; if not, the channel gives back its buffer
     */
    boolean isStillBusy() {
        if (active && readSinceCheck) {
            readSinceCheck = false;
            return true;
        }
        busy = false;
        if (active && bufferedRead.isInFlight()) {
            // It may yet bring data, then that counts. Without, the zero-byte read takes its place.
            Kernel32.CancelIoEx(handle, bufferedRead.overlapped.address());
        }
        return false;
    }

    /** Whether the wait for data holds a buffer, on the event loop's thread. */
    boolean holdsReadBuffer() {
        return bufferedRead.isInFlight();
    }

    private void readFailed(int error) {
        if (!active) {
            return;
        }
        if (!Win32Error.isPeerGone(error)) {
            pipeline().fireExceptionCaught(failure("ReadFile", error));
        }
        unsafe().close(voidPromise());
    }

    @SuppressWarnings("deprecation") // RecvByteBufAllocator.Handle is what unsafe() gives
    private void read0() {
        ChannelPipeline pipeline = pipeline();
        RecvByteBufAllocator.Handle allocHandle = unsafe().recvBufAllocHandle();
        PreferredDirectByteBufAllocator allocator = handler.readAllocator;
        allocHandle.reset(config);
        int error = 0;
        reading = true;
        try {
            error = readLoop(pipeline, allocHandle, allocator);
            allocHandle.readComplete();
            pipeline.fireChannelReadComplete();
        } catch (Throwable t) {
            allocHandle.readComplete();
            pipeline.fireChannelReadComplete();
            pipeline.fireExceptionCaught(t);
            if (t instanceof OutOfMemoryError) {
                unsafe().close(voidPromise());
            }
        } finally {
            reading = false;
        }
        if (error != 0) {
            readFailed(error);
        } else if (!dataReady) {
            waitForData();
        } else if (readPending) {
            scheduleRead();
        }
    }

    private void noteRead() {
        readPending = false;
        readSinceCheck = true;
        if (!busy) {
            busy = true;
            handler.busyReaders.add(this, eventLoop());
        }
    }

    /** Reads until the pipe is empty or the handle says that it is enough; returns the error that ended it, or 0. */
    @SuppressWarnings("deprecation")
    private int readLoop(
            ChannelPipeline pipeline,
            RecvByteBufAllocator.Handle allocHandle,
            PreferredDirectByteBufAllocator allocator) {
        do {
            int wanted;
            ByteBuf bytes = arrived;
            if (bytes != null) {
                arrived = null;
                wanted = bufferedRead.wanted();
            } else {
                // A handler may have read on another channel, with another allocator, meanwhile.
                allocator.updateAllocator(alloc());
                bytes = allocHandle.allocate(allocator);
                wanted = bytes.writableBytes();
                int result = handler.readNow(
                        handle, CompletionPortIoHandler.addressOf(bytes, bytes.writerIndex(), wanted), wanted);
                if (result <= 0) {
                    allocHandle.lastBytesRead(result);
                    bytes.release();
                    dataReady = false;
                    return result == -Win32Error.IO_PENDING ? 0 : -result;
                }
                bytes.writerIndex(bytes.writerIndex() + result);
            }
            int read = bytes.readableBytes();
            allocHandle.attemptedBytesRead(wanted);
            allocHandle.lastBytesRead(read);
            noteRead();
            // A full buffer says nothing about what is left; anything less means that the pipe is empty.
            dataReady = read == wanted;
            allocHandle.incMessagesRead(1);
            pipeline.fireChannelRead(bytes);
        } while (dataReady && active && !inputShutdown && allocHandle.continueReading());
        return 0;
    }

    // ---- writing

    @Override
    protected Object filterOutboundMessage(Object msg) {
        if (!(msg instanceof ByteBuf) && !(msg instanceof FileRegion)) {
            throw new UnsupportedOperationException("unsupported message type: " + StringUtil.simpleClassName(msg)
                    + " (expected: ByteBuf, FileRegion)");
        }
        if (access != null && !access.isWritable()) {
            throw new UnsupportedOperationException(address + ": this end of the pipe only reads (PIPE_ACCESS)");
        }
        return msg;
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer in) throws Exception {
        if (pendingWrite != null) {
            return;
        }
        for (int i = config.getWriteSpinCount(); i > 0; i--) {
            WriteOperation write = nextWrite(in);
            if (write == null) {
                return;
            }
            int error = submit(write);
            if (error == Win32Error.SUCCESS) {
                // Done; its packet only brings the record back.
                write.releaseBytes();
                written(in, write.length());
            } else if (error == Win32Error.IO_PENDING) {
                pendingWrite = write;
                return;
            } else {
                write.releaseBytes();
                handler.idleWrites.push(write);
                writeFailed(in, error);
                return;
            }
        }
        // Other channels' turn.
        eventLoop().execute(flushTask);
    }

    private void flushNow() {
        ((PipeUnsafe) unsafe()).flush0();
    }

    /** The next bytes to write as an operation to be submitted, or null if nothing is left. */
    private WriteOperation nextWrite(ChannelOutboundBuffer in) throws Exception {
        for (; ; ) {
            Object msg = in.current();
            if (msg == null) {
                return null;
            }
            ByteBuf bytes;
            if (msg instanceof FileRegion region) {
                bytes = nextRegionBytes(region);
            } else {
                ByteBuf buf = (ByteBuf) msg;
                int readable = buf.readableBytes();
                boolean inPlace =
                        buf.isDirect() && buf.nioBufferCount() == 1 && (in.size() == 1 || readable >= COPY_BELOW);
                bytes = readable == 0
                        ? null
                        : inPlace ? buf.retain() : handler.coalescer.coalesce(in, alloc(), MAX_COALESCED);
            }
            if (bytes != null) {
                WriteOperation write = handler.idleWrites.poll();
                return (write == null ? new WriteOperation() : write)
                        .prepare(handle, bytes, Math.min(bytes.readableBytes(), MAX_WRITE));
            }
            in.remove();
        }
    }

    private ByteBuf nextRegionBytes(FileRegion region) throws IOException {
        long left = region.count() - region.transferred();
        if (left <= 0) {
            return null;
        }
        int size = (int) Math.min(left, MAX_COALESCED);
        ByteBuf bytes = alloc().directBuffer(size, size);
        try {
            region.transferTo(new ByteBufSink(bytes), region.transferred());
            if (!bytes.isReadable()) {
                if (region instanceof DefaultFileRegion file) {
                    validateFileRegion(file, region.transferred());
                }
                throw new IOException(address + ": the file region ended " + left + " bytes early");
            }
            return bytes;
        } catch (Throwable t) {
            bytes.release();
            throw t;
        }
    }

    private static void written(ChannelOutboundBuffer in, int bytes) {
        Object msg = in.current();
        if (msg instanceof FileRegion region) {
            in.progress(bytes);
            if (region.transferred() >= region.count()) {
                in.remove();
            }
        } else {
            in.removeBytes(bytes);
        }
    }

    private void writeCompleted(WriteOperation write) {
        boolean counted = write != pendingWrite;
        int error = write.error();
        int length = write.length();
        write.releaseBytes();
        handler.idleWrites.push(write);
        if (counted) {
            return;
        }
        PipeUnsafe unsafe = (PipeUnsafe) unsafe();
        // Null once the channel or its output is closed: the messages have been failed then.
        ChannelOutboundBuffer in = unsafe.outboundBuffer();
        IOException failure = null;
        if (in != null) {
            try {
                if (error == 0) {
                    written(in, length);
                } else {
                    writeFailed(in, error);
                }
            } catch (IOException e) {
                failure = e;
            }
        }
        // Not before: a listener of one of these messages may flush, and would send again what is still being taken
        // off.
        pendingWrite = null;
        if (failure != null) {
            unsafe.failWrite(failure);
        } else {
            flushNow();
        }
    }

    private void writeFailed(ChannelOutboundBuffer in, int error) throws IOException {
        IOException failure = failure("WriteFile", error);
        if (!Win32Error.isPeerGone(error) || !access.isReadable()) {
            throw failure;
        }
        // What the peer sent before it went is still to be read; the end behind it closes the channel.
        boolean more;
        do {
            more = in.remove(failure);
        } while (more);
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
        if (arrived != null) {
            arrived.release();
            arrived = null;
        }
        if (connector != null) {
            connector.abort(new ClosedChannelException());
            connector = null;
        }
        long handle = this.handle;
        if (handle != Kernel32.INVALID_HANDLE_VALUE) {
            synchronized (handleLock) {
                this.handle = Kernel32.INVALID_HANDLE_VALUE;
                // Operations under way end with this; their packets find their records.
                Kernel32.CloseHandle(handle);
            }
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

    /** Stops reading for good. Nobody tells the peer, which can go on until the pipe is full. */
    @Override
    public ChannelFuture shutdownInput() {
        return shutdownInput(newPromise());
    }

    /** Stops reading for good. Nobody tells the peer, which can go on until the pipe is full. */
    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
        if (!eventLoop().inEventLoop()) {
            eventLoop().execute(() -> shutdownInput(promise));
        } else if (!open) {
            promise.setFailure(new ClosedChannelException());
        } else if (!active) {
            promise.setFailure(new NotYetConnectedException());
        } else {
            readPending = false;
            inputShutdown = true;
            promise.setSuccess();
        }
        return promise;
    }

    /** Fails with {@link UnsupportedOperationException}: a byte-mode pipe can only be closed as a whole. */
    @Override
    public ChannelFuture shutdownOutput() {
        return shutdownOutput(newPromise());
    }

    /** Fails with {@link UnsupportedOperationException}: a byte-mode pipe can only be closed as a whole. */
    @Override
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
        return promise.setFailure(
                !open ? new ClosedChannelException() : active ? noHalfClose() : new NotYetConnectedException());
    }

    /** Fails with {@link UnsupportedOperationException}: a byte-mode pipe can only be closed as a whole. */
    @Override
    public ChannelFuture shutdown() {
        return shutdown(newPromise());
    }

    /** Fails with {@link UnsupportedOperationException}: a byte-mode pipe can only be closed as a whole. */
    @Override
    public ChannelFuture shutdown(ChannelPromise promise) {
        return shutdownOutput(promise);
    }

    private UnsupportedOperationException noHalfClose() {
        return new UnsupportedOperationException(address + ": a byte-mode pipe can't be closed in one direction;"
                + " close() it, or let the peer know by a message that no more will come");
    }

    private IOException failure(String function, int error) {
        return new IOException(address + ": " + new Win32Error(error).describe(function));
    }

    private int submit(OverlappedOperation operation) {
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
                waitForData();
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
                writeCompleted(write);
            } else if (event == bufferedRead) {
                bufferArrived(bufferedRead.error(), bufferedRead.take());
            } else {
                dataArrived(dataWait.error());
            }
            if (deregistering && inFlight == 0) {
                endRegistration();
            }
        }

        @Override
        protected void flush0() {
            // Flushed messages wait for the packet of the write under way.
            if (pendingWrite == null) {
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
                } else if (registration == null) {
                    promise.trySuccess();
                } else {
                    drained = promise;
                }
            }));
        }

        @Override
        public void close() {
            close(voidPromise());
        }
    }
}
