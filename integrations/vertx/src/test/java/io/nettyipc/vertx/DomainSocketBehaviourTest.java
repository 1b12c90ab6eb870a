/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.vertx;

import static io.nettyipc.vertx.Local.await;
import static io.vertx.core.net.SocketAddress.domainSocketAddress;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.util.internal.PlatformDependent;
import io.nettyipc.base.testing.OpenHandles;
import io.nettyipc.pipe.NamedPipeAddress;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What Vert.x's own tests ask of domain sockets, of these transports: its suites for net sockets and for HTTP run over
 * them, and this is a choice of what in them meets the transport. Left out: what handlers do above any channel
 * (HAProxy's headers, bandwidth limits, idle timeouts, TLS), what
 * Vert.x does without a channel (options and their JSON, worker contexts, shared write handlers), proxies, ports and
 * hosts, which have none, a refusal on JDKs before 16, and HTTP requests without an authority, which this version of
 * Vert.x can't send.
 */
@Timeout(60)
class DomainSocketBehaviourTest {

    private static final AtomicInteger NAMES = new AtomicInteger();

    private final String name = "behaviour-" + ProcessHandle.current().pid() + "-" + NAMES.incrementAndGet();
    private final SocketAddress address = domainSocketAddress(name);
    /** Vert.x closes a client that the garbage collector finds, with its connections. */
    private final List<Object> clients = new ArrayList<>();

    private Vertx vertx;

    @TempDir
    Path directory;

    @AfterEach
    void stop() throws Exception {
        if (vertx != null) {
            await(vertx.close());
        }
    }

    private NetServer echo() {
        return vertx.createNetServer().connectHandler(socket -> socket.pipeTo(socket));
    }

    private NetClient client() {
        NetClient client = vertx.createNetClient();
        clients.add(client);
        return client;
    }

    /** On an event loop, so that a socket has its handlers before anything can come. */
    private <T> Future<T> onContext(Supplier<Future<T>> calls) {
        Promise<T> result = Promise.promise();
        vertx.runOnContext(ignored -> calls.get().onComplete(result));
        return result.future();
    }

    private Future<String> roundTrip(SocketAddress to, String text) {
        Promise<String> received = Promise.promise();
        client().connect(to).onFailure(received::tryFail).onSuccess(socket -> {
            socket.handler(bytes -> {
                received.tryComplete(bytes.toString());
                socket.close();
            });
            socket.exceptionHandler(received::tryFail);
            socket.closeHandler(ignored -> received.tryFail("closed without an answer"));
            socket.write(text);
        });
        return received.future();
    }

    @ParameterizedTest
    @EnumSource
    void severalAddressesAreListenedOnAtOnce(Local transport) throws Exception {
        vertx = transport.newVertx();
        for (int i = 0; i < 3; i++) {
            await(echo().listen(domainSocketAddress(name + "-" + i)));
        }

        for (int i = 0; i < 3; i++) {
            assertEquals("to " + i, await(roundTrip(domainSocketAddress(name + "-" + i), "to " + i)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void bothEndsSayThePathOfTheServer(Local transport) throws Exception {
        vertx = transport.newVertx();
        Promise<NetSocket> accepted = Promise.promise();
        await(vertx.createNetServer().connectHandler(accepted::complete).listen(address));

        NetSocket client = await(client().connect(address));
        NetSocket server = await(accepted.future());

        String path = NamedPipeAddress.of(name).path();
        for (SocketAddress said :
                List.of(client.remoteAddress(), client.localAddress(), server.localAddress(), server.remoteAddress())) {
            assertTrue(said.isDomainSocket(), said::toString);
            assertEquals(path, said.path());
        }
    }

    @ParameterizedTest
    @EnumSource
    void closeOfOneEndClosesTheOther(Local transport) throws Exception {
        vertx = transport.newVertx();
        for (boolean byClient : new boolean[] {true, false}) {
            Promise<NetSocket> accepted = Promise.promise();
            Promise<Void> serverSees = Promise.promise();
            NetServer server = vertx.createNetServer().connectHandler(socket -> {
                socket.closeHandler(serverSees::complete);
                accepted.complete(socket);
            });
            await(server.listen(address));
            Promise<Void> clientSees = Promise.promise();
            NetSocket client = await(client().connect(address));
            client.closeHandler(clientSees::complete);

            await((byClient ? client : await(accepted.future())).close());

            await(serverSees.future());
            await(clientSees.future());
            await(server.close());
        }
    }

    @ParameterizedTest
    @EnumSource
    void pausedReaderGetsAllThatWasWrittenBeforeTheClose(Local transport) throws Exception {
        vertx = transport.newVertx();
        Promise<Void> serverClosed = Promise.promise();
        await(vertx.createNetServer()
                .connectHandler(socket -> {
                    for (int i = 0; i < 8; i++) {
                        socket.write("chunk " + i + "\n");
                    }
                    socket.close().onComplete(serverClosed);
                })
                .listen(address));
        Buffer received = Buffer.buffer();
        Promise<String> all = Promise.promise();
        NetSocket client = await(onContext(() -> client().connect(address).map(socket -> {
            socket.pause();
            socket.handler(received::appendBuffer);
            socket.endHandler(ignored -> all.complete(received.toString()));
            return socket;
        })));
        await(serverClosed.future());

        client.resume();

        assertEquals(
                IntStream.range(0, 8).mapToObj(i -> "chunk " + i + "\n").collect(Collectors.joining()),
                await(all.future()));
    }

    @ParameterizedTest
    @EnumSource
    void clientTriesAgainUntilThereIsAServer(Local transport) throws Exception {
        vertx = transport.newVertx();
        NetClient patient = vertx.createNetClient(
                new NetClientOptions().setReconnectAttempts(10_000).setReconnectInterval(10));
        clients.add(patient);
        Future<NetSocket> connected = patient.connect(address);
        // Nobody listens: this attempt has failed, and the other has failed before.
        assertThrows(ExecutionException.class, () -> await(client().connect(address)));

        await(echo().listen(address));

        await(await(connected).close());
    }

    @ParameterizedTest
    @EnumSource
    void fullWriteQueueDrainsWhenThePeerReadsOn(Local transport) throws Exception {
        vertx = transport.newVertx();
        Promise<NetSocket> accepted = Promise.promise();
        await(vertx.createNetServer()
                .connectHandler(socket -> accepted.complete(socket.pause()))
                .listen(address));
        NetSocket client = await(client().connect(address));
        NetSocket server = await(accepted.future());
        int length = 4 * 1024 * 1024;
        for (int written = 0; written < length; written += 65_536) {
            client.write(Buffer.buffer(new byte[65_536]));
        }
        assertTrue(client.writeQueueFull());
        Promise<Void> drained = Promise.promise();
        client.drainHandler(drained::tryComplete);
        Promise<Void> all = Promise.promise();
        AtomicInteger received = new AtomicInteger();
        server.handler(bytes -> {
            if (received.addAndGet(bytes.length()) == length) {
                all.complete();
            }
        });

        server.resume();

        await(drained.future());
        await(all.future());
    }

    @ParameterizedTest
    @EnumSource
    void fileIsSentWhole(Local transport) throws Exception {
        vertx = transport.newVertx();
        byte[] content = new byte[3 * 1024 * 1024 + 17];
        new Random(3).nextBytes(content);
        Path file = Files.write(directory.resolve("file"), content);
        await(vertx.createNetServer()
                .connectHandler(socket -> socket.sendFile(file.toString()).onComplete(ignored -> socket.close()))
                .listen(address));
        Promise<Buffer> all = Promise.promise();
        Buffer received = Buffer.buffer();

        onContext(() -> client().connect(address).onFailure(all::tryFail).onSuccess(socket -> {
            socket.handler(received::appendBuffer);
            socket.closeHandler(ignored -> all.complete(received));
        }));

        assertArrayEquals(content, await(all.future()).getBytes());
    }

    /** Vert.x listens once, and hands the connections to the instances in turn. */
    @ParameterizedTest
    @EnumSource
    void instancesOfAVerticleShareAnAddress(Local transport) throws Exception {
        vertx = transport.newVertx();
        Set<String> contexts = ConcurrentHashMap.newKeySet();
        await(vertx.deployVerticle(
                () -> new AbstractVerticle() {
                    @Override
                    public void start(Promise<Void> started) {
                        vertx.createNetServer()
                                .connectHandler(socket -> {
                                    contexts.add(Thread.currentThread().getName());
                                    socket.pipeTo(socket);
                                })
                                .listen(address)
                                .<Void>mapEmpty()
                                .onComplete(started);
                    }
                },
                new DeploymentOptions().setInstances(2)));

        for (int i = 0; i < 4; i++) {
            assertEquals("round " + i, await(roundTrip(address, "round " + i)));
        }

        assertEquals(2, contexts.size(), contexts::toString);
    }

    @ParameterizedTest
    @EnumSource
    void httpRunsOverTheAddress(Local transport) throws Exception {
        vertx = transport.newVertx();
        await(vertx.createHttpServer()
                .requestHandler(request -> request.response()
                        .end(request.version() + " " + request.authority() + " "
                                + request.remoteAddress().isDomainSocket()))
                .listen(address));

        HttpClient client = vertx.createHttpClient();

        String body = await(client.request(new RequestOptions()
                        .setServer(address)
                        .setHost("localhost")
                        .setURI("/"))
                .compose(request -> request.send().compose(HttpClientResponse::body))
                .map(Buffer::toString));

        assertEquals("HTTP_1_1 localhost true", body);
    }

    /** Without TLS, and without an upgrade from HTTP/1.1. */
    @ParameterizedTest
    @EnumSource
    void http2RunsOverTheAddress(Local transport) throws Exception {
        vertx = transport.newVertx();
        await(vertx.createHttpServer()
                .requestHandler(request -> request.response().end(request.version() + " " + request.authority()))
                .listen(address));
        HttpClient client = vertx.createHttpClient(
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false));
        clients.add(client);

        String body = await(client.request(new RequestOptions()
                        .setServer(address)
                        .setHost("localhost")
                        .setURI("/"))
                .compose(request -> request.send().compose(HttpClientResponse::body))
                .map(Buffer::toString));

        assertEquals("HTTP_2 localhost", body);
    }

    @ParameterizedTest
    @EnumSource
    void clientWithoutAServerIsToldSo(Local transport) {
        vertx = transport.newVertx();

        ExecutionException failure = assertThrows(ExecutionException.class, () -> await(client().connect(address)));

        assertTrue(failure.getMessage().contains(name), failure::getMessage);
    }

    /** Of pipes on Unix it is then a file's path, as Netty's own channels have it. */
    @ParameterizedTest
    @EnumSource
    void addressThatIsNoNameIsRefused(Local transport) {
        vertx = transport.newVertx();
        SocketAddress bad = domainSocketAddress("ftp://orders/1");

        Throwable server = assertThrows(Throwable.class, () -> await(echo().listen(bad)));
        Throwable client = assertThrows(Throwable.class, () -> await(client().connect(bad)));

        boolean path = transport == Local.PIPE && !PlatformDependent.isWindows();
        for (Throwable failure : List.of(server, client)) {
            assertTrue(failure.getMessage().contains(path ? "/orders" : "a name such as orders"), failure::getMessage);
        }
    }

    /** The name is one that only the DNS server here knows. */
    @ParameterizedTest
    @EnumSource
    void tcpAndDnsAreServedOnTheSameLoops(Local transport) throws Exception {
        try (DnsServer dns = new DnsServer()) {
            vertx = dns.vertxThatAsks(transport);
            NetServer tcp = await(echo().listen(0, "127.0.0.1"));
            await(echo().listen(address));

            assertEquals(
                    "over TCP",
                    await(roundTrip(SocketAddress.inetSocketAddress(tcp.actualPort(), "orders.test"), "over TCP")));
            assertEquals("local", await(roundTrip(address, "local")));
            assertTrue(dns.wasAskedFor("orders"), "nobody asked the DNS server");
        }
    }

    @Test
    void olderVertxIsNamed() {
        IllegalStateException failure =
                assertThrows(IllegalStateException.class, () -> IpcTransport.requireHook(TransportOfVertx4.class));

        assertTrue(failure.getMessage().endsWith("use Vert.x 5"), failure::getMessage);
    }

    /** As Vert.x 4 has it. */
    private interface TransportOfVertx4 {
        @SuppressWarnings("unused") // found by reflection
        io.netty.channel.EventLoopGroup eventLoopGroup(
                int type, int nThreads, java.util.concurrent.ThreadFactory threadFactory, int ioRatio);
    }

    @ParameterizedTest
    @EnumSource
    void closedVertxLeavesNoHandleOpen(Local transport) throws Exception {
        openAndClose(transport);
        int before = OpenHandles.count();
        openAndClose(transport);

        assertEquals(before, OpenHandles.count());
    }

    private void openAndClose(Local transport) throws Exception {
        vertx = transport.newVertx();
        await(echo().listen(address));
        assertEquals("own", await(roundTrip(address, "own")));
        await(vertx.close());
    }
}
