/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.mailslot.unix;

import io.netty.channel.Channel;
import io.nettyipc.base.socket.SocketAddresses;
import io.nettyipc.base.socket.SocketFileRules;
import io.nettyipc.base.socket.SocketProbe;
import io.nettyipc.mailslot.MailslotAddress;
import java.net.SocketAddress;
import java.nio.file.Path;

/** The rules for a mailslot's socket file. */
final class MailslotFiles implements SocketFileRules {
    static final MailslotFiles INSTANCE = new MailslotFiles();

    private MailslotFiles() {}

    @Override
    public SocketAddress toTransportAddress(SocketAddress address) {
        return address;
    }

    /**
     * A socket of another type refuses as one of the same type does if nobody listens, and differently if somebody
     * does.
     */
    @Override
    public SocketProbe probe(Path path) {
        return SocketProbe.run(path);
    }

    /** The socket is opened, with its mode, when it is bound. */
    @Override
    public void restrictToUser(Channel server) {}

    @Override
    public boolean isPortable(SocketAddress address) {
        return address instanceof MailslotAddress;
    }

    @Override
    public String describe(SocketAddress address) {
        String path = SocketAddresses.pathOf(address);
        return address instanceof MailslotAddress mailslot
                ? "mailslot '" + mailslot.name() + "' at " + path
                : "mailslot " + path;
    }
}
