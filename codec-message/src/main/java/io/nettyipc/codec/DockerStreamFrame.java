/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.DefaultByteBufHolder;
import java.util.Objects;

/**
 * A piece of one of the streams that Docker sends over one connection. Releasing the frame releases its content. A
 * piece may end anywhere, also within a character.
 */
public final class DockerStreamFrame extends DefaultByteBufHolder {

    /** The streams. */
    public enum Stream {
        /** What the container reads. */
        STDIN(0),
        /** What the container wrote to its standard output. */
        STDOUT(1),
        /** What the container wrote to its standard error. */
        STDERR(2),
        /** An error of the daemon itself, after which nothing more comes. */
        SYSTEM_ERROR(3);

        private final int number;

        Stream(int number) {
            this.number = number;
        }

        /** {@return its number in a frame's header} */
        public int number() {
            return number;
        }
    }

    private final Stream stream;

    /**
     * Creates a frame.
     *
     * @param stream the stream that the content belongs to
     * @param content the piece, which belongs to the frame from here on
     */
    public DockerStreamFrame(Stream stream, ByteBuf content) {
        super(content);
        this.stream = Objects.requireNonNull(stream, "stream");
    }

    /** {@return the stream that the content belongs to} */
    public Stream stream() {
        return stream;
    }

    @Override
    public DockerStreamFrame copy() {
        return (DockerStreamFrame) super.copy();
    }

    @Override
    public DockerStreamFrame duplicate() {
        return (DockerStreamFrame) super.duplicate();
    }

    @Override
    public DockerStreamFrame retainedDuplicate() {
        return (DockerStreamFrame) super.retainedDuplicate();
    }

    @Override
    public DockerStreamFrame replace(ByteBuf content) {
        return new DockerStreamFrame(stream, content);
    }

    @Override
    public DockerStreamFrame retain() {
        super.retain();
        return this;
    }

    @Override
    public DockerStreamFrame retain(int increment) {
        super.retain(increment);
        return this;
    }

    @Override
    public DockerStreamFrame touch() {
        super.touch();
        return this;
    }

    @Override
    public DockerStreamFrame touch(Object hint) {
        super.touch(hint);
        return this;
    }

    @Override
    public boolean equals(Object other) {
        return super.equals(other) && ((DockerStreamFrame) other).stream == stream;
    }

    @Override
    public int hashCode() {
        return super.hashCode() * 31 + stream.number();
    }

    @Override
    public String toString() {
        return "DockerStreamFrame(" + stream + ", " + contentToString() + ')';
    }
}
