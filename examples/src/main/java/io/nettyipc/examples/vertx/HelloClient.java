/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.vertx;

import io.nettyipc.examples.LocalTransport;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;

/**
 * {@code mvn -q -pl examples -am compile -Dexample=vertx.HelloClient -Dargs="shm hello-vertx"}: asks
 * {@link HelloServer}.
 */
public final class HelloClient {
    private HelloClient() {}

    public static void main(String[] args) {
        LocalTransport transport = LocalTransport.of(args.length > 0 ? args[0] : "shm");
        SocketAddress address = SocketAddress.domainSocketAddress(args.length > 1 ? args[1] : "hello-vertx");
        Vertx vertx = Vertx.builder().withTransport(transport.forVertx()).build();
        HttpClient client = vertx.createHttpClient();
        client.request(new RequestOptions()
                        .setServer(address)
                        .setHost("localhost")
                        .setURI("/"))
                // The body is asked for on the event loop, at once: it doesn't wait for this thread.
                .compose(request -> request.send().compose(HttpClientResponse::body))
                .map(Buffer::toString)
                .onSuccess(System.out::println)
                .onFailure(System.err::println)
                // Vert.x closes a client that the garbage collector finds.
                .eventually(client::close)
                .eventually(vertx::close);
    }
}
