/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.TooLongFrameException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Not with the JDK's {@code GZIPInputStream}: it calls itself once for each member, and a message of many empty ones
 * overflows the stack.
 */
final class GzipGrpcCompressor implements GrpcCompressor {

    static final GzipGrpcCompressor INSTANCE = new GzipGrpcCompressor();

    private static final int MAGIC = 0x1F8B;
    private static final int DEFLATE = 8;
    private static final int HEADER_CRC = 1 << 1;
    private static final int EXTRA = 1 << 2;
    private static final int NAME = 1 << 3;
    private static final int COMMENT = 1 << 4;
    private static final int RESERVED = 0xE0;
    private static final int FIXED_HEADER_LENGTH = 10;
    private static final int TRAILER_LENGTH = 8;
    private static final int MAX_INITIAL_CAPACITY = 64 * 1024;

    private GzipGrpcCompressor() {}

    @Override
    public String encoding() {
        return "gzip";
    }

    @Override
    public ByteBuf compress(ByteBufAllocator alloc, ByteBuf message) {
        int length = message.readableBytes();
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        ByteBuf out =
                alloc.buffer(FIXED_HEADER_LENGTH + TRAILER_LENGTH + Math.min(length / 2 + 64, MAX_INITIAL_CAPACITY));
        ByteBuf unfinished = out;
        try {
            // No flags, no time, no extra flags, unknown system.
            out.writeShort(MAGIC).writeByte(DEFLATE).writeZero(6).writeByte(0xFF);
            CRC32 crc = new CRC32();
            for (ByteBuffer part : message.nioBuffers()) {
                crc.update(part.duplicate());
                deflater.setInput(part);
                deflate(deflater, out);
            }
            deflater.finish();
            deflate(deflater, out);
            out.writeIntLE((int) crc.getValue()).writeIntLE(length);
            unfinished = null;
            return out;
        } finally {
            deflater.end();
            if (unfinished != null) {
                unfinished.release();
            }
        }
    }

    private static void deflate(Deflater deflater, ByteBuf out) {
        while (!deflater.finished()) {
            grow(out, 64);
            int index = out.writerIndex();
            int written = deflater.deflate(out.internalNioBuffer(index, out.writableBytes()));
            if (written == 0) {
                return;
            }
            out.writerIndex(index + written);
        }
    }

    @Override
    public ByteBuf decompress(ByteBufAllocator alloc, ByteBuf compressed, int maxLength) {
        int length = compressed.readableBytes();
        ByteBuffer input = compressed.nioBuffer();
        int inputStart = compressed.readerIndex();
        skipHeader(compressed);
        Inflater inflater = new Inflater(true);
        // Room for one byte too many, to see that there is one.
        int maxCapacity = maxLength == Integer.MAX_VALUE ? maxLength : maxLength + 1;
        int initialCapacity = (int) Math.min(4L * length + 64, MAX_INITIAL_CAPACITY);
        ByteBuf out = alloc.buffer(Math.min(initialCapacity, maxCapacity), maxCapacity);
        ByteBuf unfinished = out;
        try {
            do {
                int memberStart = out.writerIndex();
                input.position(compressed.readerIndex() - inputStart);
                inflater.setInput(input);
                inflate(inflater, out, maxLength);
                if (!inflater.finished()) {
                    throw new CorruptedFrameException("gzip: the data of " + length + " bytes ends too early");
                }
                compressed.readerIndex(inputStart + input.position());
                checkTrailer(compressed, out, memberStart);
                inflater.reset();
            } while (hasNextMember(compressed));
            unfinished = null;
            return out;
        } catch (DataFormatException e) {
            throw new CorruptedFrameException("gzip: " + e.getMessage(), e);
        } finally {
            inflater.end();
            if (unfinished != null) {
                unfinished.release();
            }
        }
    }

    private static void inflate(Inflater inflater, ByteBuf out, int maxLength) throws DataFormatException {
        while (!inflater.finished()) {
            grow(out, 1);
            int index = out.writerIndex();
            int written = inflater.inflate(out.internalNioBuffer(index, out.writableBytes()));
            if (written == 0 && !inflater.finished()) {
                // Raw deflate knows no dictionary: it can only lack input.
                return;
            }
            out.writerIndex(index + written);
            if (out.readableBytes() > maxLength) {
                throw new TooLongFrameException("gzip: the message has more than the limit of " + maxLength + " bytes");
            }
        }
    }

    /** Makes room, of twice the size, so that what is copied then is no more than what comes after. */
    private static void grow(ByteBuf out, int atLeast) {
        if (out.writableBytes() < atLeast) {
            out.ensureWritable(Math.max(atLeast, Math.min(out.writerIndex(), out.maxWritableBytes())));
        }
    }

    /** {@return whether another member follows} What is none is ignored, as the JDK's {@code GZIPInputStream} does. */
    private static boolean hasNextMember(ByteBuf in) {
        if (!in.isReadable()) {
            return false;
        }
        try {
            skipHeader(in);
            return true;
        } catch (CorruptedFrameException e) {
            return false;
        }
    }

    private static void skipHeader(ByteBuf in) {
        if (in.readableBytes() < FIXED_HEADER_LENGTH) {
            throw new CorruptedFrameException("gzip: only " + in.readableBytes() + " bytes");
        }
        int magic = in.readUnsignedShort();
        int method = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        in.skipBytes(6);
        if (magic != MAGIC || method != DEFLATE || (flags & RESERVED) != 0) {
            throw new CorruptedFrameException(
                    String.format("gzip: the header begins with 0x%04x%02x%02x", magic, method, flags));
        }
        if ((flags & EXTRA) != 0) {
            skip(in, 2);
            skip(in, in.getUnsignedShortLE(in.readerIndex() - 2));
        }
        if ((flags & NAME) != 0) {
            skipText(in);
        }
        if ((flags & COMMENT) != 0) {
            skipText(in);
        }
        if ((flags & HEADER_CRC) != 0) {
            skip(in, 2);
        }
    }

    private static void skipText(ByteBuf in) {
        int length = in.bytesBefore((byte) 0);
        skip(in, length < 0 ? Integer.MAX_VALUE : length + 1);
    }

    private static void skip(ByteBuf in, int length) {
        if (length > in.readableBytes()) {
            throw new CorruptedFrameException("gzip: the header ends too early");
        }
        in.skipBytes(length);
    }

    private static void checkTrailer(ByteBuf in, ByteBuf out, int memberStart) {
        if (in.readableBytes() < TRAILER_LENGTH) {
            throw new CorruptedFrameException(
                    "gzip: " + in.readableBytes() + " bytes after the data instead of " + TRAILER_LENGTH);
        }
        int length = out.writerIndex() - memberStart;
        CRC32 crc = new CRC32();
        crc.update(out.internalNioBuffer(memberStart, length));
        int expectedCrc = in.readIntLE();
        int expectedLength = in.readIntLE();
        if (expectedCrc != (int) crc.getValue() || expectedLength != length) {
            throw new CorruptedFrameException("gzip: the checksum or the length is not that of the data");
        }
    }
}
