/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import io.netty.buffer.ByteBuf;
import io.nettyipc.base.loop.OverlappedOperation;
import io.nettyipc.base.os.DirectMemory;
import io.nettyipc.base.os.Kernel32;
import io.nettyipc.base.os.Win32Error;

/** A {@code TransactNamedPipe}. It owns both of its buffers until its packet has come. */
final class TransactOperation extends OverlappedOperation {

    private final long handle;
    private final ByteBuf request;
    private final ByteBuf reply;

    /** Takes over the caller's references to two direct buffers; the reply is empty and has room for all it may be. */
    TransactOperation(long handle, ByteBuf request, ByteBuf reply) {
        this.handle = handle;
        this.request = request;
        this.reply = reply;
    }

    @Override
    protected int start(long overlappedAddress) {
        int length = request.readableBytes();
        int room = reply.writableBytes();
        return Kernel32.TransactNamedPipe(
                        handle,
                        length == 0 ? 0 : DirectMemory.addressOf(request, request.readerIndex(), length),
                        length,
                        DirectMemory.addressOf(reply, reply.writerIndex(), room),
                        room,
                        0,
                        overlappedAddress)
                ? Win32Error.SUCCESS
                : Win32Error.last().code();
    }

    /** Hands over what was read. */
    ByteBuf takeReply() {
        request.release();
        return reply.writerIndex(reply.writerIndex() + transferred());
    }

    /** Gives both buffers back: the operation has failed, or didn't begin. */
    void release() {
        request.release();
        reply.release();
    }
}
