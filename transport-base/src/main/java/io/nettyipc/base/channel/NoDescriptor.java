/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.channel;

import io.netty.channel.unix.FileDescriptor;

/**
 * What a domain socket's channel answers that is none to the system. {@link io.netty.channel.unix.UnixChannel#fd()} may
 * not throw: Netty's {@code SslHandler} tells OpenSSL the number when it is added to a pipeline, and would not be
 * added.
 */
public final class NoDescriptor extends FileDescriptor {

    /** For all channels that have no descriptor. */
    public static final FileDescriptor INSTANCE = new NoDescriptor();

    private NoDescriptor() {
        // The constructor takes no negative number. Linux allows 2^30 open files at most, so this is no file's.
        super(Integer.MAX_VALUE);
    }

    @Override
    public boolean isOpen() {
        return false;
    }

    @Override
    public void close() {
        // There is nothing to close.
    }

    @Override
    public String toString() {
        return "no descriptor";
    }
}
