/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;

/**
 * Splits the stream of Discord's local RPC into {@link DiscordIpcFrame}s.
 *
 * <pre>
 * +------------+------------+------------------+
 * | Opcode     | Length     | JSON             |
 * | 4 bytes LE | 4 bytes LE | (Length bytes)   |
 * +------------+------------+------------------+
 * </pre>
 *
 * <p>Behaves as {@linkplain io.nettyipc.codec all decoders here}: for one channel, and after a refused frame it stops.
 * Opcodes are passed on, known or not. Errors: {@link io.netty.handler.codec.TooLongFrameException} for a length over
 * the limit, {@link io.netty.handler.codec.PrematureChannelClosureException} for an input that ends within a frame.
 */
public final class DiscordIpcFrameDecoder extends StrictLengthFieldDecoder {

    /** Longest content of a frame that Discord's own client library accepts: 64 KiB with the header. */
    static final int MAX_LENGTH = 64 * 1024 - 8;

    private int opcode;

    /** Creates a decoder with Discord's own limit, 64 KiB with the header. */
    public DiscordIpcFrameDecoder() {
        this(MAX_LENGTH);
    }

    /**
     * Creates a decoder.
     *
     * @param maxContentLength the longest content accepted, in bytes; at least 1
     */
    public DiscordIpcFrameDecoder(int maxContentLength) {
        super(LengthField.UINT32_LE, 4, maxContentLength);
    }

    @Override
    void header(ByteBuf in, int index) {
        opcode = in.getIntLE(index);
    }

    @Override
    DiscordIpcFrame message(ChannelHandlerContext ctx, ByteBuf content) {
        return new DiscordIpcFrame(opcode, content);
    }
}
