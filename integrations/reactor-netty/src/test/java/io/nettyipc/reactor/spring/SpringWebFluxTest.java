/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.reactor.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.nettyipc.base.testing.ChildJvm;
import io.nettyipc.reactor.IpcLoopResources;
import io.nettyipc.reactor.Transport;
import io.nettyipc.reactor.spring.OrdersApplication.Order;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Flux;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/** A Spring Boot application in another process, and Spring's {@code WebClient} in this one. */
@Timeout(120)
class SpringWebFluxTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @ParameterizedTest
    @EnumSource
    void applicationServesJsonAndEventsAndEndsWithoutALeak(Transport transport) throws Exception {
        String name = "spring-" + transport + "-" + ProcessHandle.current().pid();
        IpcLoopResources loops = transport.newLoops("client");
        ConnectionProvider connections = ConnectionProvider.create(name, 50);
        try (ChildJvm application = new ChildJvm(
                OrdersApplication.class,
                jar -> true,
                Map.of("JDK_JAVA_OPTIONS", "-Dio.netty.leakDetection.level=paranoid -XX:-PrintWarnings"),
                "--ipc.transport=" + transport,
                "--ipc.name=" + name)) {
            assertEquals("started", application.answer());
            WebClient client = WebClient.builder()
                    .clientConnector(new ReactorClientHttpConnector(
                            HttpClient.create(connections).runOn(loops).remoteAddress(() -> transport.address(name))))
                    .build();

            List<Integer> ids = Flux.range(0, 200)
                    .flatMap(id -> client.get().uri("/orders/" + id).retrieve().bodyToMono(Order.class), 50)
                    .map(Order::id)
                    .sort()
                    .collectList()
                    .block(LIMIT);
            assertEquals(Flux.range(0, 200).collectList().block(), ids);

            Order added = client.post()
                    .uri("/orders")
                    .bodyValue(new Order(1, "new"))
                    .retrieve()
                    .bodyToMono(Order.class)
                    .block(LIMIT);
            assertEquals(new Order(2, "new"), added);

            assertEquals(
                    1_000L,
                    client.get()
                            .uri("/orders")
                            .retrieve()
                            .bodyToFlux(Order.class)
                            .count()
                            .block(LIMIT));

            application.tell("stop");
            assertEquals("no leak", application.answer());
        } finally {
            connections.disposeLater().block(LIMIT);
            loops.disposeLater(Duration.ZERO, LIMIT).block(LIMIT);
        }
    }
}
