/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.testsuite;

import io.netty.util.internal.PlatformDependent;
import io.nettyipc.base.testing.Variation;
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
        return INSTANCE.transport().channelType().getSimpleName().startsWith("Nio");
    }

    /** Why this run's channels know no {@code ALLOW_HALF_CLOSURE}, or null if they do. */
    static String noHalfClosure() {
        if (Variation.CURRENT == Variation.URING) {
            return "IoUringDomainSocketChannel has ALLOW_HALF_CLOSURE and ignores it";
        }
        return isNio() ? "NioDomainSocketChannel has no ALLOW_HALF_CLOSURE" : null;
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
