/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.dockerjava;

import com.github.dockerjava.transport.DockerHttpClient;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpResponse;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A response whose connection closes with it. */
final class LocalResponse implements DockerHttpClient.Response {

    private static final int SWITCHING_PROTOCOLS = 101;

    private final HttpResponse head;
    private final BodyStream body;
    private final Channel channel;

    LocalResponse(HttpResponse head, BodyStream body, Channel channel) {
        this.head = head;
        this.body = body;
        this.channel = channel;
    }

    /** Returns 200 for a connection that was given over: docker-java takes nothing below it for success. */
    @Override
    public int getStatusCode() {
        int code = head.status().code();
        return code == SWITCHING_PROTOCOLS ? 200 : code;
    }

    @Override
    public Map<String, List<String>> getHeaders() {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        head.headers()
                .forEach(header -> headers.computeIfAbsent(header.getKey(), name -> new ArrayList<>())
                        .add(header.getValue()));
        return headers;
    }

    @Override
    public InputStream getBody() {
        return body;
    }

    @Override
    public void close() {
        channel.close();
        body.close();
    }
}
