/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.unix;

import io.netty.channel.Channel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.UnixChannel;
import io.nettyipc.base.os.LibC;
import io.nettyipc.base.os.NativeAccess;
import io.nettyipc.base.os.SocketFile;
import io.nettyipc.base.socket.SocketAddresses;
import java.io.IOException;
import java.net.SocketAddress;

/** What epoll and kqueue have in common. */
abstract class NativeTransport extends UnixTransport {
    @Override
    public SocketAddress toTransportAddress(SocketAddress address) {
        return address instanceof DomainSocketAddress
                ? address
                : new DomainSocketAddress(SocketAddresses.pathOf(address));
    }

    @Override
    public void restrictToUser(Channel server) {
        if (NativeAccess.unavailabilityCause() == null) {
            // Linux gives the file the socket's mode; others refuse this, and the file's mode is changed after the
            // bind.
            LibC.fchmod(descriptor(server), SocketFile.PRIVATE_MODE);
        }
    }

    @Override
    void closeInChildren(Channel channel) {
        if (NativeAccess.unavailabilityCause() == null) {
            LibC.fcntl(descriptor(channel), LibC.F_SETFD, LibC.FD_CLOEXEC);
        }
    }

    private static int descriptor(Channel channel) {
        return ((UnixChannel) channel).fd().intValue();
    }

    @Override
    boolean isRefused(IOException connectFailure) {
        // Netty has one exception for nearly all errors of connect; the number is in its text only.
        return String.valueOf(connectFailure.getMessage())
                .contains("error(" + Errors.ERROR_ECONNREFUSED_NEGATIVE + ')');
    }
}
