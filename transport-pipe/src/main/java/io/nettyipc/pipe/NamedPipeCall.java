/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
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
    private final int timeoutMillis;
    private final long startNanos = System.nanoTime();
    /** Whether the request is no longer ours to release. */
    private final AtomicBoolean sent = new AtomicBoolean();

    private NamedPipeCall(NamedPipeAddress address, ByteBuf request, Promise<ByteBuf> reply, int timeoutMillis) {
        this.address = address;
        this.request = request;
        this.reply = reply;
        this.timeoutMillis = timeoutMillis;
    }

    static Future<ByteBuf> call(
            EventLoopGroup group, NamedPipeAddress address, ByteBuf request, int maxReplyLength, int timeoutMillis) {
        EventLoop loop;
        try {
            ObjectUtil.checkPositive(maxReplyLength, "maxReplyLength");
            ObjectUtil.checkPositive(timeoutMillis, "timeoutMillis");
            loop = group.next();
        } catch (Throwable t) {
            request.release();
            throw t;
        }
        NamedPipeCall call = new NamedPipeCall(address, request, loop.newPromise(), timeoutMillis);
        try {
            call.start(loop, maxReplyLength);
        } catch (Throwable t) {
            call.discardRequest();
            throw t;
        }
        return call.reply;
    }

    private void start(EventLoop loop, int maxReplyLength) {
        ChannelFuture connect = new Bootstrap()
                .group(loop)
                .channel(NamedPipe.messageChannelType())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMillis)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel ch) {
                        ch.pipeline().addLast(new NamedPipeMessageAggregator(maxReplyLength), NamedPipeCall.this);
                    }
                })
                .connect(address);
        if (connect.isDone() && !connect.isSuccess()) {
            // Here, since an event loop that has ended calls no listeners.
            fail(connect.cause());
            return;
        }
        reply.addListener(f -> {
            connect.channel().close();
            discardRequest();
        });
        connect.addListener(f -> {
            if (!f.isSuccess()) {
                fail(f.cause());
            }
        });
    }

    private void fail(Throwable cause) {
        discardRequest();
        reply.tryFailure(cause);
    }

    private void discardRequest() {
        if (sent.compareAndSet(false, true)) {
            request.release();
        }
    }

    /** The connect had a time limit of its own; what it has left is the reply's. */
    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (sent.compareAndSet(false, true)) {
            long elapsedNanos = System.nanoTime() - startNanos;
            ScheduledFuture<?> timeout = ctx.executor()
                    .schedule(
                            () -> fail(new TimeoutException(address + ": no reply within " + timeoutMillis + " ms")),
                            TimeUnit.MILLISECONDS.toNanos(timeoutMillis) - elapsedNanos,
                            TimeUnit.NANOSECONDS);
            reply.addListener(f -> timeout.cancel(false));
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
