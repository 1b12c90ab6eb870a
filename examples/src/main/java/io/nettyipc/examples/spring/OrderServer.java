/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.spring;

import io.nettyipc.examples.LocalTransport;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * {@code mvn -q -pl examples -am compile -Dexample=spring.OrderServer -Dargs="--transport=shm --name=orders"}, or with
 * {@code pipe}: a Spring Boot WebFlux application. The two beans are all that is not as over TCP.
 */
@Configuration
@EnableAutoConfiguration
@RestController
public class OrderServer {
    private final LocalTransport transport;

    OrderServer(@Value("${transport:shm}") String transport) {
        this.transport = LocalTransport.of(transport);
    }

    /** The event loops, of which Spring disposes. */
    @Bean
    ReactorResourceFactory resources() {
        ReactorResourceFactory resources = new ReactorResourceFactory();
        resources.setUseGlobalResources(false);
        resources.setLoopResourcesSupplier(() -> transport.newLoopResources("orders"));
        return resources;
    }

    /** The address. */
    @Bean
    NettyServerCustomizer address(@Value("${name:orders}") String name) {
        return server -> server.bindAddress(() -> transport.address(name));
    }

    /** What it serves. */
    public record Order(int id, String text) {}

    @GetMapping("/orders/{id}")
    Mono<Order> order(@PathVariable("id") int id) {
        return Mono.just(new Order(id, "order " + id));
    }

    @GetMapping("/orders")
    Flux<Order> orders() {
        return Flux.range(1, 3).map(id -> new Order(id, "order " + id));
    }

    public static void main(String[] args) {
        SpringApplication.run(OrderServer.class, args);
        System.out.println("orders are served; Ctrl-C ends it");
    }
}
