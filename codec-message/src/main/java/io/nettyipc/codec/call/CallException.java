/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec.call;

import java.io.Serial;

/**
 * A call ended with another status than OK. It has no stack trace: the peer's is not known, and this side's says
 * nothing.
 */
public final class CallException extends Exception {

    @Serial
    private static final long serialVersionUID = 1;

    private final transient CallStatus status;

    CallException(CallStatus status) {
        super(status.toString(), null, false, false);
        this.status = status;
    }

    /** {@return how the call ended} */
    public CallStatus status() {
        return status;
    }
}
