/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec.call;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.TooLongFrameException;
import io.nettyipc.codec.lent.LentInput;
import java.nio.charset.StandardCharsets;

/** Reads a connection's frames, and refuses those that no peer may send, whatever the calls are. */
final class FrameReader {

    private final CallConnection connection;

    FrameReader(CallConnection connection) {
        this.connection = connection;
    }

    /**
     * Reads a frame, if all of it is there.
     *
     * @throws io.netty.handler.codec.DecoderException if it breaks the protocol
     */
    void read(ByteBuf in) {
        if (in.readableBytes() < Frame.HEADER_LENGTH) {
            return;
        }
        int start = in.readerIndex();
        long length = in.getUnsignedInt(start) - (Frame.HEADER_LENGTH - Frame.LENGTH_FIELD_LENGTH);
        int type = in.getUnsignedByte(start + 4);
        int flags = in.getUnsignedByte(start + 5);
        int zeros = in.getUnsignedShort(start + 6);
        long id = in.getLong(start + 8);
        check(type, flags, zeros, id, length);
        if (in.readableBytes() - Frame.HEADER_LENGTH < length) {
            return;
        }
        in.skipBytes(Frame.HEADER_LENGTH);
        int payloadLength = (int) length;
        switch (type) {
            case Frame.HELLO -> hello(in, payloadLength);
            case Frame.OPEN -> open(in, flags, id, payloadLength);
            case Frame.MESSAGE -> connection.message(in, (flags & Frame.LAST) != 0, id, payloadLength);
            case Frame.END -> end(in, id, payloadLength);
            case Frame.WINDOW -> connection.window(id, in.readInt());
            default -> allow(connection.goneAway(id), "GO_AWAY");
        }
    }

    /** Refuses what can't be, before anything of the payload is waited for. */
    private void check(int type, int flags, int zeros, long id, long length) {
        int maxMessageLength = connection.limits().maxMessageLength();
        int allowedFlags = 0;
        long min = 0;
        long max = 0;
        switch (type) {
            case Frame.HELLO -> {
                // All or nothing of the last field.
                max = length <= Frame.SHORT_HELLO_LENGTH ? Frame.SHORT_HELLO_LENGTH : Frame.HELLO_LENGTH;
                min = max;
            }
            case Frame.OPEN -> {
                allowedFlags = Frame.LAST | Frame.WITH_MESSAGE;
                min = Frame.OPEN_LENGTH;
                max = (flags & Frame.WITH_MESSAGE) == 0
                        ? Frame.OPEN_LENGTH
                        : (long) Frame.OPEN_LENGTH + maxMessageLength;
            }
            case Frame.MESSAGE -> {
                allowedFlags = Frame.LAST;
                max = maxMessageLength;
            }
            case Frame.END -> {
                min = Frame.END_LENGTH;
                max = Frame.END_LENGTH + Frame.MAX_DESCRIPTION_LENGTH;
            }
            case Frame.WINDOW -> {
                min = Integer.BYTES;
                max = Integer.BYTES;
            }
            case Frame.GO_AWAY -> {
                // Nothing but the header.
            }
            default -> throw new CorruptedFrameException("a frame of the unknown type " + type);
        }
        boolean first = connection.peerLimits() == null;
        if (first != (type == Frame.HELLO)) {
            throw new CorruptedFrameException(
                    first ? "the first frame is not HELLO but of type " + type : "a second HELLO");
        }
        if (length > max) {
            throw new TooLongFrameException(
                    "a frame of type " + type + " has a payload of " + length + " bytes, the limit is " + max);
        }
        if (length < min) {
            throw new CorruptedFrameException(
                    "a frame of type " + type + " has a payload of " + length + " bytes instead of " + min);
        }
        if ((flags & ~allowedFlags) != 0 || zeros != 0) {
            throw new CorruptedFrameException(String.format(
                    "a frame of type %d with the flags 0x%02x, and 0x%04x after them", type, flags, zeros));
        }
        if (id < 0 || (type == Frame.HELLO && id != 0)) {
            throw new CorruptedFrameException("the call number " + id);
        }
    }

    private void hello(ByteBuf in, int length) {
        int magic = in.readInt();
        int version = in.readInt();
        if (magic != Frame.MAGIC || version != Frame.VERSION) {
            throw new CorruptedFrameException(String.format(
                    "the peer speaks 0x%08x, version %d; this is 0x%08x, version %d",
                    magic, version, Frame.MAGIC, Frame.VERSION));
        }
        CallLimits limits;
        try {
            limits = new CallLimits(in.readInt(), in.readInt(), in.readInt(), connectionWindow(in, length));
        } catch (IllegalArgumentException e) {
            throw new CorruptedFrameException("the peer's limits are wrong: " + e.getMessage());
        }
        connection.peerKnown(limits);
    }

    private static int connectionWindow(ByteBuf in, int helloLength) {
        return helloLength == Frame.SHORT_HELLO_LENGTH ? Integer.MAX_VALUE : in.readInt();
    }

    private void open(ByteBuf in, int flags, long id, int length) {
        int method = in.readInt();
        int timeoutMillis = in.readInt();
        ByteBuf message = null;
        if ((flags & Frame.WITH_MESSAGE) != 0) {
            int messageLength = length - Frame.OPEN_LENGTH;
            connection.checkReceive(messageLength);
            message = LentInput.readSlice(in, messageLength);
        }
        boolean allowed;
        try {
            allowed = connection.opened(id, flags, method, timeoutMillis, message);
        } catch (CorruptedFrameException e) {
            if (message != null) {
                message.release();
            }
            throw e;
        }
        if (!allowed && message != null) {
            message.release();
        }
        allow(allowed, "OPEN");
    }

    private static void allow(boolean allowed, String frame) {
        if (!allowed) {
            throw new CorruptedFrameException("the server gets OPEN and the client GO_AWAY, but here came " + frame);
        }
    }

    private void end(ByteBuf in, long id, int length) {
        CallStatus.Code code = CallStatus.Code.of(in.readUnsignedByte());
        int descriptionLength = length - Frame.END_LENGTH;
        if (code == CallStatus.Code.OK && descriptionLength == 0) {
            connection.end(id, CallStatus.OK);
        } else {
            String description = in.readCharSequence(descriptionLength, StandardCharsets.UTF_8)
                    .toString();
            connection.end(id, CallStatus.of(code, description));
        }
    }
}
