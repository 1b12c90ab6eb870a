/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec;

import io.netty.buffer.ByteBuf;

/** What .NET and others write before a text in UTF-8. */
final class ByteOrderMark {

    private static final int MARK = 0xEFBBBF;
    private static final int LENGTH = 3;

    private ByteOrderMark() {}

    /** {@return the mark's length if the bytes begin with it, else 0} */
    static int length(ByteBuf in, int index, int end) {
        return end - index >= LENGTH && in.getUnsignedMedium(index) == MARK ? LENGTH : 0;
    }
}
