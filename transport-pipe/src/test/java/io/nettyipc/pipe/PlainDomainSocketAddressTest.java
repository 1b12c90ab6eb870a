/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.nettyipc.base.os.Platform;
import io.nettyipc.pipe.unix.UnixTransport;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Frameworks make a plain {@link DomainSocketAddress} of a path that they are given. */
@Timeout(60)
class PlainDomainSocketAddressTest {

    record Kind(
            String name,
            IoHandlerFactory factory,
            Class<? extends ServerChannel> serverType,
            Class<? extends Channel> type) {

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Kind> kinds() {
        List<Kind> kinds = new ArrayList<>();
        if (Platform.current() == Platform.WINDOWS) {
            kinds.add(new Kind(
                    "bytes", NamedPipe.newIoHandlerFactory(), NamedPipe.serverChannelType(), NamedPipe.channelType()));
        } else {
            for (UnixTransport transport : UnixTransports.all()) {
                kinds.add(new Kind(
                        transport.getClass().getSimpleName(),
                        transport.newIoHandlerFactory(),
                        transport.serverChannelType(),
                        transport.channelType()));
            }
        }
        if (Platform.current() != Platform.BSD) {
            kinds.add(new Kind(
                    "messages",
                    NamedPipe.newIoHandlerFactory(),
                    NamedPipe.messageServerChannelType(),
                    NamedPipe.messageChannelType()));
        }
        return kinds;
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aServerBoundToAPlainAddressIsFoundByBothKinds(Kind kind) throws Exception {
        NamedPipeAddress address = PipeFixture.newAddress();
        try (PipeFixture pipes = new PipeFixture(kind.factory(), kind.serverType(), kind.type())) {
            // The directory of a portable name exists once somebody was bound to such a name.
            pipes.listening(PipeFixture.newAddress());
            Channel server = pipes.listening(new DomainSocketAddress(address.path()));
            assertEquals(address.path(), server.localAddress().toString());
            pipes.assertEchoes(address);
            pipes.assertEchoes(new DomainSocketAddress(address.path()));
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aPlainAddressFindsTheServerOfAName(Kind kind) throws Exception {
        NamedPipeAddress address = PipeFixture.newAddress();
        try (PipeFixture pipes = new PipeFixture(kind.factory(), kind.serverType(), kind.type())) {
            pipes.listening(address);
            pipes.assertEchoes(new DomainSocketAddress(address.path()));
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aPathThatIsNoPipesIsRefusedBeforeAnythingIsOpened(Kind kind) {
        try (PipeFixture pipes = new PipeFixture(kind.factory(), kind.serverType(), kind.type())) {
            assertInstanceOf(
                    IllegalArgumentException.class, PipeFixture.cause(pipes.connect(new DomainSocketAddress(""))));
        }
    }
}
