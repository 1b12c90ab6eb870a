/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe;

import io.nettyipc.pipe.unix.UnixTransport;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The transports of this machine, as parameters of tests. */
final class UnixTransports {
    private UnixTransports() {}

    static List<UnixTransport> all() {
        return Stream.of(UnixTransport.epoll(), UnixTransport.uring(), UnixTransport.kqueue(), UnixTransport.nio())
                .filter(Objects::nonNull)
                .toList();
    }
}
