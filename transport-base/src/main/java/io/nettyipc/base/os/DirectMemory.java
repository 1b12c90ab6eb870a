/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.os;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/** Where the bytes of direct buffers are, for native calls. Who calls keeps the buffer reachable meanwhile. */
public final class DirectMemory {

    private DirectMemory() {}

    /** The address of a direct buffer's bytes from an index on, also where Netty has no Unsafe. */
    public static long addressOf(ByteBuf direct, int index, int length) {
        return direct.hasMemoryAddress() ? direct.memoryAddress() + index : addressOf(direct.nioBuffer(index, length));
    }

    /** The address of a direct buffer's bytes from its position on. */
    public static long addressOf(ByteBuffer direct) {
        // JNA tells where the buffer begins, whatever its position. That of a view of Netty's need not be 0.
        return Pointer.nativeValue(Native.getDirectBufferPointer(direct)) + direct.position();
    }
}
