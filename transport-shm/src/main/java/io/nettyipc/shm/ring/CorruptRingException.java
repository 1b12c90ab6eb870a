/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.ring;

import java.io.IOException;

/**
 * The peer's memory cannot be what a correct peer would write, or is gone. Says what was seen; the connection has to be
 * closed, and nothing else is affected.
 */
public final class CorruptRingException extends IOException {

    private static final long serialVersionUID = 1;

    CorruptRingException(String message) {
        super(message);
    }

    /**
     * The JVM's answer to an access that the operating system refused (SIGBUS; on Windows an in-page error), as happens
     * behind the end of a file that was truncated.
     */
    static CorruptRingException inaccessible(InternalError cause) {
        CorruptRingException e = new CorruptRingException("shared memory cannot be accessed; was its file truncated?");
        e.initCause(cause);
        return e;
    }
}
