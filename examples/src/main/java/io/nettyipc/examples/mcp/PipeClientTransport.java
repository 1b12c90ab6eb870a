/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.mcp;

import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import java.util.function.Function;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Connects MCP's SDK by a bootstrap that has all but its handler. */
final class PipeClientTransport implements McpClientTransport {
    private final Bootstrap bootstrap;
    /** The SDK sends its first message without waiting for the connection. */
    private final Sinks.One<McpMessages> connection = Sinks.one();

    PipeClientTransport(Bootstrap bootstrap) {
        this.bootstrap = bootstrap;
    }

    @Override
    public Mono<Void> connect(Function<Mono<JSONRPCMessage>, Mono<JSONRPCMessage>> receiver) {
        return Mono.defer(() -> {
            bootstrap
                    .clone()
                    .handler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            new McpMessages(channel)
                                    .start(message ->
                                            receiver.apply(Mono.just(message)).subscribe());
                        }
                    })
                    .connect()
                    .addListener((ChannelFutureListener) connected -> {
                        if (connected.isSuccess()) {
                            connection.tryEmitValue(
                                    connected.channel().pipeline().get(McpMessages.class));
                        } else {
                            connection.tryEmitError(connected.cause());
                        }
                    });
            return connection.asMono().then();
        });
    }

    @Override
    public Mono<Void> sendMessage(JSONRPCMessage message) {
        return connection.asMono().flatMap(messages -> messages.sendMessage(message));
    }

    @Override
    public <T> T unmarshalFrom(Object data, TypeRef<T> type) {
        return McpMessages.JSON.convertValue(data, type);
    }

    @Override
    public Mono<Void> closeGracefully() {
        return connection.asMono().flatMap(McpMessages::closeGracefully);
    }
}
