/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.testsuite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapComboFactory;
import io.netty.testsuite.transport.socket.SocketConnectTest;
import io.netty.util.CharsetUtil;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.concurrent.Promise;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Timeout;

/**
 * The methods overridden here cast to TCP's address and channel types; these bodies check the same behaviour without.
 */
@Timeout(60)
public abstract class AbstractConnectTest extends SocketConnectTest {
    private final LocalTestPermutation permutation;

    protected AbstractConnectTest(LocalTestPermutation permutation) {
        this.permutation = permutation;
    }

    @Override
    protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
        return permutation.socket();
    }

    @Override
    protected SocketAddress newSocketAddress() {
        return permutation.newAddress();
    }

    @Override
    public void testLocalAddressAfterConnect(ServerBootstrap sb, Bootstrap cb) throws Throwable {
        Promise<SocketAddress> childAddress = ImmediateEventExecutor.INSTANCE.newPromise();
        sb.childHandler(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelActive(ChannelHandlerContext ctx) {
                childAddress.setSuccess(ctx.channel().localAddress());
            }
        });
        cb.handler(new ChannelInboundHandlerAdapter());
        Channel server = sb.bind().sync().channel();
        Channel client = cb.register().sync().channel();
        try {
            assertNull(client.localAddress());
            assertNull(client.remoteAddress());
            client.connect(server.localAddress()).sync();
            assertNotNull(client.localAddress());
            assertEquals(server.localAddress(), client.remoteAddress());
            assertTrue(childAddress.await(20, TimeUnit.SECONDS));
            assertEquals(server.localAddress(), childAddress.getNow());
        } finally {
            AbstractLocalTransportTest.close(client, server);
        }
    }

    /**
     * A pipe has no fast open; what stays of these tests is that data written before the connect is the first to
     * arrive.
     */
    @Override
    protected void testWriteWithFastOpenBeforeConnect(
            ServerBootstrap sb, Bootstrap cb, Function<Channel, ByteBuf> early, String expectedEarly) throws Throwable {
        BlockingQueue<String> echoed = new LinkedBlockingQueue<>();
        sb.childHandler(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object msg) {
                ctx.writeAndFlush(msg);
            }
        });
        cb.handler(new SimpleChannelInboundHandler<ByteBuf>() {
            @Override
            protected void channelRead0(ChannelHandlerContext ctx, ByteBuf msg) {
                echoed.add(msg.toString(CharsetUtil.US_ASCII));
            }
        });
        Channel server = sb.bind().sync().channel();
        Channel client = cb.register().sync().channel();
        try {
            ChannelFuture earlyWrite = client.write(early.apply(client));
            client.connect(server.localAddress()).sync();
            ByteBuf late = client.alloc().buffer();
            late.writeCharSequence("[late]", CharsetUtil.US_ASCII);
            client.writeAndFlush(late).sync();
            earlyWrite.sync();

            String expected = expectedEarly + "[late]";
            StringBuilder actual = new StringBuilder();
            while (actual.length() < expected.length()) {
                String part = echoed.poll(20, TimeUnit.SECONDS);
                assertNotNull(part, () -> "only " + actual + " came back");
                actual.append(part);
            }
            assertEquals(expected, actual.toString());
            client.disconnect().sync();
            assertTrue(client.closeFuture().await(20, TimeUnit.SECONDS), "disconnect must close a stream channel");
        } finally {
            AbstractLocalTransportTest.close(client, server);
        }
    }
}
