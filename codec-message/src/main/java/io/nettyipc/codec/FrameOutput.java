/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.util.List;

/**
 * Puts a frame together: a short content is copied behind its header, which costs less than a second buffer and the
 * promise that combines the two do; a long one is not copied.
 */
final class FrameOutput {

    private static final int MAX_COPIED = 1024;

    private FrameOutput() {}

    /** {@return whether a content is copied into a buffer of its own with what belongs to it} */
    static boolean isShort(ByteBuf content) {
        return content.readableBytes() <= MAX_COPIED;
    }

    /** {@return an empty buffer for a header of at most so many bytes, to be given to {@link #add}} */
    static ByteBuf header(ChannelHandlerContext ctx, int maxLength, ByteBuf content) {
        return ctx.alloc().buffer(isShort(content) ? maxLength + content.readableBytes() : maxLength);
    }

    /** Adds the frame. The header is taken over, the content stays the caller's. */
    static void add(ByteBuf header, ByteBuf content, List<Object> out) {
        out.add(header);
        if (isShort(content)) {
            header.writeBytes(content, content.readerIndex(), content.readableBytes());
        } else {
            out.add(content.retain());
        }
    }
}
