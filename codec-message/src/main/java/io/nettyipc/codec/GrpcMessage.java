/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.DefaultByteBufHolder;

/**
 * A message for {@link GrpcMessageEncoder} that says itself whether to compress it. Releasing it releases its content.
 */
public final class GrpcMessage extends DefaultByteBufHolder {

    private final boolean compressed;

    /**
     * Creates a message.
     *
     * @param content the message, not compressed; it belongs to this object from here on
     * @param compressed whether the encoder compresses it
     */
    public GrpcMessage(ByteBuf content, boolean compressed) {
        super(content);
        this.compressed = compressed;
    }

    /** {@return whether the encoder compresses it} */
    public boolean isCompressed() {
        return compressed;
    }

    @Override
    public GrpcMessage copy() {
        return (GrpcMessage) super.copy();
    }

    @Override
    public GrpcMessage duplicate() {
        return (GrpcMessage) super.duplicate();
    }

    @Override
    public GrpcMessage retainedDuplicate() {
        return (GrpcMessage) super.retainedDuplicate();
    }

    @Override
    public GrpcMessage replace(ByteBuf content) {
        return new GrpcMessage(content, compressed);
    }

    @Override
    public GrpcMessage retain() {
        super.retain();
        return this;
    }

    @Override
    public GrpcMessage retain(int increment) {
        super.retain(increment);
        return this;
    }

    @Override
    public GrpcMessage touch() {
        super.touch();
        return this;
    }

    @Override
    public GrpcMessage touch(Object hint) {
        super.touch(hint);
        return this;
    }

    @Override
    public boolean equals(Object other) {
        return super.equals(other) && ((GrpcMessage) other).compressed == compressed;
    }

    @Override
    public int hashCode() {
        return super.hashCode() * 31 + Boolean.hashCode(compressed);
    }

    @Override
    public String toString() {
        return "GrpcMessage(compressed: " + compressed + ", " + contentToString() + ')';
    }
}
