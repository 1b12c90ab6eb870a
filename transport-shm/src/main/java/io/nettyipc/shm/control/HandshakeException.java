/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.control;

import java.net.ConnectException;

/** A handshake failed: says what was seen, by us or, as it says, by the peer. */
public final class HandshakeException extends ConnectException {

    private static final long serialVersionUID = 1;

    public HandshakeException(String message) {
        super(message);
    }

    public HandshakeException(String message, Throwable cause) {
        super(message);
        initCause(cause);
    }
}
