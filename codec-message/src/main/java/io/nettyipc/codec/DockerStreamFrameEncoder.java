/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.EncoderException;
import io.netty.handler.codec.MessageToMessageEncoder;
import java.util.List;

/**
 * Writes {@link DockerStreamFrame}s: the counterpart of {@link DockerStreamFrameDecoder}.
 *
 * <pre>
 * +--------+---------+------------+------------------+
 * | Stream | Zeros   | Length     | Content          |
 * | 1 byte | 3 bytes | 4 bytes BE | (Length bytes)   |
 * +--------+---------+------------+------------------+
 * </pre>
 *
 * <p>The write of a longer content than the limit fails with an {@link EncoderException}.
 */
@Sharable
public final class DockerStreamFrameEncoder extends MessageToMessageEncoder<DockerStreamFrame> {

    private final int maxContentLength;

    /**
     * Creates an encoder.
     *
     * @param maxContentLength the longest content accepted, in bytes; at least 1
     */
    public DockerStreamFrameEncoder(int maxContentLength) {
        super(DockerStreamFrame.class);
        this.maxContentLength = StrictFrameDecoder.checkLimit(maxContentLength);
    }

    @Override
    protected void encode(ChannelHandlerContext ctx, DockerStreamFrame msg, List<Object> out) {
        int length = msg.content().readableBytes();
        if (length > maxContentLength) {
            throw new EncoderException("a frame of " + length + " bytes, the limit is " + maxContentLength);
        }
        ByteBuf header = FrameOutput.header(ctx, 8, msg.content());
        header.writeInt(msg.stream().number() << 24).writeInt(length);
        FrameOutput.add(header, msg.content(), out);
    }
}
