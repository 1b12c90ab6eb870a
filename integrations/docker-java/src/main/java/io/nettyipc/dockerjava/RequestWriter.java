/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.dockerjava;

import com.github.dockerjava.transport.DockerHttpClient.Request;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;

/** Writes a request: bytes with their length, a stream in chunks. */
final class RequestWriter {

    private RequestWriter() {}

    /** Returns when all is written or the daemon wants no more of it, which then has its answer on the way. */
    static void write(Channel channel, Request request) throws IOException {
        byte[] bytes = request.bodyBytes();
        InputStream stream = bytes == null ? request.body() : null;
        HttpMethod method = HttpMethod.valueOf(request.method());
        if (stream == null) {
            DefaultFullHttpRequest whole = new DefaultFullHttpRequest(
                    HttpVersion.HTTP_1_1,
                    method,
                    request.path(),
                    bytes == null ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(bytes));
            setHeaders(whole, request);
            if (bytes != null || !method.equals(HttpMethod.GET)) {
                whole.headers()
                        .setInt(HttpHeaderNames.CONTENT_LENGTH, whole.content().readableBytes());
            }
            channel.writeAndFlush(whole);
            return;
        }
        HttpRequest head = new DefaultHttpRequest(HttpVersion.HTTP_1_1, method, request.path());
        setHeaders(head, request);
        head.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        channel.writeAndFlush(head);
        try {
            if (Uploads.copy(stream, channel, DefaultHttpContent::new)) {
                channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted while sending").initCause(e);
        }
    }

    private static void setHeaders(HttpRequest head, Request request) {
        head.headers().set(HttpHeaderNames.HOST, "localhost");
        request.headers().forEach(head.headers()::set);
        if (request.hijackedInput() != null) {
            head.headers().set(HttpHeaderNames.UPGRADE, "tcp");
            head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
        } else {
            head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
    }
}
