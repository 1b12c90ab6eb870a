/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.rsocket;

import io.nettyipc.examples.LocalTransport;
import io.rsocket.Payload;
import io.rsocket.RSocket;
import io.rsocket.SocketAcceptor;
import io.rsocket.core.RSocketServer;
import io.rsocket.transport.netty.server.CloseableChannel;
import io.rsocket.transport.netty.server.TcpServerTransport;
import io.rsocket.util.DefaultPayload;
import java.net.SocketAddress;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.TcpServer;

/**
 * {@code mvn -q -pl examples -am compile -Dexample=rsocket.QuoteServer -Dargs="shm quotes"}, or {@code pipe quotes}: an
 * RSocket server. RSocket's own TCP transport carries it, on other event loops and at another address.
 */
public final class QuoteServer {
    private QuoteServer() {}

    public static void main(String[] args) {
        LocalTransport transport = LocalTransport.of(args.length > 0 ? args[0] : "shm");
        SocketAddress address = transport.address(args.length > 1 ? args[1] : "quotes");
        LoopResources loops = transport.newLoopResources("quotes");
        CloseableChannel server = RSocketServer.create(SocketAcceptor.with(new Quotes()))
                .bindNow(TcpServerTransport.create(
                        TcpServer.create().runOn(loops).bindAddress(() -> address)));
        // Not server.address(), which casts to a host and a port.
        System.out.println("RSocket server on " + address + "; Ctrl-C ends it");
        server.onClose().block();
    }

    private static final class Quotes implements RSocket {
        @Override
        public Mono<Payload> requestResponse(Payload symbol) {
            return Mono.just(quote(symbol.getDataUtf8(), 0));
        }

        /** Makes each when its reader has asked for it. */
        @Override
        public Flux<Payload> requestStream(Payload symbol) {
            String name = symbol.getDataUtf8();
            return Flux.range(1, 1_000_000).map(number -> quote(name, number));
        }

        private static Payload quote(String symbol, int number) {
            return DefaultPayload.create(symbol + " " + (100 + number % 7) + " #" + number);
        }
    }
}
