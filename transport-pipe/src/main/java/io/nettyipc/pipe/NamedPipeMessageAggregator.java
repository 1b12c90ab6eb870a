/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.internal.ObjectUtil;

/**
 * Makes one {@link ByteBuf} of the {@link NamedPipeMessagePart}s of a long message, so that the handlers behind it see
 * whole messages only.
 *
 * <p>A message that is longer than the limit is not kept: as soon as that is known, {@code exceptionCaught} gets a
 * {@link MessageTooLongException}, the rest of the message is dropped as it arrives, and the next message is treated as
 * any other. What has been collected of a message when the channel closes, or when the handler is removed, is dropped.
 *
 * <p>With {@code AUTO_READ} off it asks for the remaining parts itself, and for the next message in the place of one
 * that was dropped: one {@code read()} brings at least one whole message.
 *
 * <p>One for each channel.
 */
public final class NamedPipeMessageAggregator extends ChannelInboundHandlerAdapter {

    private final int maxMessageLength;
    private CompositeByteBuf parts;
    private boolean dropping;
    /** Whether something was read since the last {@code channelReadComplete}. */
    private boolean received;
    /** Whether that was a whole message, among other things. */
    private boolean passedOn;

    /**
     * Creates an aggregator.
     *
     * @param maxMessageLength the longest message that is passed on, in bytes
     */
    public NamedPipeMessageAggregator(int maxMessageLength) {
        this.maxMessageLength = ObjectUtil.checkPositive(maxMessageLength, "maxMessageLength");
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        received = true;
        if (msg instanceof NamedPipeMessagePart part) {
            add(ctx, part);
        } else if (msg instanceof ByteBuf message && message.readableBytes() > maxMessageLength) {
            int length = message.readableBytes();
            message.release();
            ctx.fireExceptionCaught(tooLong(ctx, "of " + length + " bytes"));
        } else {
            passOn(ctx, msg);
        }
    }

    private void passOn(ChannelHandlerContext ctx, Object message) {
        passedOn = true;
        ctx.fireChannelRead(message);
    }

    private void add(ChannelHandlerContext ctx, NamedPipeMessagePart part) {
        boolean last = part.isLast();
        ByteBuf bytes = part.content();
        if (dropping) {
            bytes.release();
            dropping = !last;
        } else if (bytes.readableBytes() > maxMessageLength - (parts == null ? 0 : parts.readableBytes())) {
            bytes.release();
            releaseParts();
            dropping = !last;
            ctx.fireExceptionCaught(tooLong(ctx, "of more than " + maxMessageLength + " bytes"));
        } else {
            if (parts == null) {
                parts = ctx.alloc().compositeBuffer(Integer.MAX_VALUE);
            }
            parts.addComponent(true, bytes);
            if (last) {
                ByteBuf message = parts;
                parts = null;
                passOn(ctx, message);
            }
        }
    }

    private MessageTooLongException tooLong(ChannelHandlerContext ctx, String length) {
        return new MessageTooLongException(
                ctx.channel() + ": a message " + length + " arrived, and NamedPipeMessageAggregator allows "
                        + maxMessageLength + "; it was dropped",
                maxMessageLength);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        boolean more = received && !passedOn;
        received = false;
        passedOn = false;
        ctx.fireChannelReadComplete();
        if (more && !ctx.channel().config().isAutoRead()) {
            ctx.read();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        releaseParts();
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        releaseParts();
    }

    private void releaseParts() {
        if (parts != null) {
            parts.release();
            parts = null;
        }
    }
}
