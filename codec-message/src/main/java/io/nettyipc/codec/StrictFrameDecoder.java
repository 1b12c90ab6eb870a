/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.nettyipc.codec.lent.LentInput;
import java.util.List;

/** What {@link StrictLengthFieldDecoder} does, for frames without a length field of fixed size. */
abstract class StrictFrameDecoder extends ByteToMessageDecoder {

    private boolean stopped;

    StrictFrameDecoder() {
        setCumulator(LentInput.CUMULATOR);
    }

    static int checkLimit(int limit) {
        if (limit <= 0) {
            throw new IllegalArgumentException("limit: " + limit + " (expected: at least 1 byte)");
        }
        return limit;
    }

    /**
     * Takes the next frame off the input. Of a frame that isn't complete it takes nothing, so that what is left at the
     * end of the input is a frame's part.
     *
     * @return a slice by {@link LentInput}, or {@code null} if there is no complete frame
     * @throws io.netty.handler.codec.DecoderException if there can't be one
     */
    abstract ByteBuf frame(ByteBuf in);

    @Override
    protected final void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (stopped) {
            in.skipBytes(in.readableBytes());
            return;
        }
        try {
            ByteBuf frame = frame(in);
            if (frame != null) {
                out.add(frame);
            }
        } catch (Throwable cause) {
            stopped = true;
            in.skipBytes(in.readableBytes());
            throw cause;
        }
    }

    @Override
    protected final void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        super.decodeLast(ctx, in, out);
        endOfInput(ctx, in);
    }

    /** The bytes that are left are a frame's that never ends: drops them, and tells the handlers behind. */
    static void endOfInput(ChannelHandlerContext ctx, ByteBuf in) {
        int rest = in.readableBytes();
        if (rest > 0) {
            in.skipBytes(rest);
            ctx.fireExceptionCaught(new PrematureChannelClosureException(
                    "the input ended within a frame, after " + rest + " bytes of it"));
        }
    }
}
