/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.reactor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.nettyipc.base.testing.OpenHandles;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipeAddress;
import java.lang.reflect.Proxy;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.ChannelBindException;
import reactor.netty.Connection;
import reactor.netty.DisposableServer;
import reactor.netty.http.Http2SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerMetricsRecorder;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.TcpClient;
import reactor.netty.tcp.TcpServer;

/**
 * What reactor-netty's own tests ask of domain sockets, of these transports. Left out: datagrams, which they haven't,
 * and what those tests expect of NIO's loops, which is a refusal.
 */
@Timeout(60)
class DomainSocketBehaviourTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final AtomicInteger NAMES = new AtomicInteger();

    private final String name = "behaviour-" + ProcessHandle.current().pid() + "-" + NAMES.incrementAndGet();
    private final ConnectionProvider connections = ConnectionProvider.create(name);
    private LoopResources loops;
    private DisposableServer server;

    @AfterEach
    void stop() {
        if (server != null) {
            server.disposeNow(LIMIT);
        }
        connections.disposeLater().block(LIMIT);
        if (loops != null) {
            loops.disposeLater(Duration.ZERO, LIMIT).block(LIMIT);
        }
    }

    private LoopResources loops(Transport transport) {
        if (loops == null) {
            loops = transport.newLoops("behaviour");
        }
        return loops;
    }

    private HttpServer httpServer(Transport transport) {
        return HttpServer.create().runOn(loops(transport)).bindAddress(() -> transport.address(name));
    }

    private HttpClient httpClient(Transport transport) {
        return HttpClient.create(connections).runOn(loops(transport)).remoteAddress(() -> transport.address(name));
    }

    @ParameterizedTest
    @EnumSource
    void tcpServerEchoes(Transport transport) throws Exception {
        server = TcpServer.create()
                .runOn(loops(transport))
                .bindAddress(() -> transport.address(name))
                .handle((in, out) -> out.send(in.receive().retain()))
                .bindNow();
        Connection connection = TcpClient.create(connections)
                .runOn(loops(transport))
                .remoteAddress(server::address)
                .connectNow();
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        connection.inbound().receive().asString().subscribe(received::add);

        connection.outbound().sendString(Flux.just("1", "2", "3")).then().block(LIMIT);

        StringBuilder all = new StringBuilder();
        while (all.length() < 3) {
            String part = received.poll(30, TimeUnit.SECONDS);
            assertNotNull(part, () -> "only \"" + all + "\" came back");
            all.append(part);
        }
        assertEquals("123", all.toString());
        connection.disposeNow(LIMIT);
    }

    /** A plain address of the path, as an application has it that knows domain sockets only. */
    @ParameterizedTest
    @EnumSource
    void plainDomainSocketAddressOfThePathIsTaken(Transport transport) {
        SocketAddress plain = new DomainSocketAddress(NamedPipeAddress.of(name).path());
        server = httpServer(transport)
                .bindAddress(() -> plain)
                .handle((request, response) -> response.sendString(Mono.just("there")))
                .bindNow();

        assertEquals("there", body(httpClient(transport).remoteAddress(() -> plain), HttpMethod.GET));
    }

    /** The JDK's own address of a path, which reactor-netty takes for a domain socket too. */
    @ParameterizedTest
    @EnumSource
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "a pipe's path is no path of a file")
    void jdksAddressOfThePathIsTaken(Transport transport) {
        SocketAddress jdks =
                UnixDomainSocketAddress.of(NamedPipeAddress.of(name).path());
        server = bindDescribing(httpServer(transport).bindAddress(() -> jdks));

        assertEquals("http HTTP/1.1 localhost ", body(httpClient(transport).remoteAddress(() -> jdks), HttpMethod.GET));
    }

    @ParameterizedTest
    @EnumSource
    void hostOrPortBesideTheAddressIsRefused(Transport transport) {
        HttpServer httpServer = httpServer(transport);
        TcpServer tcpServer = TcpServer.create().bindAddress(() -> transport.address(name));
        TcpClient tcpClient = TcpClient.create().remoteAddress(() -> transport.address(name));
        HttpClient httpClient = httpClient(transport);

        assertThrows(
                IllegalArgumentException.class,
                () -> httpServer.host("localhost").bindNow());
        assertThrows(IllegalArgumentException.class, () -> httpServer.port(1234).bindNow());
        assertThrows(
                IllegalArgumentException.class,
                () -> tcpServer.host("localhost").bindNow());
        assertThrows(IllegalArgumentException.class, () -> tcpServer.port(1234).bindNow());
        assertThrows(
                IllegalArgumentException.class,
                () -> tcpClient.host("localhost").connectNow());
        assertThrows(IllegalArgumentException.class, () -> tcpClient.port(1234).connectNow());
        assertThrows(IllegalArgumentException.class, () -> body(httpClient.host("localhost"), HttpMethod.GET));
        assertThrows(IllegalArgumentException.class, () -> body(httpClient.port(1234), HttpMethod.GET));
    }

    @ParameterizedTest
    @EnumSource
    void getAndPostWorkOverHttp11(Transport transport) {
        server = bindDescribing(httpServer(transport));

        assertEquals("http HTTP/1.1 localhost ", body(httpClient(transport), HttpMethod.GET));
        assertEquals("http HTTP/1.1 localhost 123", body(httpClient(transport), HttpMethod.POST));
    }

    @ParameterizedTest
    @EnumSource
    void getAndPostWorkOverHttp2WithTls(Transport transport) throws Exception {
        server = bindDescribing(http2(httpServer(transport)));
        HttpClient client = http2(httpClient(transport));

        assertEquals("https HTTP/2.0 localhost ", body(client, HttpMethod.GET));
        assertEquals("https HTTP/2.0 localhost 123", body(client, HttpMethod.POST));
    }

    @ParameterizedTest
    @EnumSource
    void getAndPostWorkOverHttp2WithoutTls(Transport transport) {
        server = bindDescribing(httpServer(transport).protocol(HttpProtocol.H2C));
        HttpClient client = httpClient(transport).protocol(HttpProtocol.H2C);

        assertEquals("http HTTP/2.0 localhost ", body(client, HttpMethod.GET));
        assertEquals("http HTTP/2.0 localhost 123", body(client, HttpMethod.POST));
    }

    /** Answers with the request's scheme, version, host and body. A domain socket's requests have no host addresses. */
    private static DisposableServer bindDescribing(HttpServer server) {
        return server.handle((request, response) -> {
                    request.withConnection(connection -> {
                        assertNotNull(connection.channel().localAddress());
                        assertNotNull(connection.channel().remoteAddress());
                    });
                    assertNull(request.hostAddress());
                    assertNull(request.remoteAddress());
                    String head = request.scheme() + " " + request.version() + " "
                            + request.requestHeaders().get(HttpHeaderNames.HOST) + " ";
                    return response.sendString(request.receive()
                            .aggregate()
                            .asString()
                            .defaultIfEmpty("")
                            .map(head::concat));
                })
                .bindNow();
    }

    @ParameterizedTest
    @EnumSource
    void redirectIsFollowedOverHttp11(Transport transport) {
        redirectIsFollowed(httpServer(transport), httpClient(transport));
    }

    @ParameterizedTest
    @EnumSource
    void redirectIsFollowedOverHttp2(Transport transport) throws Exception {
        redirectIsFollowed(http2(httpServer(transport)), http2(httpClient(transport)));
    }

    private void redirectIsFollowed(HttpServer from, HttpClient client) {
        server = from.route(routes -> routes.get("/redirect", (request, response) -> response.sendRedirect("/end"))
                        .get("/end", (request, response) -> response.sendString(Mono.just("END"))))
                .bindNow();

        assertEquals(
                "END",
                client.followRedirect(true)
                        .get()
                        .uri("/redirect")
                        .responseContent()
                        .aggregate()
                        .asString()
                        .block(LIMIT));
    }

    private static final X509Bundle CERTIFICATE = newCertificate();

    private static X509Bundle newCertificate() {
        try {
            return new CertificateBuilder()
                    .subject("CN=localhost")
                    .setIsCertificateAuthority(true)
                    .buildSelfSigned();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("deprecation") // reactor-netty has no successor of the method for this type
    private static HttpServer http2(HttpServer server) throws Exception {
        Http2SslContextSpec context =
                Http2SslContextSpec.forServer(CERTIFICATE.toTempCertChainPem(), CERTIFICATE.toTempPrivateKeyPem());
        return server.protocol(HttpProtocol.H2).secure(spec -> spec.sslContext(context));
    }

    @SuppressWarnings("deprecation") // as above
    private static HttpClient http2(HttpClient client) {
        Http2SslContextSpec context = Http2SslContextSpec.forClient()
                .configure(builder -> builder.trustManager(InsecureTrustManagerFactory.INSTANCE));
        return client.protocol(HttpProtocol.H2).secure(spec -> spec.sslContext(context));
    }

    private static String body(HttpClient client, HttpMethod method) {
        return client.request(method)
                .uri("/")
                .send((request, out) ->
                        method.equals(HttpMethod.POST) ? out.sendString(Flux.just("1", "2", "3")) : Mono.empty())
                .responseContent()
                .aggregate()
                .asString()
                .block(LIMIT);
    }

    /** NIO's channel is no {@code DomainSocketChannel}, and reactor-netty would write {@code GET / HTTP/3.0}. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void requestsAreHttp11OverNioToo() {
        loops = IpcLoopResources.create(
                "behaviour",
                2,
                true,
                NamedPipe.newIoHandlerFactory(NioIoHandler.newFactory()),
                NioServerDomainSocketChannel.class,
                NioDomainSocketChannel.class);
        server = bindDescribing(httpServer(Transport.PIPE));

        assertEquals(
                "http HTTP/1.1 localhost ",
                httpClient(Transport.PIPE)
                        .get()
                        .uri("/")
                        .responseContent()
                        .aggregate()
                        .asString()
                        .block(LIMIT));
    }

    /** reactor-netty's test of it has a client with an address of its own, which only a Unix socket has. */
    @ParameterizedTest
    @EnumSource
    void metricsTellOfEachConnection(Transport transport) throws Exception {
        Set<String> opened = ConcurrentHashMap.newKeySet();
        BlockingQueue<String> closed = new LinkedBlockingQueue<>();
        HttpServerMetricsRecorder recorder = (HttpServerMetricsRecorder) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {HttpServerMetricsRecorder.class},
                (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "recordServerConnectionOpened" -> opened.add(String.valueOf(arguments[0]));
                        case "recordServerConnectionClosed" -> closed.add(String.valueOf(arguments[0]));
                        default -> {}
                    }
                    return null;
                });
        server = httpServer(transport)
                .metrics(true, () -> recorder, uri -> uri)
                .handle((request, response) -> response.sendString(Mono.just("counted")))
                .bindNow();

        assertEquals("counted", body(httpClient(transport), HttpMethod.GET));
        connections.disposeLater().block(LIMIT);

        String address = closed.poll(30, TimeUnit.SECONDS);
        assertEquals(Set.of(String.valueOf(address)), opened);
        assertTrue(String.valueOf(address).contains(name), address);
    }

    @ParameterizedTest
    @EnumSource
    void clientWithoutAServerIsToldSo(Transport transport) {
        Throwable failure = assertThrows(Throwable.class, () -> body(httpClient(transport), HttpMethod.GET));

        String causes = causesOf(failure);
        assertTrue(causes.contains("ConnectException"), causes);
        assertTrue(causes.contains(name), causes);
    }

    @ParameterizedTest
    @EnumSource
    void secondServerOfANameIsRefused(Transport transport) {
        server = httpServer(transport).bindNow();

        ChannelBindException failure = assertThrows(
                ChannelBindException.class, () -> httpServer(transport).bindNow());

        String causes = causesOf(failure);
        assertTrue(causes.contains(name), causes);
    }

    /** Of pipes on Unix a plain address is a file's path, as Netty's own channels have it. */
    @Test
    void plainAddressThatIsNoNameIsRefusedWithAnExample() {
        SocketAddress bad = new DomainSocketAddress("ftp://orders/1");

        String causes = causesOf(assertThrows(
                ChannelBindException.class,
                () -> httpServer(Transport.SHM).bindAddress(() -> bad).bindNow()));

        assertTrue(causes.contains("'ftp'"), causes);
        assertTrue(causes.contains("a name such as orders"), causes);
    }

    private static String causesOf(Throwable failure) {
        StringBuilder causes = new StringBuilder();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            causes.append(cause).append('\n');
        }
        return causes.toString();
    }

    @ParameterizedTest
    @EnumSource
    void tcpIsServedOnTheSameLoops(Transport transport) {
        server = httpServer(transport)
                .handle((request, response) -> response.sendString(Mono.just("local")))
                .bindNow();
        HttpServer tcp = HttpServer.create()
                .runOn(loops(transport))
                .host("localhost")
                .port(0)
                .handle((request, response) -> response.sendString(Mono.just(threadOf(request))));
        DisposableServer tcpServer = tcp.bindNow();
        try {
            String thread = HttpClient.create(connections)
                    .runOn(loops(transport))
                    .get()
                    .uri("http://localhost:" + tcpServer.port() + "/")
                    .responseContent()
                    .aggregate()
                    .asString()
                    .block(LIMIT);

            assertTrue(String.valueOf(thread).startsWith("behaviour-ipc-"), thread);
            assertEquals("local", body(httpClient(transport), HttpMethod.GET));
        } finally {
            tcpServer.disposeNow(LIMIT);
        }
    }

    @Test
    @EnabledOnOs(OS.WINDOWS)
    void tcpIsRefusedClearlyWhereTheLoopsServePipesOnly() {
        loops = IpcLoopResources.create(
                "behaviour",
                2,
                true,
                NamedPipe.newIoHandlerFactory(),
                NamedPipe.serverChannelType(),
                NamedPipe.channelType());
        HttpServer tcp = HttpServer.create().runOn(loops).host("localhost").port(0);

        String causes = causesOf(assertThrows(ChannelBindException.class, tcp::bindNow));

        assertTrue(causes.contains("no ServerSocketChannel"), causes);
    }

    private static String threadOf(HttpServerRequest request) {
        assertNotNull(request.remoteAddress());
        return Thread.currentThread().getName();
    }

    @ParameterizedTest
    @EnumSource
    void disposedLoopsLeaveNoHandleOpen(Transport transport) throws Exception {
        openAndDispose(transport);
        int before = OpenHandles.count();
        openAndDispose(transport);

        assertEquals(before, OpenHandles.count());
    }

    private void openAndDispose(Transport transport) {
        LoopResources own = transport.newLoops("own");
        ConnectionProvider pool = ConnectionProvider.create("own");
        DisposableServer bound = HttpServer.create()
                .runOn(own)
                .bindAddress(() -> transport.address(name))
                .handle((request, response) -> response.sendString(Mono.just("own")))
                .bindNow();
        HttpClient client = HttpClient.create(pool).runOn(own).remoteAddress(bound::address);
        assertEquals("own", body(client, HttpMethod.GET));
        pool.disposeLater().block(LIMIT);
        bound.disposeNow(LIMIT);
        own.disposeLater(Duration.ZERO, LIMIT).block(LIMIT);
        assertTrue(own.isDisposed());
    }
}
