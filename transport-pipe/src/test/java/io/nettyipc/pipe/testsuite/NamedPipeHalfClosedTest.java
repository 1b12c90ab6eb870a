/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.testsuite;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

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
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * Methods are overridden only to say where they cannot hold: a Windows byte pipe has no half-close (its peer either is there or has gone), and
 * Netty's NIO domain socket channel does not know {@code ALLOW_HALF_CLOSURE}.
 */
@Timeout(60)
class NamedPipeHalfClosedTest extends SocketHalfClosedTest {
    private static final String NO_HALF_CLOSE = "a byte pipe has no half-close";

    @Override
    protected List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> newFactories() {
        return NamedPipeTestPermutation.INSTANCE.socket();
    }

    @Override
    protected SocketAddress newSocketAddress() {
        return NamedPipeTestPermutation.newAddress();
    }

    private static void assumeHalfClosureOption() {
        assumeFalse(NamedPipeTestPermutation.isNio(), "NioDomainSocketChannel has no ALLOW_HALF_CLOSURE");
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = NO_HALF_CLOSE)
    @Override
    public void testAllDataReadEventTriggeredAfterHalfClosure(TestInfo testInfo) throws Throwable {
        assumeHalfClosureOption();
        super.testAllDataReadEventTriggeredAfterHalfClosure(testInfo);
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = NO_HALF_CLOSE)
    @Override
    public void testAllDataReadAfterHalfClosure(TestInfo testInfo) throws Throwable {
        assumeHalfClosureOption();
        super.testAllDataReadAfterHalfClosure(testInfo);
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = NO_HALF_CLOSE)
    @Override
    public void testHalfClosureOnlyOneEventWhenAutoRead(TestInfo testInfo) throws Throwable {
        assumeHalfClosureOption();
        super.testHalfClosureOnlyOneEventWhenAutoRead(testInfo);
    }

    /** {@link NamedPipeDetectPeerCloseWithoutReadTest} has the part of this that is about a full close. */
    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = NO_HALF_CLOSE)
    @Override
    public void testAllDataReadClosure(TestInfo testInfo) throws Throwable {
        assumeHalfClosureOption();
        super.testAllDataReadClosure(testInfo);
    }

    /** The original casts to a TCP channel and sets SO_LINGER; the behaviour is that a half-closed side still receives. */
    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = NO_HALF_CLOSE)
    @Override
    public void testHalfClosureReceiveDataOnFinalWait2StateWhenSoLingerSet(TestInfo testInfo) throws Throwable {
        assumeHalfClosureOption();
        run(testInfo, NamedPipeHalfClosedTest::halfClosedSideStillReceives);
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
            AbstractNamedPipeTest.close(client, server);
        }
    }
}
