/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.reactor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.nettyipc.base.testing.ChildJvm;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

/** reactor-netty's HTTP client in this process, and its server in another. */
@Timeout(120)
class TwoProcessesTest {

    private static final Map<String, String> PARANOID =
            Map.of("JDK_JAVA_OPTIONS", "-Dio.netty.leakDetection.level=paranoid -XX:-PrintWarnings");
    private static final AtomicInteger NAMES = new AtomicInteger();

    /** For all tests; one that ends it takes it out. A process takes longer to start than most of them. */
    private static final Map<Transport, Server> SHARED = new EnumMap<>(Transport.class);

    private final ConnectionProvider connections = ConnectionProvider.create("client", 50);
    private LoopResources loops;
    private Server server;

    /** A server's process and the name it listens at. */
    private record Server(ChildJvm process, String name) {

        static Server start(Transport transport, String name) throws IOException, InterruptedException {
            ChildJvm process = new ChildJvm(HttpServerProgram.class, jar -> true, PARANOID, transport.name(), name);
            assertEquals("listening", process.answer());
            return new Server(process, name);
        }

        static String newName() {
            return "reactor-" + ProcessHandle.current().pid() + "-" + NAMES.incrementAndGet();
        }
    }

    @AfterEach
    void stop() {
        connections.disposeLater().block();
        if (loops != null) {
            loops.disposeLater(Duration.ZERO, Duration.ofSeconds(30)).block();
        }
        if (server != null && !SHARED.containsValue(server)) {
            server.process().close();
        }
    }

    /** Each says that whatever it has served has left no leak. */
    @AfterAll
    static void stopShared() throws Exception {
        for (Server shared : SHARED.values()) {
            shared.process().tell("stop");
            assertEquals("stopping", shared.process().answer());
            assertEquals("no leak", shared.process().answer());
            shared.process().close();
        }
        SHARED.clear();
    }

    private void useSharedServer(Transport transport) throws IOException, InterruptedException {
        if (!SHARED.containsKey(transport)) {
            SHARED.put(transport, Server.start(transport, Server.newName()));
        }
        server = SHARED.get(transport);
    }

    private HttpClient client(Transport transport) {
        if (loops == null) {
            loops = transport.newLoops("client");
        }
        return HttpClient.create(connections).runOn(loops).remoteAddress(() -> transport.address(server.name()));
    }

    private static Mono<String> get(HttpClient client, String uri) {
        return client.get().uri(uri).responseContent().aggregate().asString();
    }

    @ParameterizedTest
    @EnumSource
    void thousandsOfRequestsFiftyAtATimeAreEachAnswered(Transport transport) throws Exception {
        useSharedServer(transport);
        HttpClient client = client(transport);

        long answered = Flux.range(0, 2_000)
                .flatMap(i -> get(client, "/hello/" + i).doOnNext(answer -> assertEquals("hello " + i, answer)), 50)
                .count()
                .block(Duration.ofSeconds(60));

        assertEquals(2_000, answered);
    }

    @ParameterizedTest
    @EnumSource
    void fiveMegabytesComeBackAsTheyWereSent(Transport transport) throws Exception {
        useSharedServer(transport);
        byte[] body = new byte[5 * 1024 * 1024];
        new Random(1).nextBytes(body);

        byte[] echo = client(transport)
                .post()
                .uri("/echo")
                .send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(body)))
                .responseContent()
                .aggregate()
                .asByteArray()
                .block(Duration.ofSeconds(60));

        assertArrayEquals(body, echo);
    }

    @ParameterizedTest
    @EnumSource
    void requestsAreHttp11OnTheWire(Transport transport) throws Exception {
        useSharedServer(transport);

        // A connection of its own: the server keeps the first line of each.
        HttpClient client = HttpClient.newConnection()
                .runOn(loopsOf(transport))
                .remoteAddress(() -> transport.address(server.name()));

        assertEquals("GET /first-line HTTP/1.1", get(client, "/first-line").block(Duration.ofSeconds(30)));
    }

    private LoopResources loopsOf(Transport transport) {
        client(transport);
        return loops;
    }

    @ParameterizedTest
    @EnumSource
    void framesOfAWebSocketComeBackInOrder(Transport transport) throws Exception {
        useSharedServer(transport);

        String echo = client(transport)
                .websocket()
                .uri("/socket")
                .handle((in, out) -> out.sendString(Flux.range(0, 1_000).map(i -> i + ","))
                        .then()
                        .thenMany(in.receive().asString().take(1_000)))
                .collectList()
                .map(list -> String.join("", list))
                .block(Duration.ofSeconds(60));

        assertEquals(
                String.join(
                        "", Flux.range(0, 1_000).map(i -> i + ",").collectList().block()),
                echo);
    }

    /**
     * The body is far larger than what socket, ring and pools hold: a server that wrote on would have written it all.
     */
    @ParameterizedTest
    @EnumSource
    void slowReaderHoldsTheServerUp(Transport transport) throws Exception {
        useSharedServer(transport);
        HttpClient client = client(transport);
        SlowReader reader = new SlowReader();
        client.get().uri("/stream").responseContent().asByteArray().subscribe(reader);
        reader.awaitChunk();

        int produced = awaitStandstill(client);
        assertTrue(
                produced < HttpServerProgram.CHUNKS, () -> "all " + HttpServerProgram.CHUNKS + " chunks were written");

        reader.requestUnbounded();
        assertEquals(
                (long) HttpServerProgram.CHUNK * HttpServerProgram.CHUNKS, reader.length.get(60, TimeUnit.SECONDS));
    }

    private static int awaitStandstill(HttpClient client) throws InterruptedException {
        int last = -1;
        int same = 0;
        while (same < 5) {
            int now = Integer.parseInt(get(client, "/produced").block(Duration.ofSeconds(30)));
            same = now == last ? same + 1 : 0;
            last = now;
            Thread.sleep(100);
        }
        return last;
    }

    @ParameterizedTest
    @EnumSource
    void clientGoesOnWhenAKilledServerIsBack(Transport transport) throws Exception {
        useSharedServer(transport);
        HttpClient client = client(transport);
        assertEquals("hello 1", get(client, "/hello/1").block(Duration.ofSeconds(30)));
        CompletableFuture<String> waiting = get(client, "/wait").toFuture();
        assertEquals("waiting", server.process().answer());

        SHARED.remove(transport);
        server.process().kill();

        // What was under way fails, and so does what comes before there is a server.
        assertThrows(Exception.class, () -> waiting.get(30, TimeUnit.SECONDS));
        assertThrows(Exception.class, () -> get(client, "/hello/2").block(Duration.ofSeconds(30)));

        server = Server.start(transport, server.name());
        SHARED.put(transport, server);
        assertEquals("hello 3", get(client, "/hello/3").block(Duration.ofSeconds(30)));
    }

    @ParameterizedTest
    @EnumSource
    void gracefulShutdownAnswersWhatIsUnderWayAndLeaksNothing(Transport transport) throws Exception {
        useSharedServer(transport);
        SHARED.remove(transport);
        HttpClient client = client(transport);
        CompletableFuture<String> waiting = get(client, "/wait").toFuture();
        assertEquals("waiting", server.process().answer());

        server.process().tell("stop");

        assertEquals("stopping", server.process().answer());
        assertEquals("released", waiting.get(60, TimeUnit.SECONDS));
        assertEquals("no leak", server.process().answer());
        assertThrows(Exception.class, () -> get(client, "/hello/4").block(Duration.ofSeconds(30)));
    }

    /** Takes one chunk, and the rest when it is asked to. */
    private static final class SlowReader extends BaseSubscriber<byte[]> {
        final CompletableFuture<Long> length = new CompletableFuture<>();
        private final BlockingQueue<byte[]> first = new LinkedBlockingQueue<>();
        private long read;

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            request(1);
        }

        @Override
        protected void hookOnNext(byte[] chunk) {
            read += chunk.length;
            first.add(chunk);
        }

        @Override
        protected void hookOnComplete() {
            length.complete(read);
        }

        @Override
        protected void hookOnError(Throwable cause) {
            length.completeExceptionally(cause);
        }

        void awaitChunk() throws InterruptedException {
            assertTrue(first.poll(30, TimeUnit.SECONDS) != null, "nothing arrived");
        }
    }
}
