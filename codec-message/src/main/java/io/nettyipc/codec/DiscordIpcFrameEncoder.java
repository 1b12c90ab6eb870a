/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.EncoderException;
import io.netty.handler.codec.MessageToMessageEncoder;
import java.util.List;

/**
 * Writes {@link DiscordIpcFrame}s: the counterpart of {@link DiscordIpcFrameDecoder}.
 *
 * <pre>
 * +------------+------------+------------------+
 * | Opcode     | Length     | JSON             |
 * | 4 bytes LE | 4 bytes LE | (Length bytes)   |
 * +------------+------------+------------------+
 * </pre>
 *
 * <p>The write of a longer content than the limit fails with an {@link EncoderException}.
 */
@Sharable
public final class DiscordIpcFrameEncoder extends MessageToMessageEncoder<DiscordIpcFrame> {

    private final int maxContentLength;

    /** Creates an encoder with Discord's own limit, 64 KiB with the header. */
    public DiscordIpcFrameEncoder() {
        this(DiscordIpcFrameDecoder.MAX_LENGTH);
    }

    /**
     * Creates an encoder.
     *
     * @param maxContentLength the longest content accepted, in bytes; at least 1
     */
    public DiscordIpcFrameEncoder(int maxContentLength) {
        super(DiscordIpcFrame.class);
        this.maxContentLength = StrictFrameDecoder.checkLimit(maxContentLength);
    }

    @Override
    protected void encode(ChannelHandlerContext ctx, DiscordIpcFrame msg, List<Object> out) {
        int length = msg.content().readableBytes();
        if (length > maxContentLength) {
            throw new EncoderException("a frame of " + length + " bytes, the limit is " + maxContentLength);
        }
        ByteBuf header = FrameOutput.header(ctx, 8, msg.content());
        header.writeIntLE(msg.opcode()).writeIntLE(length);
        FrameOutput.add(header, msg.content(), out);
    }
}
