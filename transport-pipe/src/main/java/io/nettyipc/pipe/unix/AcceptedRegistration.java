/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.unix;

import io.netty.channel.Channel;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import java.io.UncheckedIOException;

/**
 * An accepted channel's registration. Netty's epoll channels ask for their first events in a listener of the
 * registration's future, where an exception is only logged: with as many descriptors watched as the system allows, the
 * registration never ended, the socket stayed open, and the client waited for ever. This closes the channel instead.
 */
final class AcceptedRegistration implements IoRegistration {
    private static final long NOT_SUBMITTED = -1;

    private final IoRegistration registration;
    private final Channel channel;
    private boolean watched;
    private boolean refused;

    AcceptedRegistration(IoRegistration registration, Channel channel) {
        this.registration = registration;
        this.channel = channel;
    }

    @SuppressWarnings("TypeParameterUnusedInFormals") // the interface has it so
    @Override
    public <T> T attachment() {
        return registration.attachment();
    }

    @Override
    public long submit(IoOps ops) {
        if (watched) {
            return registration.submit(ops);
        }
        if (refused) {
            return NOT_SUBMITTED;
        }
        try {
            long submitted = registration.submit(ops);
            watched = true;
            return submitted;
        } catch (UncheckedIOException e) {
            refused = true;
            // Behind the registration, which this method's caller completes next.
            channel.eventLoop().execute(() -> {
                channel.pipeline().fireExceptionCaught(e.getCause());
                channel.unsafe().close(channel.unsafe().voidPromise());
            });
            return NOT_SUBMITTED;
        }
    }

    @Override
    public boolean isValid() {
        return registration.isValid();
    }

    @Override
    public boolean cancel() {
        return registration.cancel();
    }
}
