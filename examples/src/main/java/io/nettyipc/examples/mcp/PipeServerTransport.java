/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.mcp;

import io.modelcontextprotocol.spec.McpServerSession;
import io.modelcontextprotocol.spec.McpServerTransportProvider;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelInitializer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The {@code childHandler} of a bootstrap that gives MCP's SDK a session for each accepted connection. */
@Sharable
final class PipeServerTransport extends ChannelInitializer<Channel> implements McpServerTransportProvider {
    private final Map<Channel, McpServerSession> sessions = new ConcurrentHashMap<>();
    private McpServerSession.Factory factory;

    @Override
    public void setSessionFactory(McpServerSession.Factory factory) {
        this.factory = factory;
    }

    @Override
    protected void initChannel(Channel channel) {
        McpMessages messages = new McpMessages(channel);
        McpServerSession session = factory.create(messages);
        sessions.put(channel, session);
        channel.closeFuture().addListener(closed -> {
            sessions.remove(channel);
            session.close();
        });
        messages.start(message -> session.handle(message).subscribe(null, error -> channel.close()));
    }

    @Override
    public Mono<Void> notifyClients(String method, Object parameters) {
        return Flux.fromIterable(sessions.values())
                .flatMap(session -> session.sendNotification(method, parameters))
                .then();
    }

    @Override
    public Mono<Void> closeGracefully() {
        return Flux.fromIterable(sessions.values())
                .flatMap(McpServerSession::closeGracefully)
                .then();
    }
}
