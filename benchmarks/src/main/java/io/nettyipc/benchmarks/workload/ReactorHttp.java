/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.workload;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.unix.DomainSocketChannel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.nettyipc.benchmarks.transport.Loop;
import io.nettyipc.benchmarks.transport.NettyClient;
import io.nettyipc.benchmarks.transport.NettyTransport;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.ConnectionProvider;

/** {@link Http}'s requests through reactor-netty's client and server, from one connection of a pool. */
final class ReactorHttp implements Workload {
    private static final int BODY = 1024;

    @Override
    public String id() {
        return "http-reactor";
    }

    @Override
    public String title() {
        return "HTTP/1.1 GET of 1 KiB, reactor-netty";
    }

    @Override
    public List<Measure> measures() {
        return List.of(Measure.P50, Measure.P99);
    }

    @Override
    public int slices() {
        return 4;
    }

    /** Much code to be compiled, a request at a time. */
    @Override
    public int sliceMillis() {
        return 75;
    }

    @Override
    public String unsupportedBy(NettyTransport transport) {
        Class<?> channel = transport.clientChannel();
        return channel == null
                        || SocketChannel.class.isAssignableFrom(channel)
                        || DomainSocketChannel.class.isAssignableFrom(channel)
                ? null
                : "reactor-netty takes such a channel for HTTP/3";
    }

    @Override
    public void initServer(ChannelPipeline pipeline) {
        throw new IllegalStateException("reactor-netty has a server of its own");
    }

    @Override
    public Service serve(Loop loop, Supplier<SocketAddress> address) throws IOException {
        if (unsupportedBy(loop.transport()) != null) {
            return null;
        }
        try {
            return new Listening(HttpServer.create()
                    .runOn(new ReactorLoop(loop))
                    .bindAddress(address)
                    .handle(ReactorHttp::answer)
                    .bindNow());
        } catch (RuntimeException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        return response.header(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(BODY))
                .send(Mono.fromSupplier(
                        () -> response.alloc().directBuffer(BODY, BODY).writerIndex(BODY)));
    }

    @Override
    public Session open(NettyClient client, int index) {
        return new Get(client.loop(), client.serviceAddress(index));
    }

    private record Listening(DisposableServer server) implements Service {
        @Override
        public SocketAddress address() {
            return server.channel().localAddress();
        }

        @Override
        public void close() {
            server.disposeNow(Duration.ofSeconds(5));
        }
    }

    /** Each answer starts the next request, on the event loop. */
    private static final class Get implements Session {
        private final Histogram latency = Latencies.newHistogram();
        private final ConnectionProvider connections = ConnectionProvider.create("http-reactor", 1);
        private final HttpClient.ResponseReceiver<?> get;
        private CompletableFuture<Void> done;
        private long deadline;
        private long sentAt;
        private long requests;

        Get(Loop loop, SocketAddress address) {
            get = HttpClient.create(connections)
                    .runOn(new ReactorLoop(loop))
                    .remoteAddress(() -> address)
                    .get()
                    .uri("/orders/1");
        }

        @Override
        public long run(long nanos) throws IOException, InterruptedException {
            done = new CompletableFuture<>();
            requests = 0;
            deadline = System.nanoTime() + nanos;
            send();
            Exchange.await(done);
            return requests;
        }

        private void send() {
            sentAt = System.nanoTime();
            get.responseSingle((response, body) -> body.map(ByteBuf::readableBytes))
                    .subscribe(this::answered, done::completeExceptionally, this::next);
        }

        private void answered(int length) {
            latency.recordValue(System.nanoTime() - sentAt);
            if (length != BODY) {
                done.completeExceptionally(new IOException("an answer of " + length + " bytes"));
            }
        }

        private void next() {
            requests++;
            if (System.nanoTime() >= deadline) {
                done.complete(null);
            } else {
                send();
            }
        }

        @Override
        public void reset() {
            latency.reset();
        }

        @Override
        public void record(Figures figures) {
            figures.putLatency(latency);
        }

        @Override
        public void close() throws InterruptedException {
            try {
                connections.disposeLater().toFuture().get(5, TimeUnit.SECONDS);
            } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
                throw new IllegalStateException("the connection doesn't close", e);
            }
        }
    }
}
