/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.overlapped;

import io.nettyipc.base.loop.OverlappedOperation;
import io.nettyipc.base.os.Kernel32;
import io.nettyipc.base.os.Win32Error;

/**
 * A {@code ReadFile} of no bytes, which ends when there is something to read or the other end is gone: what
 * {@code epoll} is to a socket. So an idle channel holds no buffer, and sees its peer go even while nobody reads.
 */
public final class ZeroByteReadOperation extends OverlappedOperation {

    private final long handle;
    private final long anywhere;

    public ZeroByteReadOperation(long handle, long anywhere) {
        this.handle = handle;
        this.anywhere = anywhere;
    }

    @Override
    protected int start(long overlappedAddress) {
        return Kernel32.ReadFile(handle, anywhere, 0, 0, overlappedAddress)
                ? Win32Error.SUCCESS
                : Win32Error.last().code();
    }
}
