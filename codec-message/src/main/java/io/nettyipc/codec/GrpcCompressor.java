/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * A compression of gRPC messages. Each message is compressed by itself. Implementations may be used by any number of
 * channels and threads at once.
 */
public interface GrpcCompressor {

    /** {@return the name that gRPC has for it, as in the {@code grpc-encoding} header} */
    String encoding();

    /**
     * Compresses a message.
     *
     * @param alloc where to allocate the result
     * @param message what to compress; stays the caller's
     * @return a new buffer
     */
    ByteBuf compress(ByteBufAllocator alloc, ByteBuf message);

    /**
     * Decompresses a message.
     *
     * @param alloc where to allocate the result
     * @param compressed what to decompress; stays the caller's, who expects nothing of its indices afterwards
     * @param maxLength the longest result in bytes; more must not be allocated, whatever the input is
     * @return a new buffer
     * @throws io.netty.handler.codec.TooLongFrameException if the result is longer
     * @throws io.netty.handler.codec.CorruptedFrameException if the input is not what {@link #compress} makes
     */
    ByteBuf decompress(ByteBufAllocator alloc, ByteBuf compressed, int maxLength);

    /**
     * {@return gRPC's {@code gzip}: RFC 1952, by the JDK's zlib} It writes one member a message, and reads as grpc-java
     * does: any number of members one after the other, and ignores what follows them and is none.
     */
    static GrpcCompressor gzip() {
        return GzipGrpcCompressor.INSTANCE;
    }
}
