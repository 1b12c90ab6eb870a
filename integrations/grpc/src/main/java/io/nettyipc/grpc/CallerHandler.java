/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.grpc;

import io.grpc.internal.GrpcUtil;
import io.grpc.internal.SharedResourceHolder;
import io.grpc.netty.InternalProtocolNegotiationEvent;
import io.grpc.netty.ProtocolNegotiationEvent;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipeChannel;
import io.nettyipc.pipe.NamedPipePeer;
import io.nettyipc.pipe.NamedPipeUser;
import io.nettyipc.shm.Shm;
import io.nettyipc.shm.ShmChannel;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;

/**
 * The first handler of an accepted connection: asks the system who the client is before gRPC sees the connection's
 * first byte, so that the transport's attributes have the answer from the start. A client speaks first in HTTP/2 and in
 * TLS, and Windows knows the client's token only once something was read from it.
 *
 * <p>The question goes to another thread, since it may ask the system's user database, and what arrives meanwhile is
 * kept.
 */
final class CallerHandler extends ChannelInboundHandlerAdapter {

    private final Queue<Object> received = new ArrayDeque<>();
    private ProtocolNegotiationEvent negotiation;
    private boolean asked;
    private boolean autoRead;

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (negotiation == null && event instanceof ProtocolNegotiationEvent begin) {
            negotiation = begin;
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        received.add(message);
        // More may come while what was received is passed on.
        if (!asked) {
            asked = true;
            autoRead = ctx.channel().config().isAutoRead();
            ctx.channel().config().setAutoRead(false);
            ask(ctx);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        // Comes after what was received.
    }

    private void ask(ChannelHandlerContext ctx) {
        Executor threads = SharedResourceHolder.get(GrpcUtil.SHARED_CHANNEL_EXECUTOR);
        try {
            threads.execute(() -> find(ctx));
        } finally {
            SharedResourceHolder.release(GrpcUtil.SHARED_CHANNEL_EXECUTOR, threads);
        }
    }

    private void find(ChannelHandlerContext ctx) {
        Channel channel = ctx.channel();
        NamedPipePeer process;
        try {
            process = channel instanceof ShmChannel shm ? Shm.peer(shm) : NamedPipe.peer(channel);
        } catch (RuntimeException e) {
            // Another transport's, or closed already.
            found(ctx, null);
            return;
        }
        if (channel instanceof NamedPipeChannel pipe) {
            pipe.clientUser().addListener(future -> {
                NamedPipeUser user = future.isSuccess() ? (NamedPipeUser) future.getNow() : null;
                found(
                        ctx,
                        user == null ? new Caller(process, null, null) : new Caller(process, user.name(), user.sid()));
            });
        } else {
            found(ctx, new Caller(process, process.user(), null));
        }
    }

    private void found(ChannelHandlerContext ctx, Caller caller) {
        ctx.executor().execute(() -> resume(ctx, caller));
    }

    private void resume(ChannelHandlerContext ctx, Caller caller) {
        if (ctx.isRemoved()) {
            return;
        }
        if (negotiation != null) {
            ctx.fireUserEventTriggered(caller == null ? negotiation : with(negotiation, caller));
        }
        for (Object message; (message = received.poll()) != null; ) {
            ctx.fireChannelRead(message);
        }
        ctx.fireChannelReadComplete();
        ctx.pipeline().remove(this);
        ctx.channel().config().setAutoRead(autoRead);
    }

    private static ProtocolNegotiationEvent with(ProtocolNegotiationEvent event, Caller caller) {
        return InternalProtocolNegotiationEvent.withAttributes(
                event,
                InternalProtocolNegotiationEvent.getAttributes(event).toBuilder()
                        .set(Caller.TRANSPORT_ATTRIBUTE, caller)
                        .build());
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        for (Object message; (message = received.poll()) != null; ) {
            ReferenceCountUtil.release(message);
        }
    }
}
