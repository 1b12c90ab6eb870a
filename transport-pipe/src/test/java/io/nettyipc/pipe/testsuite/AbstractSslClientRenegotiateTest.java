/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.testsuite;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.concurrent.Promise;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/**
 * A server that renegotiates with nobody: its alert and its close reach the client through the pipe, and both channels
 * end.
 */
public abstract class AbstractSslClientRenegotiateTest extends AbstractLocalTransportTest {
    private static X509Bundle certificate;

    protected AbstractSslClientRenegotiateTest(LocalTestPermutation permutation) {
        super(permutation);
    }

    @BeforeAll
    static void createCertificate() throws Exception {
        assumeTrue(OpenSsl.isAvailable(), "the JDK's server renegotiates");
        certificate = new CertificateBuilder()
                .subject("cn=localhost")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    @Test
    void renegotiationIsRefusedAndBothSidesClose(TestInfo testInfo) throws Throwable {
        run(testInfo, AbstractSslClientRenegotiateTest::renegotiationIsRefused);
    }

    private static void renegotiationIsRefused(ServerBootstrap sb, Bootstrap cb) throws Throwable {
        SslContext serverContext = SslContextBuilder.forServer(certificate.toKeyManagerFactory())
                .sslProvider(SslProvider.OPENSSL)
                .protocols("TLSv1.2")
                .build();
        SslContext clientContext = SslContextBuilder.forClient()
                .trustManager(certificate.toTrustManagerFactory())
                .sslProvider(SslProvider.JDK)
                .protocols("TLSv1.2")
                .endpointIdentificationAlgorithm(null)
                .build();
        Promise<Void> serverEnd = ImmediateEventExecutor.INSTANCE.newPromise();
        sb.childHandler(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel ch) {
                ch.closeFuture().addListener(future -> serverEnd.trySuccess(null));
                ch.pipeline().addLast(serverContext.newHandler(ch.alloc()), new ChannelInboundHandlerAdapter() {
                    @Override
                    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                        // How it refuses is OpenSSL's affair.
                    }
                });
            }
        });
        SslHandler clientTls = clientContext.newHandler(ByteBufAllocator.DEFAULT);
        cb.handler(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel ch) {
                ch.pipeline().addLast(clientTls, new ChannelInboundHandlerAdapter() {
                    @Override
                    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                        // The alert; the promise below says the same.
                    }
                });
            }
        });
        Channel server = sb.bind().sync().channel();
        try {
            Channel client = cb.connect(server.localAddress()).sync().channel();
            clientTls.handshakeFuture().sync();
            Future<Channel> renegotiation = clientTls.renegotiate();
            assertTrue(renegotiation.await(20, TimeUnit.SECONDS), "no answer");
            assertFalse(renegotiation.isSuccess());
            assertTrue(serverEnd.await(20, TimeUnit.SECONDS), "the server's side is still open");
            assertTrue(client.closeFuture().await(20, TimeUnit.SECONDS), "the client is still open");
        } finally {
            close(server);
        }
    }
}
