/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.CorruptedFrameException;

/**
 * Splits Docker's multiplexed stream ({@code application/vnd.docker.multiplexed-stream}: attach, logs and exec of a
 * container without a terminal) into {@link DockerStreamFrame}s.
 *
 * <pre>
 * +--------+---------+------------+------------------+
 * | Stream | Zeros   | Length     | Content          |
 * | 1 byte | 3 bytes | 4 bytes BE | (Length bytes)   |
 * +--------+---------+------------+------------------+
 * </pre>
 *
 * <p>Behaves as {@linkplain io.nettyipc.codec all decoders here}: for one channel, and after a refused frame it stops.
 * Errors: {@link io.netty.handler.codec.TooLongFrameException} for a length over the limit,
 * {@link CorruptedFrameException} for an unknown stream or a padding that isn't zero (the raw stream of a container
 * with a terminal has no headers and soon looks like that), {@link
 * io.netty.handler.codec.PrematureChannelClosureException} for an input that ends within a frame.
 */
public final class DockerStreamFrameDecoder extends StrictLengthFieldDecoder {

    /** In the order of their numbers. */
    private static final DockerStreamFrame.Stream[] STREAMS = DockerStreamFrame.Stream.values();

    private DockerStreamFrame.Stream stream;

    /**
     * Creates a decoder.
     *
     * @param maxContentLength the longest content accepted, in bytes; at least 1. Docker itself names no limit.
     */
    public DockerStreamFrameDecoder(int maxContentLength) {
        super(LengthField.UINT32, 4, maxContentLength);
    }

    @Override
    void header(ByteBuf in, int index) {
        int number = in.getUnsignedByte(index);
        if (number >= STREAMS.length) {
            throw new CorruptedFrameException("stream " + number + ", known are 0 to " + (STREAMS.length - 1)
                    + "; a container with a terminal sends a raw stream");
        }
        int zeros = in.getUnsignedMedium(index + 1);
        if (zeros != 0) {
            throw new CorruptedFrameException(
                    String.format("the padding of a header is 0x%06x instead of zeros", zeros));
        }
        stream = STREAMS[number];
    }

    @Override
    DockerStreamFrame message(ChannelHandlerContext ctx, ByteBuf content) {
        return new DockerStreamFrame(stream, content);
    }
}
