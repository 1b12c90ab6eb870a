/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.ring;

import java.io.IOException;

/**
 * The peer's memory cannot be what a correct peer would write, or is gone. Says what was seen; the connection has to be
 * closed, and nothing else is affected.
 */
public final class CorruptRingException extends IOException {

    private static final long serialVersionUID = 1;

    public CorruptRingException(String message) {
        super(message);
    }

    /** The system gives no more memory for bytes that come to lie where none were yet. */
    static CorruptRingException noMemory(IOException cause) {
        CorruptRingException e = new CorruptRingException(
                "the system has no memory for more of the ring than is used: " + cause.getMessage());
        e.initCause(cause);
        return e;
    }

    /**
     * The JVM's answer to an access that the operating system refused (SIGBUS; on Windows an in-page error), as happens
     * behind the end of a file that was truncated.
     */
    public static CorruptRingException inaccessible(InternalError cause) {
        CorruptRingException e = new CorruptRingException("shared memory cannot be accessed; was its file truncated?");
        e.initCause(cause);
        return e;
    }
}
