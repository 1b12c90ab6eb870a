/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.channel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.IllegalReferenceCountException;
import io.netty.util.internal.ObjectUtil;
import io.netty.util.internal.StringUtil;
import io.nettyipc.base.os.Descriptor;
import io.nettyipc.base.os.DirectMemory;
import io.nettyipc.base.os.LibC;
import io.nettyipc.base.os.UnixSocket;
import java.io.IOException;
import java.util.function.Supplier;

/**
 * A channel over a socket that keeps boundaries: each buffer that is written is one message, and each message is read
 * as one buffer of its length, which the kernel tells before it is taken.
 */
public abstract class MessageSocketChannel extends DescriptorChannel {
    /** What its configuration has to have: the send buffer limits the length of messages. */
    public static final OptionTable<HalfClosureConfig> OPTIONS = HalfClosureConfig.OPTIONS.with(
            ChannelOption.SO_SNDBUF,
            config -> of(config).sendBuffer(),
            (config, size) -> of(config).setSendBuffer(ObjectUtil.checkPositive(size, "sendBuffer")));

    /** How many messages in a row are dropped before it is other channels' turn. */
    private static final int MAX_DROPPED = 16;

    /** Keeps the socket open while it is asked or told something by any thread. */
    private final Object socketLock = new Object();

    /** The send buffer that was set before there was a socket; 0 leaves it to the system. */
    private int sendBuffer;

    public MessageSocketChannel(Channel parent) {
        super(parent);
    }

    private static MessageSocketChannel of(HalfClosureConfig config) {
        return (MessageSocketChannel) config.channel();
    }

    /**
     * Runs an action that uses the socket, which isn't closed meanwhile; returns what it returns, or null if it is
     * closed.
     */
    protected final <T> T withOpenSocket(Supplier<T> action) {
        synchronized (socketLock) {
            return isOpen() ? action.get() : null;
        }
    }

    @Override
    protected void doClose() throws Exception {
        synchronized (socketLock) {
            super.doClose();
        }
    }

    /** The socket that is written to or read from, or null if there is none yet. */
    private Descriptor socket() {
        return output() != null ? output() : input();
    }

    /** Opens a socket with the options that were set. */
    protected final Descriptor openSocket(int type) throws IOException {
        Descriptor socket = UnixSocket.open(type);
        synchronized (socketLock) {
            if (sendBuffer != 0) {
                UnixSocket.setSendBuffer(socket, sendBuffer);
            }
        }
        return socket;
    }

    /** In bytes as Linux counts, which doubles what it is asked for. */
    private int sendBuffer() {
        Integer size = withOpenSocket(() -> socket() == null ? sendBuffer : UnixSocket.sendBuffer(socket()));
        return size == null ? 0 : size;
    }

    private void setSendBuffer(int size) {
        withOpenSocket(() -> {
            sendBuffer = size;
            if (socket() != null) {
                UnixSocket.setSendBuffer(socket(), size);
            }
            return null;
        });
    }

    /** The longest message that is passed on, in bytes. */
    protected int maxMessageLength() {
        return Integer.MAX_VALUE;
    }

    /**
     * Creates the exception for a message that is too long to be sent or to be passed on.
     *
     * @param limit the longest one that would have been allowed, in bytes, or -1 if the system doesn't tell
     */
    protected abstract IOException messageTooLong(String message, long limit);

    /** Whether a message without bytes is the end. */
    protected abstract boolean isEnd();

    @Override
    public Object read(RecvByteBufAllocator.ExtendedHandle allocHandle, ByteBufAllocator allocator) throws IOException {
        for (int i = 0; i < MAX_DROPPED; i++) {
            int length = UnixSocket.nextLength(input());
            if (length == -LibC.EAGAIN) {
                readWouldBlock();
                break;
            }
            if (length < 0) {
                throw new IOException(this + ": " + LibC.describe(-length));
            }
            if (length == 0 && isEnd()) {
                return endOfFile(allocHandle);
            }
            if (length <= maxMessageLength()) {
                return take(length, allocHandle, allocator);
            }
            UnixSocket.drop(input());
            pipeline()
                    .fireExceptionCaught(messageTooLong(
                            this + ": a message of " + length + " bytes arrived, and " + maxMessageLength()
                                    + " are allowed; it was dropped",
                            maxMessageLength()));
            if (!isOpen()) {
                break;
            }
        }
        allocHandle.lastBytesRead(0);
        return null;
    }

    private ByteBuf take(int length, RecvByteBufAllocator.ExtendedHandle allocHandle, ByteBufAllocator allocator)
            throws IOException {
        ByteBuf message = allocator.directBuffer(length, Math.max(1, length));
        allocHandle.attemptedBytesRead(length);
        int taken = UnixSocket.receive(input(), message);
        if (taken < 0) {
            message.release();
            throw new IOException(this + ": " + LibC.describe(-taken));
        }
        // 1 for an empty one: 0 would mean that there was nothing.
        allocHandle.lastBytesRead(Math.max(1, taken));
        return message.writerIndex(taken);
    }

    @Override
    protected boolean isEmptyAfterShortRead() {
        return false;
    }

    @Override
    protected Object filterOutboundMessage(Object msg) throws Exception {
        if (isActive() && output() == null) {
            throw new UnsupportedOperationException(this + ": this end only reads");
        }
        if (msg instanceof ByteBuf buf) {
            if (!buf.isReadable()) {
                buf.release();
                return CancelledWrites.EMPTY_MESSAGE;
            }
            return buf.isDirect() && buf.nioBufferCount() == 1 ? buf : toDirect(buf);
        }
        throw new UnsupportedOperationException(
                "unsupported message type: " + StringUtil.simpleClassName(msg) + " (expected: ByteBuf)");
    }

    @Override
    protected int writeOnce(ChannelOutboundBuffer in) {
        ByteBuf message = (ByteBuf) in.current();
        if (CancelledWrites.isCancelled(message)) {
            in.remove();
            return 0;
        }
        int length = message.readableBytes();
        int written;
        try {
            written = output().write(
                            length == 0 ? 0 : DirectMemory.addressOf(message, message.readerIndex(), length), length);
        } catch (IllegalReferenceCountException e) {
            ReleasedWrites.fail(in, e);
            return 0;
        }
        if (written == -LibC.EMSGSIZE) {
            int limit = UnixSocket.maxMessageLength(output());
            in.remove(messageTooLong(
                    this + ": the message of " + length + " bytes is longer than " + limit
                            + ", what the send buffer takes: set SO_SNDBUF, as far as the system allows",
                    limit));
            return 0;
        }
        if (written >= 0) {
            in.progress(written);
            in.remove();
        }
        return written;
    }
}
