/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.testsuite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.DefaultSpdyGoAwayFrame;
import io.netty.handler.codec.spdy.DefaultSpdyPingFrame;
import io.netty.handler.codec.spdy.DefaultSpdyRstStreamFrame;
import io.netty.handler.codec.spdy.DefaultSpdySettingsFrame;
import io.netty.handler.codec.spdy.DefaultSpdyWindowUpdateFrame;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyVersion;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** Frames go through a real framing codec at the server: cut anywhere on the way, they must come back byte for byte. */
public abstract class AbstractSpdyEchoTest extends AbstractLocalTransportTest {
    protected AbstractSpdyEchoTest(LocalTestPermutation permutation) {
        super(permutation);
    }

    @Test
    void spdyFramesComeBackUnchanged(TestInfo testInfo) throws Throwable {
        run(testInfo, (sb, cb) -> echo(sb, cb, true));
    }

    @Test
    void spdyFramesComeBackUnchangedWithoutAutoRead(TestInfo testInfo) throws Throwable {
        run(testInfo, (sb, cb) -> echo(sb, cb, false));
    }

    private static void echo(ServerBootstrap sb, Bootstrap cb, boolean autoRead) throws Throwable {
        ByteBuf frames = frames();
        ByteBuf echoed = Unpooled.buffer(frames.readableBytes());
        EchoServer echoServer = new EchoServer(autoRead);
        Collector collector = new Collector(autoRead, echoed, frames.readableBytes());
        sb.childOption(ChannelOption.AUTO_READ, autoRead).childHandler(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel ch) {
                ch.pipeline().addLast(new SpdyFrameCodec(SpdyVersion.SPDY_3_1), echoServer);
            }
        });
        cb.option(ChannelOption.AUTO_READ, autoRead).handler(collector);

        Channel server = sb.bind().sync().channel();
        Channel client = null;
        try {
            client = cb.connect(server.localAddress()).sync().channel();
            client.writeAndFlush(frames.retainedDuplicate()).sync();
            assertTrue(collector.await(), "not everything came back");
            assertNull(echoServer.cause);
            assertEquals(frames, echoed);
        } finally {
            close(client, server);
            frames.release();
        }
    }

    /** One of each kind of frame that the codec writes as it reads it, and enough data for several reads. */
    private static ByteBuf frames() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        EmbeddedChannel encoder = new EmbeddedChannel(new SpdyFrameCodec(SpdyVersion.SPDY_3_1));
        for (int i = 0; i < 20; i++) {
            // The decoder cuts a frame of more than 8 KiB in two.
            byte[] data = new byte[random.nextInt(1, 8192)];
            random.nextBytes(data);
            encoder.writeOutbound(new DefaultSpdyDataFrame(1, Unpooled.wrappedBuffer(data)));
        }
        encoder.writeOutbound(
                new DefaultSpdySettingsFrame().setValue(3, random.nextInt()),
                new DefaultSpdyPingFrame(random.nextInt()),
                new DefaultSpdyWindowUpdateFrame(1, random.nextInt(1, Integer.MAX_VALUE)),
                new DefaultSpdyRstStreamFrame(1, 1),
                new DefaultSpdyGoAwayFrame(1, 0));
        ByteBuf frames = Unpooled.buffer();
        for (ByteBuf frame; (frame = encoder.readOutbound()) != null; frame.release()) {
            frames.writeBytes(frame);
        }
        encoder.finishAndReleaseAll();
        return frames;
    }

    private static final class EchoServer extends ChannelInboundHandlerAdapter {
        private final boolean autoRead;
        private volatile Throwable cause;

        EchoServer(boolean autoRead) {
            this.autoRead = autoRead;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            if (!autoRead) {
                ctx.read();
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ctx.write(msg);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.flush();
            if (!autoRead) {
                ctx.read();
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            this.cause = cause;
            ctx.close();
        }
    }

    @ChannelHandler.Sharable
    private static final class Collector extends SimpleChannelInboundHandler<ByteBuf> {
        private final boolean autoRead;
        private final ByteBuf collected;
        private final int expected;
        private final CountDownLatch done = new CountDownLatch(1);

        Collector(boolean autoRead, ByteBuf collected, int expected) {
            this.autoRead = autoRead;
            this.collected = collected;
            this.expected = expected;
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            if (!autoRead) {
                ctx.read();
            }
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf msg) {
            collected.writeBytes(msg);
            if (collected.readableBytes() >= expected) {
                done.countDown();
            }
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            if (!autoRead) {
                ctx.read();
            }
        }

        boolean await() throws InterruptedException {
            return done.await(20, TimeUnit.SECONDS);
        }
    }
}
