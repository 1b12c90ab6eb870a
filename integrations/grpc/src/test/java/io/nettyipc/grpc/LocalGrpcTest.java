/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.grpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("variants")
class LocalGrpcTest {

    private static final int MIB = 1024 * 1024;

    @Parameter
    private Variant variant;

    private final TestService service = new TestService();
    private final AtomicReference<String> authority = new AtomicReference<>();
    private EventLoopGroup group;
    private SocketAddress address;
    private Server server;
    private ManagedChannel channel;
    private Lending lending;

    /**
     * @param lent whether shared memory passes what gRPC writes without a copy
     */
    record Variant(Transport transport, boolean tls, boolean lent) {}

    static Stream<Variant> variants() {
        return Stream.concat(
                Stream.of(Transport.values())
                        .flatMap(transport ->
                                Stream.of(new Variant(transport, false, false), new Variant(transport, true, false))),
                Stream.of(new Variant(Transport.SHM, false, true)));
    }

    @BeforeEach
    void start() throws Exception {
        Transport transport = variant.transport();
        group = new MultiThreadIoEventLoopGroup(2, transport.newIoHandlerFactory());
        address = transport.address("grpc-test-" + ProcessHandle.current().pid());
        NettyServerBuilder serverBuilder = LocalGrpc.serverBuilder(group, transport.serverChannelType(), address)
                .maxInboundMessageSize(17 * MIB)
                .intercept(new AuthorityNoted())
                .intercept(new HeadersBack())
                .addService(service.definition());
        NettyChannelBuilder channelBuilder = LocalGrpc.channelBuilder(group, transport.channelType(), address)
                // On Windows a closed server's pipe looks busy while connections live, and clients wait.
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, 2_000)
                .maxInboundMessageSize(17 * MIB);
        if (variant.lent()) {
            lending = new Lending();
            lending.configure(serverBuilder);
            lending.configure(channelBuilder);
        }
        if (variant.tls()) {
            X509Bundle certificate = new CertificateBuilder()
                    .subject("CN=localhost")
                    .addSanDnsName("localhost")
                    .setIsCertificateAuthority(true)
                    .buildSelfSigned();
            serverBuilder.sslContext(GrpcSslContexts.configure(
                            SslContextBuilder.forServer(certificate.toKeyManagerFactory()), SslProvider.JDK)
                    .build());
            channelBuilder.sslContext(GrpcSslContexts.configure(
                            SslContextBuilder.forClient().trustManager(certificate.getCertificate()), SslProvider.JDK)
                    .build());
        } else {
            channelBuilder.usePlaintext();
        }
        server = serverBuilder.build().start();
        channel = channelBuilder.build();
    }

    @AfterEach
    void stop() throws InterruptedException {
        assertTrue(channel.shutdownNow().awaitTermination(20, TimeUnit.SECONDS));
        assertTrue(server.shutdownNow().awaitTermination(20, TimeUnit.SECONDS));
        assertTrue(group.shutdownGracefully(0, 10, TimeUnit.SECONDS).await(20, TimeUnit.SECONDS));
        if (lending != null) {
            lending.assertAllReturned();
        }
    }

    @Test
    void aUnaryCallIsAnsweredAndTheServerSeesLocalhostAsAuthority() {
        for (int length : new int[] {0, 1, 100, 65_536, MIB}) {
            byte[] request = random(length);
            assertArrayEquals(request, call(TestService.ECHO, CallOptions.DEFAULT, request));
        }
        assertEquals("localhost", authority.get());
        assertTrue(lending == null || lending.sent() > 20, "nothing was lent");
    }

    @Test
    void anErrorComesWithItsCodeAndDescription() {
        Status status = failure(TestService.REFUSE, CallOptions.DEFAULT);

        assertEquals(Status.Code.FAILED_PRECONDITION, status.getCode());
        assertEquals("not today", status.getDescription());
    }

    @Test
    void aServerStreamArrivesWholeAndInOrder() {
        Iterator<byte[]> messages = ClientCalls.blockingServerStreamingCall(
                channel, TestService.SEND, CallOptions.DEFAULT, sendRequest(2_000, 5_000));

        for (int number = 0; number < 2_000; number++) {
            byte[] message = messages.next();
            assertEquals(5_000, message.length);
            assertEquals(number, ByteBuffer.wrap(message).getInt());
        }
        assertTrue(!messages.hasNext());
    }

    @Test
    void aClientStreamIsAnsweredOnce() throws Exception {
        Responses responses = new Responses();
        StreamObserver<byte[]> requests = ClientCalls.asyncClientStreamingCall(
                channel.newCall(TestService.COUNT, CallOptions.DEFAULT), responses);
        for (int i = 0; i < 2_000; i++) {
            requests.onNext(new byte[1_000]);
        }
        requests.onCompleted();

        ByteBuffer counts = ByteBuffer.wrap(responses.next());
        assertEquals(2_000, counts.getLong());
        assertEquals(2_000_000, counts.getLong());
        assertEquals(Status.Code.OK, responses.end().getCode());
    }

    @Test
    void bothSidesOfABidirectionalStreamSendInTurn() throws Exception {
        Responses responses = new Responses();
        StreamObserver<byte[]> requests = ClientCalls.asyncBidiStreamingCall(
                channel.newCall(TestService.ECHO_ALL, CallOptions.DEFAULT), responses);
        for (int i = 0; i < 300; i++) {
            byte[] message = random(i * 10);
            requests.onNext(message);
            assertArrayEquals(message, responses.next());
        }
        requests.onCompleted();

        assertEquals(Status.Code.OK, responses.end().getCode());
    }

    @Test
    void largeMessagesOfABidirectionalStreamArriveWhole() throws Exception {
        Responses responses = new Responses();
        StreamObserver<byte[]> requests = ClientCalls.asyncBidiStreamingCall(
                channel.newCall(TestService.ECHO_ALL, CallOptions.DEFAULT), responses);
        for (int i = 0; i < 20; i++) {
            byte[] message = random(i % 5 == 0 ? 4 * MIB : 65_536 * (i % 5));
            requests.onNext(message);
            assertArrayEquals(message, responses.next());
        }
        requests.onCompleted();

        assertEquals(Status.Code.OK, responses.end().getCode());
    }

    @Test
    void headersAndTrailersComeBackAsTheyWereSent() {
        byte[] bytes = random(1_000);
        Metadata sent = new Metadata();
        sent.put(HeadersBack.TEXT, "two  blanks; \"quotes\"");
        sent.put(HeadersBack.BYTES, bytes);
        AtomicReference<Metadata> headers = new AtomicReference<>();
        AtomicReference<Metadata> trailers = new AtomicReference<>();
        ClientCalls.blockingUnaryCall(
                ClientInterceptors.intercept(
                        channel,
                        MetadataUtils.newAttachHeadersInterceptor(sent),
                        MetadataUtils.newCaptureMetadataInterceptor(headers, trailers)),
                TestService.ECHO,
                CallOptions.DEFAULT,
                new byte[1]);

        for (Metadata received : List.of(headers.get(), trailers.get())) {
            assertEquals("two  blanks; \"quotes\"", received.get(HeadersBack.TEXT));
            assertArrayEquals(bytes, received.get(HeadersBack.BYTES));
        }
    }

    @Test
    void aCancelledCallEndsAtBothSides() throws Exception {
        ClientCall<byte[], byte[]> call = channel.newCall(TestService.NEVER_ANSWER, CallOptions.DEFAULT);
        Responses responses = new Responses();
        ClientCalls.asyncUnaryCall(call, new byte[1], responses);
        assertTrue(service.called.await(20, TimeUnit.SECONDS));

        call.cancel("changed my mind", null);

        assertEquals(Status.Code.CANCELLED, responses.end().getCode());
        assertTrue(service.cancelled.await(20, TimeUnit.SECONDS));
        assertArrayEquals(new byte[9], call(TestService.ECHO, CallOptions.DEFAULT, new byte[9]));
    }

    @Test
    void aCallEndsAtBothSidesAtItsDeadline() throws Exception {
        call(TestService.ECHO, CallOptions.DEFAULT, new byte[1]);

        Status status =
                failure(TestService.NEVER_ANSWER, CallOptions.DEFAULT.withDeadlineAfter(300, TimeUnit.MILLISECONDS));

        assertEquals(Status.Code.DEADLINE_EXCEEDED, status.getCode());
        assertTrue(service.cancelled.await(20, TimeUnit.SECONDS));
    }

    @Test
    void aMessageOf16MebibytesGoesThereAndBack() {
        byte[] request = random(16 * MIB);

        assertArrayEquals(request, call(TestService.ECHO, CallOptions.DEFAULT, request));
    }

    @Test
    void aMessageOverTheLimitFailsItsCallOnly() {
        Status status = failure(TestService.ECHO, CallOptions.DEFAULT, new byte[18 * MIB]);

        assertEquals(Status.Code.RESOURCE_EXHAUSTED, status.getCode());
        assertArrayEquals(new byte[9], call(TestService.ECHO, CallOptions.DEFAULT, new byte[9]));
    }

    @Test
    void aSlowReaderHoldsTheSenderBackAndOtherCallsGoOn() throws Exception {
        int count = 300;
        int length = 65_536;
        Responses responses = new Responses();
        ClientCall<byte[], byte[]> call = channel.newCall(TestService.SEND, CallOptions.DEFAULT);
        call.start(responses.listener(), new Metadata());
        call.sendMessage(sendRequest(count, length));
        call.halfClose();
        for (int number = 0; number < count; number++) {
            if (number < 100) {
                // The sender has time: it could send everything meanwhile.
                call(TestService.ECHO, CallOptions.DEFAULT, new byte[1]);
                long ahead = (long) (service.sent.get() - number) * length;
                assertTrue(ahead <= 4 * MIB, () -> "the sender is " + ahead + " bytes ahead");
            }
            call.request(1);
            assertEquals(number, ByteBuffer.wrap(responses.next()).getInt());
        }
        assertEquals(Status.Code.OK, responses.end().getCode());
    }

    @Test
    void aServerThatShutsDownLetsRunningCallsEnd() throws Exception {
        Responses responses = new Responses();
        StreamObserver<byte[]> requests = ClientCalls.asyncBidiStreamingCall(
                channel.newCall(TestService.ECHO_ALL, CallOptions.DEFAULT), responses);
        requests.onNext(new byte[] {1});
        assertArrayEquals(new byte[] {1}, responses.next());

        server.shutdown();
        requests.onNext(new byte[] {2});

        assertArrayEquals(new byte[] {2}, responses.next());
        assertEquals(
                Status.Code.UNAVAILABLE,
                failure(TestService.ECHO, CallOptions.DEFAULT).getCode());
        requests.onCompleted();
        assertEquals(Status.Code.OK, responses.end().getCode());
        assertTrue(server.awaitTermination(20, TimeUnit.SECONDS));
    }

    @Test
    void aCallToNobodyIsUnavailableAndSaysWhere() throws Exception {
        SocketAddress nowhere = variant.transport().address("grpc-test-nobody");
        ManagedChannel lost = LocalGrpc.channelBuilder(
                        group, variant.transport().channelType(), nowhere)
                .usePlaintext()
                .build();
        try {
            Status status = assertThrows(
                            StatusRuntimeException.class,
                            () -> ClientCalls.blockingUnaryCall(
                                    lost, TestService.ECHO, CallOptions.DEFAULT, new byte[1]))
                    .getStatus();

            assertEquals(Status.Code.UNAVAILABLE, status.getCode());
            assertTrue(status.getCause().getMessage().contains("grpc-test-nobody"), () -> "" + status.getCause());
        } finally {
            assertTrue(lost.shutdownNow().awaitTermination(20, TimeUnit.SECONDS));
        }
    }

    private byte[] call(MethodDescriptor<byte[], byte[]> method, CallOptions options, byte[] request) {
        return ClientCalls.blockingUnaryCall(channel, method, options, request);
    }

    private Status failure(MethodDescriptor<byte[], byte[]> method, CallOptions options) {
        return failure(method, options, new byte[1]);
    }

    private Status failure(MethodDescriptor<byte[], byte[]> method, CallOptions options, byte[] request) {
        return assertThrows(StatusRuntimeException.class, () -> call(method, options, request))
                .getStatus();
    }

    private static byte[] sendRequest(int count, int length) {
        return ByteBuffer.allocate(8).putInt(count).putInt(length).array();
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    /** Notes the last call's authority. */
    private final class AuthorityNoted implements ServerInterceptor {
        @Override
        public <A, B> ServerCall.Listener<A> interceptCall(
                ServerCall<A, B> call, Metadata request, ServerCallHandler<A, B> next) {
            authority.set(call.getAuthority());
            return next.startCall(call, request);
        }
    }
}
