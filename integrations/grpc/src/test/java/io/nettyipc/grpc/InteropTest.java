/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.grpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.CallOptions;
import io.grpc.ChannelCredentials;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerCredentials;
import io.grpc.ServerInterceptor;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the descriptions of grpc's interoperability tests ask of two implementations, asked here of a transport, by
 * target; what {@link LocalGrpcTest} asks already is not repeated.
 */
@ParameterizedClass
@ValueSource(strings = {"npipe", "shm"})
class InteropTest {

    private static final Metadata.Key<String> ENCODING =
            Metadata.Key.of("grpc-encoding", Metadata.ASCII_STRING_MARSHALLER);

    @Parameter
    private String scheme;

    private final TestService service = new TestService();
    private final SeenByServer seen = new SeenByServer();
    private Server server;
    private ManagedChannel channel;

    private void start() throws IOException {
        start(InsecureServerCredentials.create(), InsecureChannelCredentials.create());
    }

    private void start(ServerCredentials atServer, ChannelCredentials atClient) throws IOException {
        String target = scheme + ":grpc-interop-" + ProcessHandle.current().pid();
        server = LocalGrpc.serverBuilder(target, atServer)
                .intercept(seen)
                .intercept(new HeadersBack())
                .addStreamTracerFactory(seen.sizes)
                .addService(service.definition())
                .build()
                .start();
        channel = Grpc.newChannelBuilder(target, atClient).build();
    }

    @AfterEach
    void stop() throws InterruptedException {
        assertTrue(channel.shutdownNow().awaitTermination(20, TimeUnit.SECONDS));
        assertTrue(server.shutdownNow().awaitTermination(20, TimeUnit.SECONDS));
    }

    @Test
    void anEmptyRequestHasAnEmptyResponse() throws Exception {
        start();

        assertEquals(0, call(TestService.ECHO, CallOptions.DEFAULT, new byte[0]).length);
    }

    @Test
    void messagesOfAPingPongKeepTheirSizes() throws Exception {
        start();
        Responses responses = new Responses();
        StreamObserver<byte[]> requests = echoAll(CallOptions.DEFAULT, responses);

        for (int size : new int[] {27_182, 8, 1_828, 45_904, 0, 1_000_000}) {
            byte[] message = random(size);
            requests.onNext(message);
            assertArrayEquals(message, responses.next());
        }
        requests.onCompleted();

        assertEquals(Status.Code.OK, responses.end().getCode());
    }

    @Test
    void aStreamWithoutMessagesEndsWell() throws Exception {
        start();
        Responses responses = new Responses();

        echoAll(CallOptions.DEFAULT, responses).onCompleted();

        assertEquals(Status.Code.OK, responses.end().getCode());
    }

    @Test
    void aCallCancelledAfterItsBeginIsCancelled() throws Exception {
        start();
        Responses responses = new Responses();
        ClientCall<byte[], byte[]> call = channel.newCall(TestService.COUNT, CallOptions.DEFAULT);
        ClientCalls.asyncClientStreamingCall(call, responses);

        call.cancel("at once", null);

        assertEquals(Status.Code.CANCELLED, responses.end().getCode());
        assertEquals(3, call(TestService.ECHO, CallOptions.DEFAULT, new byte[3]).length);
    }

    @Test
    void aStreamCancelledAfterItsFirstResponseIsCancelled() throws Exception {
        start();
        Responses responses = new Responses();
        ClientCall<byte[], byte[]> call = channel.newCall(TestService.ECHO_ALL, CallOptions.DEFAULT);
        StreamObserver<byte[]> requests = ClientCalls.asyncBidiStreamingCall(call, responses);
        requests.onNext(random(27_182));
        assertEquals(27_182, responses.next().length);

        call.cancel("enough", null);

        assertEquals(Status.Code.CANCELLED, responses.end().getCode());
        assertEquals(3, call(TestService.ECHO, CallOptions.DEFAULT, new byte[3]).length);
    }

    @Test
    void aStreamWhoseServerSleepsEndsAtItsDeadline() throws Exception {
        start();
        call(TestService.ECHO, CallOptions.DEFAULT, new byte[1]);
        Responses responses = new Responses();

        echoAll(CallOptions.DEFAULT.withDeadlineAfter(50, TimeUnit.MILLISECONDS), responses);

        assertEquals(Status.Code.DEADLINE_EXCEEDED, responses.end().getCode());
    }

    @Test
    void aDeadlineGoesWithTheCallAndOneThatIsPastIsNotSent() throws Exception {
        start();
        call(TestService.ECHO, CallOptions.DEFAULT.withDeadlineAfter(1, TimeUnit.HOURS), new byte[1]);
        Deadline deadline = seen.deadlines.poll(20, TimeUnit.SECONDS);
        assertNotNull(deadline);
        long minutes = deadline.timeRemaining(TimeUnit.MINUTES);
        assertTrue(minutes >= 50 && minutes <= 60, () -> minutes + " minutes");

        StatusRuntimeException late = assertThrows(
                StatusRuntimeException.class,
                () -> call(TestService.ECHO, CallOptions.DEFAULT.withDeadlineAfter(-1, TimeUnit.SECONDS), new byte[1]));

        assertEquals(Status.Code.DEADLINE_EXCEEDED, late.getStatus().getCode());
        assertTrue(seen.deadlines.isEmpty());
    }

    @Test
    void metadataOfAStreamComeBackAsHeadersAndTrailers() throws Exception {
        start();
        byte[] bytes = {(byte) 0xab, (byte) 0xab, 0, 1, (byte) 0xff};
        Metadata sent = new Metadata();
        sent.put(HeadersBack.TEXT, "test_initial_metadata_value");
        sent.put(HeadersBack.BYTES, bytes);
        AtomicReference<Metadata> headers = new AtomicReference<>();
        AtomicReference<Metadata> trailers = new AtomicReference<>();
        Responses responses = new Responses();
        StreamObserver<byte[]> requests = ClientCalls.asyncBidiStreamingCall(
                ClientInterceptors.intercept(
                                channel,
                                MetadataUtils.newAttachHeadersInterceptor(sent),
                                MetadataUtils.newCaptureMetadataInterceptor(headers, trailers))
                        .newCall(TestService.ECHO_ALL, CallOptions.DEFAULT),
                responses);
        requests.onNext(random(10));
        assertEquals(10, responses.next().length);
        requests.onCompleted();

        assertEquals(Status.Code.OK, responses.end().getCode());
        assertEquals("test_initial_metadata_value", headers.get().get(HeadersBack.TEXT));
        assertArrayEquals(bytes, trailers.get().get(HeadersBack.BYTES));
    }

    @Test
    void aStatusMessageKeepsItsWhitespaceAndItsUnicode() throws Exception {
        start();
        for (String message : List.of(
                "test status message", "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP \uD83D\uDE08\t\n")) {
            byte[] request = message.getBytes(StandardCharsets.UTF_8);
            Status unary = failure(TestService.FAIL, request);
            Responses responses = new Responses();
            ClientCalls.asyncBidiStreamingCall(channel.newCall(TestService.FAIL_ALL, CallOptions.DEFAULT), responses)
                    .onNext(request);
            Status stream = responses.end();

            for (Status status : List.of(unary, stream)) {
                assertEquals(Status.Code.UNKNOWN, status.getCode());
                assertEquals(message, status.getDescription());
            }
        }
    }

    @Test
    void methodsAndServicesThatNobodyImplementsAreSaidToBeSo() throws Exception {
        start();
        for (MethodDescriptor<byte[], byte[]> method : List.of(TestService.NO_METHOD, TestService.NO_SERVICE)) {
            Status status = failure(method, new byte[1]);

            assertEquals(Status.Code.UNIMPLEMENTED, status.getCode());
            assertTrue(status.getDescription().contains(method.getFullMethodName()), status::toString);
        }
    }

    @Test
    void compressedRequestsAndResponsesAreSmallerOnTheWire() throws Exception {
        start();
        seen.compressResponses = true;
        AtomicReference<Metadata> headers = new AtomicReference<>();
        byte[] zeros = new byte[271_828];

        byte[] response = ClientCalls.blockingUnaryCall(
                ClientInterceptors.intercept(
                        channel, MetadataUtils.newCaptureMetadataInterceptor(headers, new AtomicReference<>())),
                TestService.ECHO,
                CallOptions.DEFAULT.withCompression("gzip"),
                zeros);

        assertArrayEquals(zeros, response);
        assertEquals("gzip", seen.encodings.poll(20, TimeUnit.SECONDS));
        assertEquals("gzip", headers.get().get(ENCODING));
        assertTrue(seen.sizes.in.poll(20, TimeUnit.SECONDS) < 10_000);
        assertTrue(seen.sizes.out.poll(20, TimeUnit.SECONDS) < 10_000);
    }

    @Test
    void eachMessageOfAStreamIsCompressedOrNotAsItsSenderSays() throws Exception {
        start();
        Responses responses = new Responses();
        ClientCallStreamObserver<byte[]> requests =
                (ClientCallStreamObserver<byte[]>) echoAll(CallOptions.DEFAULT.withCompression("gzip"), responses);
        List<Boolean> small = new ArrayList<>();
        for (boolean compressed : new boolean[] {true, false, true}) {
            requests.setMessageCompression(compressed);
            requests.onNext(new byte[27_182]);
            assertEquals(27_182, responses.next().length);
            small.add(seen.sizes.in.poll(20, TimeUnit.SECONDS) < 27_182);
        }
        requests.onCompleted();

        assertEquals(Status.Code.OK, responses.end().getCode());
        assertEquals(List.of(true, false, true), small);
    }

    @Test
    void withTlsEachSideKnowsTheOthersCertificate() throws Exception {
        Certificates certificates = new Certificates();
        start(
                certificates.serverThatAsksForOne(),
                TlsChannelCredentials.newBuilder()
                        .trustManager(pem(certificates.authority.getRootCertificatePEM()))
                        .keyManager(
                                pem(certificates.client.getCertificatePathPEM()),
                                pem(certificates.client.getPrivateKeyPEM()))
                        .build());

        assertEquals(3, call(TestService.ECHO, CallOptions.DEFAULT, new byte[3]).length);
        SSLSession session = seen.sessions.poll(20, TimeUnit.SECONDS);
        assertEquals("CN=the-client", session.getPeerPrincipal().getName());
        assertNotNull(seen.callers.poll(20, TimeUnit.SECONDS), "TLS hides who the caller is");
    }

    @Test
    void withoutTheCertificateThatTheServerAsksForNoCallGoesThrough() throws Exception {
        Certificates certificates = new Certificates();
        start(
                certificates.serverThatAsksForOne(),
                TlsChannelCredentials.newBuilder()
                        .trustManager(pem(certificates.authority.getRootCertificatePEM()))
                        .build());

        assertEquals(
                Status.Code.UNAVAILABLE, failure(TestService.ECHO, new byte[3]).getCode());
        assertTrue(seen.callers.isEmpty());
    }

    private StreamObserver<byte[]> echoAll(CallOptions options, Responses responses) {
        return ClientCalls.asyncBidiStreamingCall(channel.newCall(TestService.ECHO_ALL, options), responses);
    }

    private byte[] call(MethodDescriptor<byte[], byte[]> method, CallOptions options, byte[] request) {
        return ClientCalls.blockingUnaryCall(channel, method, options, request);
    }

    private Status failure(MethodDescriptor<byte[], byte[]> method, byte[] request) {
        return assertThrows(StatusRuntimeException.class, () -> call(method, CallOptions.DEFAULT, request))
                .getStatus();
    }

    private static InputStream pem(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    /** An authority, and what it has issued. */
    private static final class Certificates {
        final X509Bundle authority = new CertificateBuilder()
                .subject("CN=authority")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        final X509Bundle server = new CertificateBuilder()
                .subject("CN=localhost")
                .addSanDnsName("localhost")
                .buildIssuedBy(authority);
        final X509Bundle client =
                new CertificateBuilder().subject("CN=the-client").buildIssuedBy(authority);

        Certificates() throws Exception {}

        ServerCredentials serverThatAsksForOne() throws IOException {
            return TlsServerCredentials.newBuilder()
                    .keyManager(pem(server.getCertificatePathPEM()), pem(server.getPrivateKeyPEM()))
                    .trustManager(pem(authority.getRootCertificatePEM()))
                    .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE)
                    .build();
        }
    }

    /** Notes what comes with each call. */
    private static final class SeenByServer implements ServerInterceptor {
        final BlockingQueue<Caller> callers = new LinkedBlockingQueue<>();
        final BlockingQueue<SSLSession> sessions = new LinkedBlockingQueue<>();
        final BlockingQueue<Deadline> deadlines = new LinkedBlockingQueue<>();
        final BlockingQueue<String> encodings = new LinkedBlockingQueue<>();
        final Sizes sizes = new Sizes();
        volatile boolean compressResponses;

        @Override
        public <A, B> ServerCall.Listener<A> interceptCall(
                ServerCall<A, B> call, Metadata request, ServerCallHandler<A, B> next) {
            note(callers, Caller.of(call));
            note(sessions, call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION));
            note(deadlines, Context.current().getDeadline());
            note(encodings, request.get(ENCODING));
            if (compressResponses) {
                call.setCompression("gzip");
            }
            return next.startCall(call, request);
        }

        private static <T> void note(BlockingQueue<T> queue, T value) {
            if (value != null) {
                queue.add(value);
            }
        }
    }

    /** The sizes of messages on the wire. */
    private static final class Sizes extends ServerStreamTracer.Factory {
        final BlockingQueue<Long> in = new LinkedBlockingQueue<>();
        final BlockingQueue<Long> out = new LinkedBlockingQueue<>();

        @Override
        public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
            return new ServerStreamTracer() {
                @Override
                public void inboundMessageRead(int number, long wireSize, long size) {
                    in.add(wireSize);
                }

                @Override
                public void outboundMessageSent(int number, long wireSize, long size) {
                    out.add(wireSize);
                }
            };
        }
    }
}
