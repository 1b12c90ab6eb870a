/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.socket;

import io.netty.channel.Channel;
import java.net.SocketAddress;
import java.nio.file.Path;

/** What is different among the servers whose socket files {@link SocketFileHandler} looks after. */
public interface SocketFileRules {

    /** Returns the address in the class that the channels take. */
    SocketAddress toTransportAddress(SocketAddress address);

    /** Asks whether anybody listens, and who, with a connection that is closed at once. */
    SocketProbe probe(Path path);

    /** Keeps other users from a socket that is not bound yet, where the system can. */
    void restrictToUser(Channel server);

    /** Returns whether the address is a portable name, whose directory is made for it. */
    boolean isPortable(SocketAddress address);

    /**
     * Returns what messages call the address, for example {@code pipe 'orders' at /run/user/1000/nettyipc/orders.sock}.
     */
    String describe(SocketAddress address);
}
