/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.vertx;

import static io.vertx.core.net.SocketAddress.domainSocketAddress;

import io.nettyipc.base.testing.ChildJvm;
import io.nettyipc.base.testing.LeakDetection;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.NetSocket;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Vert.x's servers in a process of their own: {@code TRANSPORT NAME}, HTTP and WebSocket at that name, a net server at
 * {@code NAME-net}, and at {@code NAME-wire} one that answers with the request line as it came. The word {@code stop}
 * ends it gracefully.
 */
final class ServerProgram {

    static final int CHUNK = 64 * 1024;
    static final int CHUNKS = 512;

    private final AtomicInteger produced = new AtomicInteger();
    private final Vertx vertx;

    private ServerProgram(Vertx vertx) {
        this.vertx = vertx;
    }

    public static void main(String[] arguments) throws Exception {
        LeakDetection.install();
        new ServerProgram(Local.valueOf(arguments[0]).newVertx()).run(arguments[1]);
        LeakDetection.failOnLeaks();
        ChildJvm.answer("no leak");
    }

    private void run(String name) throws Exception {
        HttpServer server = vertx.createHttpServer()
                .requestHandler(this::answer)
                .webSocketHandler(socket -> socket.frameHandler(frame -> {
                    if (frame.isText()) {
                        socket.writeTextMessage(frame.textData());
                    }
                }));
        Local.await(server.listen(domainSocketAddress(name)));
        Local.await(vertx.createNetServer()
                .connectHandler(socket -> socket.pipeTo(socket))
                .listen(domainSocketAddress(name + "-net")));
        Local.await(vertx.createNetServer()
                .connectHandler(ServerProgram::answerWithFirstLine)
                .listen(domainSocketAddress(name + "-wire")));
        ChildJvm.answer("listening");
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (!"stop".equals(input.readLine())) {
            // Lines for somebody else.
        }
        ChildJvm.answer("stopping");
        Local.await(server.shutdown(30, TimeUnit.SECONDS));
        Local.await(vertx.close());
    }

    private void answer(HttpServerRequest request) {
        String path = request.path();
        if (path.startsWith("/hello/")) {
            request.response().end("hello " + path.substring("/hello/".length()));
        } else if (path.equals("/echo")) {
            request.response().setChunked(true);
            request.pipeTo(request.response());
        } else if (path.equals("/stream")) {
            request.response().setChunked(true);
            produce(request.response());
        } else if (path.equals("/produced")) {
            request.response().end(produced.toString());
        } else if (path.equals("/wait")) {
            ChildJvm.answer("waiting");
            vertx.setTimer(1_000, ignored -> request.response().end("released"));
        } else {
            request.response().setStatusCode(404).end();
        }
    }

    private void produce(HttpServerResponse response) {
        while (produced.get() < CHUNKS && !response.writeQueueFull()) {
            byte[] chunk = new byte[CHUNK];
            response.write(Buffer.buffer(chunk));
            produced.incrementAndGet();
        }
        if (produced.get() == CHUNKS) {
            response.end();
        } else {
            response.drainHandler(ignored -> produce(response));
        }
    }

    private static void answerWithFirstLine(NetSocket socket) {
        socket.handler(bytes -> {
            String line = bytes.toString().lines().findFirst().orElse("");
            socket.write("HTTP/1.1 200 OK\r\nContent-Length: " + line.length() + "\r\n\r\n" + line);
        });
    }
}
