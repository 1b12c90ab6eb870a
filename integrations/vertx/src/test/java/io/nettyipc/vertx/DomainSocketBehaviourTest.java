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
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.NetClient;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What Vert.x's own tests ask of domain sockets, of these transports: its suite for net sockets runs over them,
 * and this is a choice of what in it meets the transport. Left out: HAProxy's addresses, bandwidth limits and TLS,
 * which are handlers above any channel.
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
        Promise<NetSocket> accepted = Promise.promise();
        Promise<Void> seen = Promise.promise();
        await(vertx.createNetServer()
                .connectHandler(socket -> {
                    socket.closeHandler(seen::complete);
                    accepted.complete(socket);
                })
                .listen(address));
        NetSocket client = await(client().connect(address));
        await(accepted.future());

        await(client.close());

        await(seen.future());
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

        client().connect(address).onFailure(all::tryFail).onSuccess(socket -> {
            socket.handler(received::appendBuffer);
            socket.closeHandler(ignored -> all.complete(received));
        });

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
                .compose(HttpClientRequest::send)
                .compose(HttpClientResponse::body)
                .map(Buffer::toString));

        assertEquals("HTTP_1_1 localhost true", body);
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
