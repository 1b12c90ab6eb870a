/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.rsocket;

import io.nettyipc.examples.LocalTransport;
import io.rsocket.Payload;
import io.rsocket.RSocket;
import io.rsocket.core.RSocketConnector;
import io.rsocket.transport.netty.client.TcpClientTransport;
import io.rsocket.util.DefaultPayload;
import java.net.SocketAddress;
import java.time.Duration;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.TcpClient;

/**
 * {@code mvn -q -pl examples -am compile -Dexample=rsocket.QuoteClient -Dargs="shm quotes 5"}: asks {@link QuoteServer}
 * for a quote, and then for so many of a stream, of which no more are sent.
 */
public final class QuoteClient {
    private QuoteClient() {}

    public static void main(String[] args) {
        LocalTransport transport = LocalTransport.of(args.length > 0 ? args[0] : "shm");
        SocketAddress address = transport.address(args.length > 1 ? args[1] : "quotes");
        int count = args.length > 2 ? Integer.parseInt(args[2]) : 5;
        LoopResources loops = transport.newLoopResources("quotes");
        RSocket server = RSocketConnector.connectWith(TcpClientTransport.create(
                        TcpClient.create().runOn(loops).remoteAddress(() -> address)))
                .block();
        try {
            print(server.requestResponse(DefaultPayload.create("NETTY")).block());
            server.requestStream(DefaultPayload.create("IPC"))
                    .limitRate(32)
                    .take(count)
                    .doOnNext(QuoteClient::print)
                    .blockLast();
        } finally {
            server.dispose();
            server.onClose().block();
            loops.disposeLater(Duration.ZERO, Duration.ofSeconds(1)).block();
        }
    }

    private static void print(Payload quote) {
        System.out.println("quote: " + quote.getDataUtf8());
        quote.release();
    }
}
