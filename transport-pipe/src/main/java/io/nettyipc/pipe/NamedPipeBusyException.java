/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe;

import java.net.ConnectException;

/**
 * A connect failed because the server lives and its backlog is full: another one may succeed soon, with a new channel.
 *
 * @see NamedPipe#connect
 */
public final class NamedPipeBusyException extends ConnectException {
    private static final long serialVersionUID = 3961048211730214957L;

    /** Creates an exception. */
    public NamedPipeBusyException(String message) {
        super(message);
    }
}
