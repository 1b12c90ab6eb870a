/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.spring;

import io.nettyipc.examples.LocalTransport;
import io.nettyipc.examples.spring.OrderServer.Order;
import java.net.SocketAddress;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.LoopResources;

/**
 * {@code mvn -q -pl examples -am compile -Dexample=spring.OrderClient -Dargs="shm orders 7"}: asks {@link OrderServer}
 * for an order by Spring's {@code WebClient}.
 */
public final class OrderClient {
    private OrderClient() {}

    public static void main(String[] args) {
        LocalTransport transport = LocalTransport.of(args.length > 0 ? args[0] : "shm");
        SocketAddress address = transport.address(args.length > 1 ? args[1] : "orders");
        String id = args.length > 2 ? args[2] : "1";
        LoopResources loops = transport.newLoopResources("orders");
        WebClient client = WebClient.builder()
                .clientConnector(new ReactorClientHttpConnector(
                        HttpClient.create().runOn(loops).remoteAddress(() -> address)))
                .build();
        Order order = client.get()
                // Begins with a slash, else it would name a host.
                .uri("/orders/" + id)
                .retrieve()
                .bodyToMono(Order.class)
                .block();
        System.out.println("received " + order);
        loops.disposeLater().block();
    }
}
