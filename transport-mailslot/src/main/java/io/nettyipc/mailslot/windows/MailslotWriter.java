/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.mailslot.windows;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.IoRegistration;
import io.nettyipc.base.channel.ReleasedWrites;
import io.nettyipc.base.loop.CompletionPortIoHandler;
import io.nettyipc.base.loop.NextTurn;
import io.nettyipc.base.loop.WriteOperation;
import io.nettyipc.base.os.Kernel32;
import io.nettyipc.base.os.Win32Error;
import io.nettyipc.mailslot.MailslotAddress;
import io.nettyipc.pipe.MessageTooLongException;
import java.io.IOException;
import java.net.ConnectException;

/**
 * The writing half of a {@link WindowsMailslotChannel}: each buffer is one write, and one write is under way at a time.
 */
final class MailslotWriter {

    /** The longest message to another machine: the protocol sends each in one datagram. */
    private static final int MAX_BROADCAST_BYTES = 424;

    private final WindowsMailslotChannel channel;
    private final MailslotAddress address;
    private final IoRegistration registration;
    private final CompletionPortIoHandler handler;
    private final int maxMessageSize;
    private final NextTurn nextFlush;
    private final long handle;
    private WriteOperation pending;

    /** Opens the mailslot; the channel closes its handle. */
    MailslotWriter(WindowsMailslotChannel channel, MailslotAddress address, IoRegistration registration)
            throws IOException {
        this.channel = channel;
        this.address = address;
        this.registration = registration;
        handler = registration.attachment();
        maxMessageSize = writeLimit(address, channel.config().getMaxMessageSize());
        nextFlush = new NextTurn(channel, channel.unsafe()::flushNow);
        handle = Kernel32.CreateFile(
                address.path(),
                Kernel32.GENERIC_WRITE,
                Kernel32.FILE_SHARE_READ | Kernel32.FILE_SHARE_WRITE,
                Kernel32.FILE_FLAG_OVERLAPPED);
        if (handle == Kernel32.INVALID_HANDLE_VALUE) {
            Win32Error error = Win32Error.last();
            throw new ConnectException(
                    error.code() == Win32Error.FILE_NOT_FOUND
                            ? address.path()
                                    + ": CreateFile: ERROR_FILE_NOT_FOUND (2), nobody reads a mailslot of that name"
                            : WindowsMailslotChannel.failure(address, "CreateFile", error)
                                    .getMessage());
        }
        int error = handler.associate(handle);
        if (error != 0) {
            Kernel32.CloseHandle(handle);
            throw WindowsMailslotChannel.failure(address, "CreateIoCompletionPort", new Win32Error(error));
        }
    }

    /** The longest message that a writer lets through, 0 for any. */
    static int writeLimit(MailslotAddress address, int configured) {
        return address.isBroadcast() && (configured == 0 || configured > MAX_BROADCAST_BYTES)
                ? MAX_BROADCAST_BYTES
                : configured;
    }

    long handle() {
        return handle;
    }

    boolean isPending() {
        return pending != null;
    }

    void write(ChannelOutboundBuffer in) throws IOException {
        for (int i = channel.config().getWriteSpinCount(); i > 0; i--) {
            ByteBuf message = (ByteBuf) ReleasedWrites.current(in);
            if (message == null) {
                return;
            }
            int length = message.readableBytes();
            if (maxMessageSize != 0 && length > maxMessageSize) {
                in.remove(WindowsMailslotChannel.tooLong(address, length, maxMessageSize));
            } else {
                write(in, message, length);
                if (pending != null) {
                    return;
                }
            }
        }
        // Other channels' turn.
        nextFlush.await();
    }

    private void write(ChannelOutboundBuffer in, ByteBuf message, int length) throws IOException {
        ByteBuf bytes;
        if (length == 0) {
            bytes = Unpooled.EMPTY_BUFFER;
        } else if (message.isDirect() && message.nioBufferCount() == 1) {
            bytes = message.retain();
        } else {
            bytes = channel.alloc().directBuffer(length, length).writeBytes(message, message.readerIndex(), length);
        }
        WriteOperation write = handler.writeOperations().take();
        int error = (int) registration.submit(write.prepare(handle, bytes, length));
        if (error == Win32Error.IO_PENDING) {
            pending = write;
            return;
        }
        write.releaseBytes();
        if (!write.isInFlight()) {
            handler.writeOperations().giveBack(write);
        }
        written(in, length, error);
    }

    /** A write's packet has come: of the one under way, or of one that was done at once. */
    void completed(WriteOperation write) {
        write.releaseBytes();
        handler.writeOperations().giveBack(write);
        if (write != pending) {
            return;
        }
        IOException failure = null;
        ChannelOutboundBuffer in = channel.unsafe().outboundBuffer();
        if (in != null) {
            try {
                written(in, write.length(), write.error());
            } catch (IOException e) {
                failure = e;
            }
        }
        pending = null;
        if (!channel.isRegistered()) {
            channel.doDeregister();
        } else if (failure != null) {
            channel.unsafe().failWrite(failure);
        } else {
            channel.unsafe().flushNow();
        }
    }

    private void written(ChannelOutboundBuffer in, int length, int error) throws IOException {
        if (error == 0) {
            in.progress(length);
            in.remove();
            return;
        }
        IOException failure = writeFailure(address, length, error);
        if (!(failure instanceof MessageTooLongException)) {
            throw failure;
        }
        in.remove(failure);
    }

    /** What the error of a write means. */
    static IOException writeFailure(MailslotAddress address, int length, int error) {
        IOException failure = WindowsMailslotChannel.failure(address, "WriteFile", new Win32Error(error));
        if (error == Win32Error.INVALID_PARAMETER || error == Win32Error.INSUFFICIENT_BUFFER) {
            // Windows' error for a message over the reader's limit; it doesn't tell the limit.
            return new MessageTooLongException(
                    failure.getMessage() + ": a message of " + length
                            + " bytes is longer than the mailslot's reader allows",
                    -1);
        }
        return failure;
    }
}
