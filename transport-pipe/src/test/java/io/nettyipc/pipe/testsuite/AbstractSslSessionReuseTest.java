/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.testsuite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** TLS finds the session of an earlier connection over a pipe, whose addresses have neither host nor port. */
public abstract class AbstractSslSessionReuseTest extends AbstractLocalTransportTest {
    private static X509Bundle certificate;

    protected AbstractSslSessionReuseTest(LocalTestPermutation permutation) {
        super(permutation);
    }

    @BeforeAll
    static void createCertificate() throws Exception {
        certificate = new CertificateBuilder()
                .subject("cn=localhost")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    @Test
    void secondConnectionResumesTheFirstOnesSession(TestInfo testInfo) throws Throwable {
        run(testInfo, AbstractSslSessionReuseTest::secondConnectionResumes);
    }

    private static void secondConnectionResumes(ServerBootstrap sb, Bootstrap cb) throws Throwable {
        CountingTrustManager trust = new CountingTrustManager();
        // TLS 1.3 makes a new session identifier for every connection.
        SslContext serverContext = SslContextBuilder.forServer(certificate.toKeyManagerFactory())
                .sslProvider(SslProvider.JDK)
                .protocols("TLSv1.2")
                .build();
        SslContext clientContext = SslContextBuilder.forClient()
                .trustManager(trust)
                .sslProvider(SslProvider.JDK)
                .protocols("TLSv1.2")
                .endpointIdentificationAlgorithm(null)
                .build();

        sb.childHandler(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel ch) {
                ch.pipeline().addLast(serverContext.newHandler(ch.alloc()), new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext ctx, Object msg) {
                        ctx.writeAndFlush(msg);
                    }
                });
            }
        });
        BlockingQueue<Integer> echoed = new LinkedBlockingQueue<>();
        cb.handler(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel ch) {
                SSLEngine engine = clientContext.newEngine(ch.alloc(), "pipe", 1);
                ch.pipeline().addLast(new SslHandler(engine), new SimpleChannelInboundHandler<ByteBuf>() {
                    @Override
                    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf msg) {
                        echoed.add(msg.readInt());
                    }
                });
            }
        });

        Channel server = sb.bind().sync().channel();
        try {
            exchange(cb, server, echoed, 1);
            Set<String> sessions = sessions(clientContext);
            assertEquals(1, sessions.size());
            exchange(cb, server, echoed, 2);
            assertEquals(sessions, sessions(clientContext));
            assertEquals(1, trust.checks.get(), "a resumed session must not check the certificate again");
        } finally {
            close(server);
        }
    }

    private static void exchange(Bootstrap cb, Channel server, BlockingQueue<Integer> echoed, int value)
            throws InterruptedException {
        Channel client = cb.connect(server.localAddress()).sync().channel();
        client.pipeline().get(SslHandler.class).handshakeFuture().sync();
        client.writeAndFlush(client.alloc().buffer(Integer.BYTES).writeInt(value))
                .sync();
        Integer answer = echoed.poll(20, TimeUnit.SECONDS);
        assertNotNull(answer, "nothing came back");
        assertEquals(value, answer.intValue());
        client.close().sync();
    }

    private static Set<String> sessions(SslContext context) {
        Set<String> ids = new HashSet<>();
        for (byte[] id : Collections.list(context.sessionContext().getIds())) {
            ids.add(HexFormat.of().formatHex(id));
        }
        return ids;
    }

    private static final class CountingTrustManager extends X509ExtendedTrustManager {
        private final AtomicInteger checks = new AtomicInteger();

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            if (!chain[0].equals(certificate.getCertificate())) {
                throw new CertificateException("another certificate");
            }
            checks.incrementAndGet();
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {
            throw new AssertionError("no socket here");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {
            throw new AssertionError("no engine?");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {
            throw new AssertionError("a client");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
            throw new AssertionError("a client");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {
            throw new AssertionError("a client");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
