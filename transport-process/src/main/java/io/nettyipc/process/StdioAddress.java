/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process;

import java.net.SocketAddress;

/** The address of this process's standard input and output, for {@code connect}. See {@link Stdio}. */
public final class StdioAddress extends SocketAddress {
    private static final long serialVersionUID = 1929063724515082614L;

    /** The only one: a process has one standard input and output. */
    public static final StdioAddress INSTANCE = new StdioAddress();

    private StdioAddress() {}

    private Object readResolve() {
        return INSTANCE;
    }

    @Override
    public String toString() {
        return "standard input and output";
    }
}
