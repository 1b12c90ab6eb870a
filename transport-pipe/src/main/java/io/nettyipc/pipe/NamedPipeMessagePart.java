/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.DefaultByteBufHolder;

/**
 * A piece of a message that is longer than the buffer it was read into.
 *
 * <p>A channel that reads messages passes on each message that fits into one buffer of its
 * {@link io.netty.channel.RecvByteBufAllocator} as a plain {@link ByteBuf}. A longer one comes as several of these, in
 * order, with nothing in between, and {@link #isLast()} on the last: a handler that expects whole messages can't take a
 * piece for one. {@link NamedPipeMessageAggregator} makes whole messages of them.
 */
public final class NamedPipeMessagePart extends DefaultByteBufHolder {

    private final boolean last;

    /**
     * Creates a part.
     *
     * @param content the part's bytes, whose reference passes to the part
     * @param last    whether the message ends with it
     */
    public NamedPipeMessagePart(ByteBuf content, boolean last) {
        super(content);
        this.last = last;
    }

    /** Returns whether the message ends with this part. */
    public boolean isLast() {
        return last;
    }

    @Override
    public NamedPipeMessagePart copy() {
        return (NamedPipeMessagePart) super.copy();
    }

    @Override
    public NamedPipeMessagePart duplicate() {
        return (NamedPipeMessagePart) super.duplicate();
    }

    @Override
    public NamedPipeMessagePart retainedDuplicate() {
        return (NamedPipeMessagePart) super.retainedDuplicate();
    }

    @Override
    public NamedPipeMessagePart replace(ByteBuf content) {
        return new NamedPipeMessagePart(content, last);
    }

    @Override
    public NamedPipeMessagePart retain() {
        super.retain();
        return this;
    }

    @Override
    public NamedPipeMessagePart retain(int increment) {
        super.retain(increment);
        return this;
    }

    @Override
    public NamedPipeMessagePart touch() {
        super.touch();
        return this;
    }

    @Override
    public NamedPipeMessagePart touch(Object hint) {
        super.touch(hint);
        return this;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof NamedPipeMessagePart part && last == part.last && super.equals(o);
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode() + Boolean.hashCode(last);
    }

    @Override
    public String toString() {
        return "NamedPipeMessagePart[" + contentToString() + (last ? ", last]" : "]");
    }
}
