/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.local.LocalServerChannel;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CallerHandlerTest {

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());
    private final BlockingQueue<Object> received = new LinkedBlockingQueue<>();

    @AfterEach
    void stop() {
        group.shutdownGracefully(0, 10, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** As with a channel that reads as soon as a handler asks it to. */
    @Test
    void readingGoesOnAfterMoreHasComeWhileTheFirstBytesWerePassedOn() throws Exception {
        Channel client = connect(new Receiver() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                super.channelRead(ctx, message);
                if (message.equals("first")) {
                    ctx.pipeline().fireChannelRead("second");
                }
            }
        });

        client.writeAndFlush("first").sync();
        assertReceived("first", "second");
        client.writeAndFlush("third").sync();

        assertReceived("third");
    }

    /** HTTP/2 asks like this, since nobody else does with AUTO_READ off. */
    @Test
    void whatAHandlerAsksForAtTheEndOfTheFirstReadReachesIt() throws Exception {
        Channel client = connect(new Receiver() {
            @Override
            public void channelReadComplete(ChannelHandlerContext ctx) {
                if (!ctx.channel().config().isAutoRead()) {
                    ctx.read();
                }
            }
        });

        // In one turn of the loop, so that the second is there when the first is passed on.
        client.eventLoop().execute(() -> {
            client.writeAndFlush("first");
            client.writeAndFlush("second");
        });
        assertReceived("first", "second");
        client.writeAndFlush("third").sync();

        assertReceived("third");
    }

    private Channel connect(Receiver receiver) throws Exception {
        Channel server = new ServerBootstrap()
                .group(group)
                .channel(LocalServerChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new CallerHandler(), receiver);
                    }
                })
                .bind(LocalAddress.ANY)
                .sync()
                .channel();
        return new Bootstrap()
                .group(group)
                .channel(LocalChannel.class)
                .handler(new ChannelInboundHandlerAdapter())
                .connect(server.localAddress())
                .sync()
                .channel();
    }

    private void assertReceived(Object... messages) throws InterruptedException {
        for (Object message : messages) {
            assertEquals(message, received.poll(20, TimeUnit.SECONDS));
        }
    }

    private class Receiver extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            received.add(message);
        }
    }
}
