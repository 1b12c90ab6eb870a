/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.ScheduledFuture;
import io.netty.util.internal.ObjectUtil;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Opens a connection for one request and its reply, what {@code CallNamedPipe} does in one function. */
final class NamedPipeCall extends ChannelInboundHandlerAdapter {

    private final NamedPipeAddress address;
    private final ByteBuf request;
    private final Promise<ByteBuf> reply;
    /** Whether the request is no longer ours to release. */
    private final AtomicBoolean sent = new AtomicBoolean();

    private NamedPipeCall(NamedPipeAddress address, ByteBuf request, Promise<ByteBuf> reply) {
        this.address = address;
        this.request = request;
        this.reply = reply;
    }

    static Future<ByteBuf> call(
            EventLoopGroup group, NamedPipeAddress address, ByteBuf request, int maxReplyLength, int timeoutMillis) {
        NamedPipeCall call = null;
        try {
            ObjectUtil.checkPositive(maxReplyLength, "maxReplyLength");
            ObjectUtil.checkPositive(timeoutMillis, "timeoutMillis");
            EventLoop loop = group.next();
            call = new NamedPipeCall(address, request, loop.newPromise());
            return call.start(loop, maxReplyLength, timeoutMillis);
        } catch (Throwable t) {
            if (call == null) {
                request.release();
            } else {
                call.discardRequest();
            }
            throw t;
        }
    }

    private Future<ByteBuf> start(EventLoop loop, int maxReplyLength, int timeoutMillis) {
        Channel channel = new Bootstrap()
                .group(loop)
                .channel(NamedPipe.messageChannelType())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMillis)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel ch) {
                        ch.pipeline().addLast(new NamedPipeMessageAggregator(maxReplyLength), NamedPipeCall.this);
                    }
                })
                .connect(address)
                .addListener(f -> {
                    if (!f.isSuccess()) {
                        fail(f.cause());
                    }
                })
                .channel();
        ScheduledFuture<?> timeout = loop.schedule(() -> timedOut(timeoutMillis), timeoutMillis, TimeUnit.MILLISECONDS);
        return reply.addListener(f -> {
            timeout.cancel(false);
            channel.close();
            discardRequest();
        });
    }

    private void fail(Throwable cause) {
        reply.tryFailure(cause);
    }

    private void timedOut(int timeoutMillis) {
        fail(new TimeoutException(address + ": no reply within " + timeoutMillis + " ms"));
    }

    private void discardRequest() {
        if (sent.compareAndSet(false, true)) {
            request.release();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (sent.compareAndSet(false, true)) {
            ctx.writeAndFlush(request).addListener(f -> {
                if (!f.isSuccess()) {
                    fail(f.cause());
                }
            });
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        if (!reply.trySuccess((ByteBuf) msg)) {
            ReferenceCountUtil.release(msg);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        fail(new IOException(address + ": the server closed the connection without a reply"));
    }
}
