/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.channel;

import io.netty.util.concurrent.Future;

/** A channel whose peer's user Windows has recorded. */
public interface PeerSid {

    /**
     * Returns the SID of the peer's user, by what Windows recorded. For the channel's event loop, once it is registered
     * and connected, and on a server's side for one that has read something.
     *
     * @return completes on the event loop; fails if the system doesn't tell
     */
    Future<String> peerSid();
}
