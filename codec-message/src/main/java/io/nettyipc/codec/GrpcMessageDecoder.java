/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.CorruptedFrameException;
import java.util.Objects;

/**
 * Splits a stream of gRPC's length-prefixed messages ("gRPC over HTTP2", <i>Length-Prefixed-Message</i>) into a
 * {@link ByteBuf} each, decompressed if it was compressed.
 *
 * <pre>
 * before decoding (17 bytes)                             after decoding (12 bytes)
 * +------------+------------+----------------+           +----------------+
 * | Compressed | Length     | Message        |           | Message        |
 * | 0x00       | 0x0000000C | "HELLO, WORLD" |  -------&gt; | "HELLO, WORLD" |
 * +------------+------------+----------------+           +----------------+
 * </pre>
 *
 * <p>The flag is one byte, 0 or 1; the length has 4 bytes, most significant first, and is that of the compressed
 * message.
 *
 * <p>Behaves as {@linkplain io.nettyipc.codec all decoders here}: for one channel, and after a refused message it
 * stops. Errors: {@link io.netty.handler.codec.TooLongFrameException} for a message that is longer than the limit
 * before or after it is decompressed; {@link CorruptedFrameException} for a reserved flag, a compressed message where
 * the encoding is none or unknown, and compressed data that isn't such; {@link
 * io.netty.handler.codec.PrematureChannelClosureException} for an input that ends within a message.
 */
public final class GrpcMessageDecoder extends StrictLengthFieldDecoder {

    private static final int HEADER_FLAG_LENGTH = 1;

    private final int maxMessageLength;
    private final String encoding;
    private final GrpcCompressor compressor;
    private boolean compressed;

    /**
     * Creates a decoder that refuses compressed messages.
     *
     * @param maxMessageLength the longest message accepted, in bytes; at least 1. gRPC's own default is 4 MiB.
     */
    public GrpcMessageDecoder(int maxMessageLength) {
        this(maxMessageLength, "identity");
    }

    /**
     * Creates a decoder.
     *
     * @param maxMessageLength the longest message accepted, in bytes, compressed and decompressed; at least 1
     * @param encoding what the peer says that it compresses with: the value of gRPC's {@code grpc-encoding} header. One
     *     that isn't supported harms only when a compressed message comes.
     * @param supported what this side can decompress
     */
    public GrpcMessageDecoder(int maxMessageLength, String encoding, GrpcCompressor... supported) {
        super(LengthField.UINT32, HEADER_FLAG_LENGTH, maxMessageLength);
        this.maxMessageLength = maxMessageLength;
        this.encoding = Objects.requireNonNull(encoding, "encoding");
        GrpcCompressor found = null;
        for (GrpcCompressor candidate : supported) {
            if (candidate.encoding().equals(encoding)) {
                found = candidate;
            }
        }
        compressor = found;
    }

    @Override
    void header(ByteBuf in, int index) {
        int flag = in.getUnsignedByte(index);
        if (flag > 1) {
            throw new CorruptedFrameException("the compressed flag is " + flag + ", allowed are 0 and 1");
        }
        compressed = flag == 1;
        if (compressed && compressor == null) {
            throw new CorruptedFrameException("a compressed message, but the encoding is '" + encoding
                    + "', which this decoder doesn't decompress");
        }
    }

    @Override
    ByteBuf message(ChannelHandlerContext ctx, ByteBuf content) {
        if (!compressed) {
            return content;
        }
        try {
            return compressor.decompress(ctx.alloc(), content, maxMessageLength);
        } finally {
            content.release();
        }
    }
}
