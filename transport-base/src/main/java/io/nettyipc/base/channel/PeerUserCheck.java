/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.channel;

import io.netty.util.concurrent.Future;

/** A channel that can tell whether its peer is of this process's user, by what the system recorded of the peer. */
public interface PeerUserCheck {

    /**
     * Whether the peer is of this process's user. For the channel's event loop, once it is registered and connected.
     *
     * @return completes on the event loop; fails if the system doesn't tell
     */
    Future<Boolean> isPeerOfOwnUser();
}
