/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.testsuite;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.DuplexChannel;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapComboFactory;
import io.netty.testsuite.transport.socket.SocketHalfClosedTest;
import io.netty.util.ReferenceCountUtil;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

/** One method is overridden: the original casts to a TCP channel. */
@Timeout(60)
public abstract class AbstractHalfClosedTest extends SocketHalfClosedTest {
    private final LocalTestPermutation permutation;

    protected AbstractHalfClosedTest(LocalTestPermutation permutation) {
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

    /**
     * The original casts to a TCP channel and sets SO_LINGER; the behaviour is that a half-closed side still receives.
     */
    @Test
    @Override
    public void testHalfClosureReceiveDataOnFinalWait2StateWhenSoLingerSet(TestInfo testInfo) throws Throwable {
        run(testInfo, AbstractHalfClosedTest::halfClosedSideStillReceives);
    }

    private static void halfClosedSideStillReceives(ServerBootstrap sb, Bootstrap cb) throws Throwable {
        CountDownLatch received = new CountDownLatch(1);
        sb.childHandler(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelActive(ChannelHandlerContext ctx) {
                ((DuplexChannel) ctx.channel()).shutdownOutput();
            }

            @Override
            public void channelRead(ChannelHandlerContext ctx, Object msg) {
                ReferenceCountUtil.release(msg);
                received.countDown();
            }
        });
        cb.option(ChannelOption.ALLOW_HALF_CLOSURE, true).handler(new ChannelInboundHandlerAdapter() {
            @Override
            public void userEventTriggered(ChannelHandlerContext ctx, Object evt) {
                if (evt == ChannelInputShutdownEvent.INSTANCE) {
                    ctx.writeAndFlush(ctx.alloc().buffer().writeZero(16));
                } else if (evt == ChannelInputShutdownReadComplete.INSTANCE) {
                    ctx.close();
                }
            }
        });
        Channel server = sb.bind().sync().channel();
        Channel client = null;
        try {
            client = cb.connect(server.localAddress()).sync().channel();
            assertTrue(received.await(20, TimeUnit.SECONDS), "nothing arrived after the half-close");
        } finally {
            AbstractLocalTransportTest.close(client, server);
        }
    }
}
