/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.vertx;

import static io.nettyipc.vertx.Local.await;
import static io.vertx.core.net.SocketAddress.domainSocketAddress;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nettyipc.base.testing.ChildJvm;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.NetClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Vert.x's clients in this process, and its servers in another. */
@Timeout(120)
class TwoProcessesTest {

    private static final Map<String, String> PARANOID =
            Map.of("JDK_JAVA_OPTIONS", "-Dio.netty.leakDetection.level=paranoid -XX:-PrintWarnings");
    private static final AtomicInteger NAMES = new AtomicInteger();

    /** For all tests; one that ends it takes it out. A process takes longer to start than most of them. */
    private static final Map<Local, Server> SHARED = new EnumMap<>(Local.class);

    private Vertx vertx;
    /** Vert.x closes a client that the garbage collector finds, with its connections. */
    private HttpClient client;

    private NetClient netClient;
    private Server server;

    /** A server's process and the name it listens at. */
    private record Server(ChildJvm process, String name) {

        static Server start(Local transport, String name) throws IOException, InterruptedException {
            ChildJvm process = new ChildJvm(ServerProgram.class, jar -> true, PARANOID, transport.name(), name);
            assertEquals("listening", process.answer());
            return new Server(process, name);
        }

        static String newName() {
            return "vertx-" + ProcessHandle.current().pid() + "-" + NAMES.incrementAndGet();
        }
    }

    @AfterEach
    void stop() throws Exception {
        if (vertx != null) {
            await(vertx.close());
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

    private void start(Local transport) throws Exception {
        if (!SHARED.containsKey(transport)) {
            SHARED.put(transport, Server.start(transport, Server.newName()));
        }
        server = SHARED.get(transport);
        vertx = transport.newVertx();
        client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(50));
        netClient = vertx.createNetClient();
    }

    private RequestOptions to(String uri) {
        return new RequestOptions()
                .setServer(domainSocketAddress(server.name()))
                .setHost("localhost")
                .setURI(uri);
    }

    private Future<String> get(RequestOptions request) {
        // What is asked of a response is asked on the event loop, at once: its body doesn't wait for this thread.
        return client.request(request)
                .compose(sent -> sent.send().compose(HttpClientResponse::body))
                .map(Buffer::toString);
    }

    @ParameterizedTest
    @EnumSource
    void thousandsOfRequestsFiftyAtATimeAreEachAnswered(Local transport) throws Exception {
        start(transport);
        List<Future<String>> answers =
                IntStream.range(0, 2_000).mapToObj(i -> get(to("/hello/" + i))).toList();

        await(Future.all(new ArrayList<>(answers)));

        for (int i = 0; i < 2_000; i++) {
            assertEquals("hello " + i, answers.get(i).result());
        }
    }

    @ParameterizedTest
    @EnumSource
    void fiveMegabytesComeBackAsTheyWereSent(Local transport) throws Exception {
        start(transport);
        byte[] body = new byte[5 * 1024 * 1024];
        new Random(1).nextBytes(body);

        Buffer echo = await(client.request(to("/echo").setMethod(HttpMethod.POST))
                .compose(request -> request.send(Buffer.buffer(body)).compose(HttpClientResponse::body)));

        assertArrayEquals(body, echo.getBytes());
    }

    @ParameterizedTest
    @EnumSource
    void requestsAreHttp11OnTheWire(Local transport) throws Exception {
        start(transport);

        assertEquals(
                "GET /first-line HTTP/1.1",
                await(get(to("/first-line").setServer(domainSocketAddress(server.name() + "-wire")))));
    }

    @ParameterizedTest
    @EnumSource
    void netSocketEchoesToTheEnd(Local transport) throws Exception {
        start(transport);
        byte[] body = new byte[1024 * 1024];
        new Random(2).nextBytes(body);
        Buffer received = Buffer.buffer();
        Promise<Buffer> all = Promise.promise();

        netClient
                .connect(domainSocketAddress(server.name() + "-net"))
                .onFailure(all::tryFail)
                .onSuccess(socket -> {
                    socket.handler(bytes -> {
                        received.appendBuffer(bytes);
                        if (received.length() == body.length) {
                            socket.close();
                        }
                    });
                    socket.closeHandler(ignored -> all.complete(received));
                    socket.write(Buffer.buffer(body));
                });

        assertArrayEquals(body, await(all.future()).getBytes());
    }

    @ParameterizedTest
    @EnumSource
    void textsOfAWebSocketComeBackInOrder(Local transport) throws Exception {
        start(transport);
        List<String> texts =
                IntStream.range(0, 1_000).mapToObj(i -> "text " + i).toList();

        assertEquals(texts, WebSocketEcho.of(transport, server.name(), "/socket", texts));
    }

    /** The body is far larger than what socket, ring and queues hold: a server that wrote on would write all of it. */
    @ParameterizedTest
    @EnumSource
    void slowReaderHoldsTheServerUp(Local transport) throws Exception {
        start(transport);
        AtomicLong length = new AtomicLong();
        HttpClientResponse response = await(
                client.request(to("/stream")).compose(request -> request.send().map(HttpClientResponse::pause)));

        int produced = awaitStandstill();
        assertTrue(produced < ServerProgram.CHUNKS, () -> "all " + ServerProgram.CHUNKS + " chunks were written");

        response.handler(chunk -> length.addAndGet(chunk.length())).resume();
        await(response.end());
        assertEquals((long) ServerProgram.CHUNK * ServerProgram.CHUNKS, length.get());
    }

    private int awaitStandstill() throws Exception {
        int last = -1;
        int same = 0;
        while (same < 5) {
            int now = Integer.parseInt(await(get(to("/produced"))));
            same = now == last ? same + 1 : 0;
            last = now;
            Thread.sleep(100);
        }
        return last;
    }

    @ParameterizedTest
    @EnumSource
    void clientGoesOnWhenAKilledServerIsBack(Local transport) throws Exception {
        start(transport);
        assertEquals("hello 1", await(get(to("/hello/1"))));
        Future<String> waiting = get(to("/wait"));
        assertEquals("waiting", server.process().answer());

        SHARED.remove(transport);
        server.process().kill();

        // What was under way fails, and so does what comes before there is a server.
        assertThrows(Exception.class, () -> await(waiting));
        assertThrows(Exception.class, () -> await(get(to("/hello/2"))));

        server = Server.start(transport, server.name());
        SHARED.put(transport, server);
        assertEquals("hello 3", await(get(to("/hello/3"))));
    }

    @ParameterizedTest
    @EnumSource
    void gracefulShutdownAnswersWhatIsUnderWayAndLeaksNothing(Local transport) throws Exception {
        start(transport);
        SHARED.remove(transport);
        Future<String> waiting = get(to("/wait"));
        assertEquals("waiting", server.process().answer());

        server.process().tell("stop");

        assertEquals("stopping", server.process().answer());
        assertEquals("released", await(waiting));
        assertEquals("no leak", server.process().answer());
        assertThrows(Exception.class, () -> await(get(to("/hello/4"))));
    }
}
