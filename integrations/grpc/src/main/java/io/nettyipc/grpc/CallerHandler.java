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
import java.util.concurrent.RejectedExecutionException;

/**
 * The first handler of an accepted connection: asks the system who the client is before gRPC sees the connection's
 * first byte, so that the transport's attributes have the answer from the start. A client speaks first in HTTP/2 and in
 * TLS, and Windows knows the client's token only once something was read from it.
 *
 * <p>The question goes to another thread, since it may ask the system's user database, and what arrives meanwhile is
 * kept.
 */
final class CallerHandler extends ChannelInboundHandlerAdapter {

    private ProtocolNegotiationEvent negotiation;
    /** What has come since the system is asked; null before. */
    private Queue<Object> received;

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
        if (received == null) {
            received = new ArrayDeque<>();
            autoRead = ctx.channel().config().isAutoRead();
            ctx.channel().config().setAutoRead(false);
            ask(ctx);
        }
        received.add(message);
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
        } catch (RuntimeException | LinkageError e) {
            // Another transport's, closed already, or JNA doesn't work here.
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
        try {
            ctx.executor().execute(() -> resume(ctx, caller));
        } catch (RejectedExecutionException e) {
            // The event loop has ended, and the connection with it.
        }
    }

    private void resume(ChannelHandlerContext ctx, Caller caller) {
        // A call of a client that has gone would never be cancelled: nobody tells gRPC again that the connection ended.
        if (ctx.isRemoved() || !ctx.channel().isActive()) {
            return;
        }
        if (negotiation != null) {
            ctx.fireUserEventTriggered(caller == null ? negotiation : with(negotiation, caller));
        }
        // A handler that is told something may read more, and a channel may give it at once, within the same call: that
        // comes here and is passed on in its turn. Nothing is left when this handler goes, and what is read then comes
        // to the next one.
        for (Object message; (message = received.poll()) != null; ) {
            ctx.fireChannelRead(message);
        }
        ctx.pipeline().remove(this);
        ctx.fireChannelReadComplete();
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
        if (received == null) {
            return;
        }
        for (Object message; (message = received.poll()) != null; ) {
            ReferenceCountUtil.release(message);
        }
    }
}
