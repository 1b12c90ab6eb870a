/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.reactor.spring;

import io.nettyipc.base.testing.ChildJvm;
import io.nettyipc.base.testing.LeakDetection;
import io.nettyipc.reactor.Transport;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.MediaType;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A Spring Boot WebFlux application; two beans put it on a pipe or on shared memory. A line on its input ends it. */
@Configuration
@EnableAutoConfiguration
@RestController
public class OrdersApplication {

    /** The event loops, which Spring disposes of. */
    @Bean
    ReactorResourceFactory resources(@Value("${ipc.transport}") Transport transport) {
        ReactorResourceFactory resources = new ReactorResourceFactory();
        resources.setUseGlobalResources(false);
        resources.setLoopResourcesSupplier(() -> transport.newLoops("orders"));
        return resources;
    }

    /** The address. */
    @Bean
    NettyServerCustomizer address(@Value("${ipc.transport}") Transport transport, @Value("${ipc.name}") String name) {
        return server -> server.bindAddress(() -> transport.address(name));
    }

    /** What it serves. */
    public record Order(int id, String text) {}

    @GetMapping("/orders/{id}")
    Mono<Order> order(@PathVariable("id") int id) {
        return Mono.just(new Order(id, "order " + id));
    }

    @PostMapping("/orders")
    Mono<Order> add(@RequestBody Mono<Order> order) {
        return order.map(added -> new Order(added.id() + 1, added.text()));
    }

    @GetMapping(value = "/orders", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    Flux<Order> orders() {
        return Flux.range(0, 1_000).map(id -> new Order(id, "order " + id));
    }

    public static void main(String[] arguments) throws Exception {
        LeakDetection.install();
        SpringApplication application = new SpringApplication(OrdersApplication.class);
        try (ConfigurableApplicationContext context = application.run(arguments)) {
            ChildJvm.answer("started");
            if (System.in.read() < 0) {
                throw new IllegalStateException("the parent has gone: " + context);
            }
        }
        LeakDetection.failOnLeaks();
        ChildJvm.answer("no leak");
    }
}
