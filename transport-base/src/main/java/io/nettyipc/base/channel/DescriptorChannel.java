/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.channel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.FileRegion;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.unix.PreferredDirectByteBufAllocator;
import io.netty.util.IllegalReferenceCountException;
import io.nettyipc.base.loop.LoopEnd;
import io.nettyipc.base.loop.NextTurn;
import io.nettyipc.base.os.Descriptor;
import io.nettyipc.base.os.LibC;
import java.io.IOException;

/**
 * A channel that reads bytes from one descriptor and writes to another one, or to the same one, or does one of both
 * only. Subclasses open the descriptors when they bind or connect.
 */
public abstract class DescriptorChannel extends AbstractIpcChannel {
    private final NextTurn nextRead = new NextTurn(this, this::runRead);
    private final NextTurn nextFlush = new NextTurn(this, this::flushNow);
    private final LoopEnd loopEnd = new LoopEnd(this::loopEnds);
    private final PreferredDirectByteBufAllocator directAllocator = new PreferredDirectByteBufAllocator();

    private DescriptorEnds ends = DescriptorEnds.NONE;

    /** Bytes that were read before the channel had its descriptor, and that are passed on first; or null. */
    private ByteBuf firstBytes;

    private boolean readPending;
    private boolean readScheduled;
    /** Whether there may be something to read. */
    private boolean inputReady;
    /** Whether the writers have gone: what is left, and then the end, can be read. */
    private boolean inputEnding;

    private boolean outputBlocked;

    public DescriptorChannel(Channel parent) {
        super(parent);
    }

    @Override
    public final IpcUnsafe unsafe() {
        return (IpcUnsafe) super.unsafe();
    }

    // ---- opening

    /**
     * Starts to use the descriptors, which the channel closes from now on. Either may be null, and both may be the
     * same.
     */
    protected final void activate(Descriptor input, Descriptor output) throws IOException {
        adopt(input, output);
        try {
            watch();
        } catch (Throwable t) {
            deactivate();
            throw t;
        }
    }

    /** Gives a channel that is about to be registered its descriptors. */
    protected final void adopt(Descriptor input, Descriptor output) {
        ends = DescriptorEnds.of(input, output);
        beginShutDown(input == null, output == null);
        activate();
    }

    private void watch() throws IOException {
        ends.watch(this);
        inputReady |= ends.isInputAlwaysReady();
        if (outputBlocked) {
            ends.awaitOutput();
        }
        // The loop before may still have its task, which does nothing there.
        readScheduled = false;
        if (readPending) {
            awaitInput();
        }
    }

    final void failed(Throwable cause) {
        pipeline().fireExceptionCaught(cause);
        unsafe().close(voidPromise());
    }

    /** The event loop ends, and the channel with it. */
    protected void loopEnds() {
        unsafe().close(voidPromise());
    }

    @Override
    protected void doRegister(ChannelPromise promise) {
        loopEnd.await(eventLoop());
        try {
            if (isActive()) {
                watch();
            }
            promise.setSuccess();
        } catch (IOException e) {
            promise.setFailure(e);
        }
    }

    @Override
    protected void doDeregister() {
        loopEnd.cancel();
        ends.unwatch();
    }

    // ---- reading

    /** The descriptor that is read, for figures. */
    protected final Descriptor input() {
        return ends.input;
    }

    /** The descriptor that is written. */
    protected final Descriptor output() {
        return ends.output;
    }

    @Override
    protected void doBeginRead() {
        readPending = true;
        awaitInput();
    }

    @Override
    protected final void doClearReadPending() {
        readPending = false;
    }

    protected final boolean isReadPending() {
        return readPending;
    }

    private void awaitInput() {
        if (!ends.isInputWatched() || isInputShutdown()) {
            return;
        }
        if (!inputReady) {
            ends.awaitInput();
        } else if (!readScheduled) {
            readScheduled = true;
            nextRead.await();
        }
    }

    final void inputReady(boolean ending) {
        inputReady = true;
        inputEnding |= ending;
        if (readPending) {
            readNow();
        } else if (inputEnding && firstBytes == null && ends.input.available() == 0) {
            // The handlers don't read now, but there is nothing left to read: tell them the end.
            unsafe().inputEnded();
        }
    }

    private void runRead() {
        if (!eventLoop().inEventLoop()) {
            return;
        }
        readScheduled = false;
        try {
            readNow();
        } catch (Throwable t) {
            failed(t);
        }
    }

    private void readNow() {
        if (!readPending || !inputReady || !ends.isInputWatched() || isInputShutdown()) {
            return;
        }
        RecvByteBufAllocator.ExtendedHandle allocHandle =
                (RecvByteBufAllocator.ExtendedHandle) unsafe().recvBufAllocHandle();
        allocHandle.reset(config());
        ChannelPipeline pipeline = pipeline();
        boolean ended = false;
        Throwable failure = null;
        try {
            do {
                directAllocator.updateAllocator(config().getAllocator());
                Object message = firstBytes == null ? read(allocHandle, directAllocator) : takeFirstBytes(allocHandle);
                if (message == null) {
                    ended = allocHandle.lastBytesRead() < 0;
                    break;
                }
                allocHandle.incMessagesRead(1);
                readPending = false;
                pipeline.fireChannelRead(message);
            } while (isOpen() && !isInputShutdown() && inputReady && allocHandle.continueReading());
        } catch (Throwable t) {
            failure = t;
        }
        allocHandle.readComplete();
        pipeline.fireChannelReadComplete();
        if (failure != null) {
            pipeline.fireExceptionCaught(failure);
        }
        if (failure instanceof IOException || failure instanceof OutOfMemoryError) {
            unsafe().close(voidPromise());
        } else if (ended) {
            readPending = false;
            unsafe().inputEnded();
        } else if (readPending) {
            awaitInput();
        }
    }

    /**
     * Reads once.
     *
     * @return the message, or {@code null} if there is none now or, with {@code lastBytesRead} negative, for ever
     */
    protected Object read(RecvByteBufAllocator.ExtendedHandle allocHandle, ByteBufAllocator allocator)
            throws IOException {
        ByteBuf bytes = allocHandle.allocate(allocator);
        boolean passedOn = false;
        int read;
        try {
            int wanted = bytes.writableBytes();
            allocHandle.attemptedBytesRead(wanted);
            read = ends.input.read(bytes);
            if (read > 0) {
                allocHandle.lastBytesRead(read);
                if (read < wanted && isEmptyAfterShortRead()) {
                    inputDrained();
                }
                passedOn = true;
                return bytes;
            }
        } finally {
            if (!passedOn) {
                bytes.release();
            }
        }
        if (read == -LibC.EAGAIN) {
            allocHandle.lastBytesRead(0);
            readWouldBlock();
            return null;
        }
        if (read < 0) {
            throw new IOException(this + ": " + LibC.describe(-read));
        }
        return endOfFile(allocHandle);
    }

    /** Reading brought 0 bytes. */
    protected final Object endOfFile(RecvByteBufAllocator.ExtendedHandle allocHandle) {
        allocHandle.lastBytesRead(-1);
        return null;
    }

    /** Whether a read that brought less than was asked for took everything, as with a pipe. */
    protected boolean isEmptyAfterShortRead() {
        return true;
    }

    /** The descriptor has been read empty. The watch tells of what comes next, but not again of an end. */
    private void inputDrained() {
        inputReady = inputEnding || ends.isInputAlwaysReady();
    }

    /** Passes these bytes on before any of the descriptor. */
    protected final void readFirst(ByteBuf bytes) {
        firstBytes = bytes;
        inputReady = true;
    }

    private ByteBuf takeFirstBytes(RecvByteBufAllocator.ExtendedHandle allocHandle) {
        ByteBuf bytes = firstBytes;
        firstBytes = null;
        allocHandle.attemptedBytesRead(bytes.readableBytes());
        allocHandle.lastBytesRead(bytes.readableBytes());
        return bytes;
    }

    /**
     * The input's end may be a past one, which nobody will tell of: reading shows. To be called before
     * {@link #activate}.
     */
    protected final void expectEarlierEnd() {
        inputReady = true;
        inputEnding = true;
    }

    /** Reading met {@code EAGAIN}. So there is no end: another writer has come since it was told. */
    protected final void readWouldBlock() {
        inputEnding = false;
        inputDrained();
    }

    // ---- writing

    @Override
    protected Object filterOutboundMessage(Object msg) throws Exception {
        if (isActive() && ends.output == null) {
            throw new UnsupportedOperationException(this + ": this end only reads");
        }
        if (msg instanceof ByteBuf buf) {
            return buf.isDirect() || !buf.isReadable() ? buf : toDirect(buf);
        }
        return super.filterOutboundMessage(msg);
    }

    protected final ByteBuf toDirect(ByteBuf buf) {
        int length = buf.readableBytes();
        ByteBuf direct = alloc().directBuffer(length, length);
        try {
            direct.writeBytes(buf, buf.readerIndex(), length);
        } catch (Throwable t) {
            direct.release();
            throw t;
        }
        buf.release();
        return direct;
    }

    @Override
    protected void doWrite(ChannelOutboundBuffer in) throws Exception {
        for (int i = config().getWriteSpinCount(); i > 0; i--) {
            // Not isEmpty(): a handler that flushes while a flush takes off cancelled writes has Netty's count wrong.
            if (in.current() == null) {
                return;
            }
            int written = writeOnce(in);
            if (written == -LibC.EAGAIN) {
                outputBlocked = true;
                ends.awaitOutput();
                return;
            }
            if (written < 0) {
                writeFailed(in, -written);
                return;
            }
        }
        // Other channels' turn.
        if (in.current() != null) {
            nextFlush.await();
        }
    }

    /** Writes of the flushed messages what one system call takes, and removes it; else returns the negative error. */
    protected int writeOnce(ChannelOutboundBuffer in) throws Exception {
        Object msg = in.current();
        while (msg instanceof ByteBuf empty && !empty.isReadable()) {
            in.remove();
            msg = in.current();
        }
        if (msg == null) {
            return 0;
        }
        try {
            if (msg instanceof FileRegion region) {
                return ends.writeRegion(this, in, region);
            }
            int written = ends.write(in, (ByteBuf) msg);
            if (written >= 0) {
                in.removeBytes(written);
            }
            return written;
        } catch (IllegalReferenceCountException e) {
            ReleasedWrites.fail(in, e);
            return 0;
        }
    }

    /** A write failed, for all that is flushed. */
    protected void writeFailed(ChannelOutboundBuffer in, int error) throws IOException {
        IOException failure = new IOException(this + ": " + LibC.describe(error));
        // A socket that keeps boundaries tells of a peer that hasn't read everything before it tells of one that has
        // gone.
        if ((error != LibC.EPIPE && error != LibC.ECONNRESET) || isInputShutdown() || endsWithItsReader()) {
            throw failure;
        }
        // The peer may have sent something before it went: read that before the channel closes.
        boolean more;
        do {
            more = in.remove(failure);
        } while (more);
        unsafe().outputEnded();
    }

    private void flushNow() {
        if (!eventLoop().inEventLoop()) {
            eventLoop().execute(this::flushNow);
            return;
        }
        unsafe().flushNow();
    }

    final void outputReady(boolean gone) {
        if (gone) {
            unsafe().outputEnded();
        } else if (outputBlocked) {
            outputBlocked = false;
            flushNow();
        }
    }

    @Override
    protected final boolean isFlushPending() {
        // Until the descriptor takes some again.
        return outputBlocked;
    }

    @Override
    protected final void doShutdownInput() {
        ends.shutdownInput();
    }

    @Override
    protected final void doShutdownOutput() throws Exception {
        super.doShutdownOutput();
        ends.shutdownOutput();
    }

    // ---- closing

    @Override
    protected void doClose() throws Exception {
        super.doClose();
        doDeregister();
        if (firstBytes != null) {
            firstBytes.release();
            firstBytes = null;
        }
        ends.close();
    }
}
