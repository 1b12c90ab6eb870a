/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.testsuite;

import io.netty.util.internal.PlatformDependent;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.testing.Pipes;

/** Runs Netty's transport test suite over whatever {@link NamedPipe} chooses on this machine. */
final class NamedPipeTestPermutation extends LocalTestPermutation {
    static final NamedPipeTestPermutation INSTANCE = new NamedPipeTestPermutation();

    private NamedPipeTestPermutation() {
        super(new Pipes());
    }

    /**
     * Whether this run uses Netty's NIO domain socket channels, which do not implement everything the native ones do.
     */
    static boolean isNio() {
        return NamedPipe.channelType().getSimpleName().startsWith("Nio");
    }

    /** Windows byte pipes have no half-close at all. */
    static boolean isWindows() {
        return PlatformDependent.isWindows();
    }

    /** An NIO channel sees the end only when it reads. */
    @Override
    protected boolean seesCloseWithoutReading() {
        return !isNio();
    }

    /** Netty's NIO channel forgets an early read when its selector reports the unconnected socket. */
    @Override
    protected boolean forgetsEarlyReads() {
        return isNio();
    }
}
