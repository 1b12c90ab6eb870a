/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.docs;

import com.github.dockerjava.core.DockerClientConfig;
import io.grpc.BindableService;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.nettyipc.pipe.NamedPipePeer;
import io.nettyipc.shm.ShmChannel;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;
import reactor.netty.http.server.HttpServerRoutes;
import reactor.netty.resources.LoopResources;

/** What the pages' snippets use and don't declare, so that a page need not repeat it. */
@SuppressWarnings("unused") // The snippets use it.
class SnippetContext {
    /** In one line, before each snippet's own. */
    static final String IMPORTS = "package io.nettyipc.docs;"
            + " import com.github.dockerjava.api.*; import com.github.dockerjava.core.*;"
            + " import com.github.dockerjava.transport.*; import io.grpc.*; import io.netty.bootstrap.*;"
            + " import io.netty.buffer.*; import io.netty.channel.*; import io.netty.channel.nio.*;"
            + " import io.netty.channel.uring.*;"
            + " import io.netty.channel.socket.nio.*; import io.nettyipc.codec.*; import io.nettyipc.dockerjava.*;"
            + " import io.nettyipc.grpc.*; import io.nettyipc.mailslot.*; import io.nettyipc.pipe.*;"
            + " import io.micrometer.core.instrument.Tags; import io.netty.util.concurrent.EventExecutor;"
            + " import io.nettyipc.micrometer.*;"
            + " import io.nettyipc.process.*; import io.nettyipc.reactor.*; import io.nettyipc.shm.*;"
            + " import io.nettyipc.vertx.*; import io.vertx.core.*; import io.vertx.core.http.RequestOptions;"
            + " import io.vertx.core.net.SocketAddress; import java.net.InetSocketAddress;"
            + " import java.nio.charset.StandardCharsets; import java.nio.file.attribute.PosixFilePermissions;"
            + " import java.time.Duration; import java.util.*; import java.util.concurrent.*;"
            + " import org.springframework.boot.reactor.netty.NettyServerCustomizer;"
            + " import org.springframework.context.annotation.Bean;"
            + " import org.springframework.http.client.ReactorResourceFactory;"
            + " import org.springframework.http.client.reactive.ReactorClientHttpConnector;"
            + " import org.springframework.web.reactive.function.client.WebClient;"
            + " import io.netty.channel.Channel; import io.netty.channel.EventLoopGroup;"
            + " import reactor.netty.http.client.HttpClient; import reactor.netty.http.server.HttpServer;"
            + " import reactor.netty.resources.LoopResources; ";

    EventLoopGroup group;
    Channel channel;
    ShmChannel shmChannel;
    ChannelHandlerContext ctx;
    ChannelHandler init;
    NamedPipePeer peer;
    BindableService service;
    DockerClientConfig config;
    Consumer<HttpServerRoutes> routes;
    LoopResources loops;
    Handler<HttpServerRequest> handler;
    MeterRegistry registry;
}
