/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.reactor;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.nettyipc.base.testing.ChildJvm;
import io.nettyipc.base.testing.LeakDetection;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRoutes;

/**
 * reactor-netty's HTTP server in a process of its own: {@code TRANSPORT NAME}. The word {@code stop} ends it
 * gracefully.
 */
final class HttpServerProgram {

    static final int CHUNK = 64 * 1024;
    static final int CHUNKS = 512;

    private static final AttributeKey<String> FIRST_LINE = AttributeKey.valueOf("first line");

    private final AtomicInteger produced = new AtomicInteger();
    private final Sinks.Empty<Void> release = Sinks.empty();

    public static void main(String[] arguments) throws Exception {
        LeakDetection.install();
        new HttpServerProgram().run(Transport.valueOf(arguments[0]), arguments[1]);
        LeakDetection.failOnLeaks();
        ChildJvm.answer("no leak");
    }

    private void run(Transport transport, String name) throws Exception {
        IpcLoopResources loops = transport.newLoops("server");
        DisposableServer server = HttpServer.create()
                .runOn(loops)
                .bindAddress(() -> transport.address(name))
                .channelGroup(new DefaultChannelGroup(GlobalEventExecutor.INSTANCE))
                .doOnChannelInit(
                        (observer, channel, address) -> channel.pipeline().addFirst(new FirstLine()))
                .route(this::addRoutes)
                .bindNow();
        ChildJvm.answer("listening");
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (!"stop".equals(input.readLine())) {
            // Lines for somebody else.
        }
        ChildJvm.answer("stopping");
        // The request that waits is answered, and the server waits for that.
        Mono.delay(Duration.ofMillis(200)).subscribe(ignored -> release.tryEmitEmpty());
        server.disposeNow(Duration.ofSeconds(30));
        loops.disposeLater(Duration.ZERO, Duration.ofSeconds(30)).block();
    }

    private void addRoutes(HttpServerRoutes routes) {
        routes.get(
                        "/hello/{name}",
                        (request, response) -> response.sendString(Mono.just("hello " + request.param("name"))))
                .post(
                        "/echo",
                        (request, response) -> response.send(request.receive().retain()))
                .get(
                        "/first-line",
                        (request, response) -> response.sendString(Mono.fromSupplier(() -> {
                            String[] line = new String[1];
                            request.withConnection(connection -> line[0] =
                                    connection.channel().attr(FIRST_LINE).get());
                            return line[0];
                        })))
                .get(
                        "/stream",
                        (request, response) ->
                                response.sendByteArray(Flux.range(0, CHUNKS).map(i -> {
                                    produced.incrementAndGet();
                                    byte[] chunk = new byte[CHUNK];
                                    Arrays.fill(chunk, (byte) i.intValue());
                                    return chunk;
                                })))
                .get("/produced", (request, response) -> response.sendString(Mono.just(produced.toString())))
                .get("/wait", (request, response) -> {
                    ChildJvm.answer("waiting");
                    return response.sendString(Mono.just("released")
                            .delayUntil(ignored -> release.asMono().thenReturn("")));
                })
                .ws("/socket", (in, out) -> out.sendObject(in.receiveFrames().map(frame -> frame.retain())));
    }

    /** What the client has written first on this connection. */
    private static final class FirstLine extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            String text = ((ByteBuf) message).toString(StandardCharsets.US_ASCII);
            ctx.channel().attr(FIRST_LINE).set(text.lines().findFirst().orElse(""));
            ctx.pipeline().remove(this);
            ctx.fireChannelRead(message);
        }
    }
}
