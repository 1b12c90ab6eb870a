/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.dockerjava;

import com.github.dockerjava.transport.DockerHttpClient.Response;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResultProvider;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One request's answer: its head, then a body, or the raw bytes of a connection that was given over. */
final class Exchange extends ChannelInboundHandlerAdapter {

    private final HttpClientCodec codec = new HttpClientCodec();
    private final boolean asksForConnection;
    private final CompletableFuture<HttpResponse> head = new CompletableFuture<>();
    private volatile Channel channel;
    private volatile BodyStream body;
    private boolean raw;

    Exchange(boolean asksForConnection) {
        this.asksForConnection = asksForConnection;
    }

    /** Called once, before the channel connects. */
    void begin(Channel channel) {
        this.channel = channel;
        body = new BodyStream(channel);
        channel.pipeline().addLast(codec, this);
    }

    void close() {
        if (channel != null) {
            channel.close();
            body.close();
        }
    }

    /** Returns the response when its head has arrived. */
    Response awaitResponse(Duration timeout) throws IOException {
        channel.read();
        try {
            HttpResponse arrived = timeout == null ? head.get() : head.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            return new LocalResponse(arrived, body, channel);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("no response within " + timeout, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted while waiting for the response").initCause(e);
        }
    }

    /** Whether the daemon has given the connection over, as the request asked. */
    boolean isHijacked() {
        return asksForConnection && head.isDone() && isGivenOver(head.join());
    }

    /** Daemons from before API 1.22 say 200 where others say 101, and send the same. */
    private static boolean isGivenOver(HttpResponse response) {
        return response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)
                || response.status().equals(HttpResponseStatus.OK);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (message instanceof DecoderResultProvider part
                    && part.decoderResult().isFailure()) {
                fail(part.decoderResult().cause());
                ctx.close();
            } else if (message instanceof HttpResponse response) {
                begin(ctx, response);
            } else if (message instanceof HttpContent content) {
                add(ctx, content);
            } else if (message instanceof ByteBuf bytes) {
                body.add(bytes.retain());
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void begin(ChannelHandlerContext ctx, HttpResponse response) {
        raw = response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS);
        if (asksForConnection && isGivenOver(response)) {
            // The bytes written from now on are no HTTP.
            codec.prepareUpgradeFrom(ctx);
        }
        head.complete(response);
    }

    private void add(ChannelHandlerContext ctx, HttpContent content) {
        if (content.content().isReadable()) {
            body.add(content.content().retain());
        }
        if (content instanceof LastHttpContent && !raw) {
            body.end(null);
            ctx.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        head.completeExceptionally(new IOException("Docker closed the connection without a response"));
        // A body whose end the codec has seen has ended already.
        body.end(raw ? null : new IOException("Docker closed the connection within the response"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        fail(cause);
        ctx.close();
    }

    private void fail(Throwable cause) {
        head.completeExceptionally(cause);
        body.end(cause);
    }
}
