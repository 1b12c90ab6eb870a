/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.vertx;

import io.nettyipc.examples.LocalTransport;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;

/**
 * {@code mvn -q -pl examples -am compile -Dexample=vertx.HelloServer -Dargs="shm hello-vertx"}, or {@code pipe
 * hello-vertx}: an HTTP server of Vert.x, two instances of a verticle that share the address. The {@code Transport} and
 * the address are all that is not as over TCP.
 */
public final class HelloServer {
    private HelloServer() {}

    public static void main(String[] args) {
        LocalTransport transport = LocalTransport.of(args.length > 0 ? args[0] : "shm");
        SocketAddress address = SocketAddress.domainSocketAddress(args.length > 1 ? args[1] : "hello-vertx");
        Vertx vertx = Vertx.builder().withTransport(transport.forVertx()).build();
        vertx.deployVerticle(() -> new Hello(address), new DeploymentOptions().setInstances(2))
                .onSuccess(id -> System.out.println("Vert.x server on " + address + "; Ctrl-C ends it"))
                .onFailure(failure -> {
                    System.err.println(failure);
                    vertx.close();
                });
    }

    private static final class Hello extends AbstractVerticle {
        private final SocketAddress address;

        Hello(SocketAddress address) {
            this.address = address;
        }

        @Override
        public void start(Promise<Void> started) {
            vertx.createHttpServer()
                    .requestHandler(this::answer)
                    .listen(address)
                    .<Void>mapEmpty()
                    .onComplete(started);
        }

        private void answer(HttpServerRequest request) {
            request.response().end("Hello from " + Thread.currentThread().getName() + "!");
        }
    }
}
