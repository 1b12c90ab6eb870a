/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.segment;

import java.io.IOException;

/** Memory that a peer offers is not what it has to be; says what was found. */
public final class InvalidSegmentException extends IOException {

    private static final long serialVersionUID = 1;

    InvalidSegmentException(String message) {
        super(message);
    }
}
