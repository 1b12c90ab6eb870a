/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.EncoderException;
import io.netty.handler.codec.MessageToMessageEncoder;
import java.util.List;
import java.util.Objects;

/**
 * Writes gRPC's length-prefixed messages: the counterpart of {@link GrpcMessageDecoder}.
 *
 * <pre>
 * before encoding (12 bytes)         after encoding (17 bytes)
 * +----------------+                 +------------+------------+----------------+
 * | Message        |                 | Compressed | Length     | Message        |
 * | "HELLO, WORLD" |  ------------&gt;  | 0x00       | 0x0000000C | "HELLO, WORLD" |
 * +----------------+                 +------------+------------+----------------+
 * </pre>
 *
 * <p>Encodes {@link ByteBuf}s and {@link GrpcMessage}s, whose sender chooses for each whether it is compressed. A
 * {@code ByteBuf} is compressed if the encoder has a compressor. Empty messages never are, as in grpc-java.
 *
 * <p>The write fails with an {@link EncoderException} if the message is longer than the limit, or shall be compressed
 * and the encoder has no compressor.
 */
@Sharable
public final class GrpcMessageEncoder extends MessageToMessageEncoder<Object> {

    private static final int HEADER_LENGTH = 5;

    private final int maxMessageLength;
    private final GrpcCompressor compressor;

    /**
     * Creates an encoder that does not compress.
     *
     * @param maxMessageLength the longest message accepted, in bytes; at least 1
     */
    public GrpcMessageEncoder(int maxMessageLength) {
        super(Object.class);
        this.maxMessageLength = StrictFrameDecoder.checkLimit(maxMessageLength);
        this.compressor = null;
    }

    /**
     * Creates an encoder.
     *
     * @param maxMessageLength the longest message accepted, in bytes, before it is compressed; at least 1
     * @param compressor what it compresses with
     */
    public GrpcMessageEncoder(int maxMessageLength, GrpcCompressor compressor) {
        super(Object.class);
        this.maxMessageLength = StrictFrameDecoder.checkLimit(maxMessageLength);
        this.compressor = Objects.requireNonNull(compressor, "compressor");
    }

    @Override
    public boolean acceptOutboundMessage(Object msg) {
        return msg instanceof ByteBuf || msg instanceof GrpcMessage;
    }

    @Override
    protected void encode(ChannelHandlerContext ctx, Object msg, List<Object> out) {
        if (msg instanceof GrpcMessage message) {
            encode(ctx, message.content(), message.isCompressed(), out);
        } else {
            encode(ctx, (ByteBuf) msg, compressor != null, out);
        }
    }

    private void encode(ChannelHandlerContext ctx, ByteBuf message, boolean compress, List<Object> out) {
        int length = message.readableBytes();
        if (length > maxMessageLength) {
            throw new EncoderException("a message of " + length + " bytes, the limit is " + maxMessageLength);
        }
        if (compress && compressor == null) {
            throw new EncoderException("a message to compress, but the encoder has no compressor");
        }
        if (compress && length > 0) {
            ByteBuf compressed = compressor.compress(ctx.alloc(), message);
            try {
                add(ctx, 1, compressed, out);
            } finally {
                compressed.release();
            }
        } else {
            add(ctx, 0, message, out);
        }
    }

    private static void add(ChannelHandlerContext ctx, int flag, ByteBuf content, List<Object> out) {
        ByteBuf header = FrameOutput.header(ctx, HEADER_LENGTH, content);
        header.writeByte(flag).writeInt(content.readableBytes());
        FrameOutput.add(header, content, out);
    }
}
