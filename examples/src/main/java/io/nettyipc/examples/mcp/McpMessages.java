/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.mcp;

import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCMessage;
import io.modelcontextprotocol.spec.McpServerTransport;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.nettyipc.codec.JsonLineDecoder;
import io.nettyipc.codec.JsonLineEncoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/** A connection as MCP's SDK wants it: a line for each message, as on standard input and output. */
final class McpMessages extends SimpleChannelInboundHandler<ByteBuf> implements McpServerTransport {
    private static final int MAX_LINE = 16 * 1024 * 1024;

    static final McpJsonMapper JSON = McpJsonDefaults.getMapper();

    private final Channel channel;
    private Consumer<JSONRPCMessage> receiver;

    McpMessages(Channel channel) {
        this.channel = channel;
    }

    /** Adds the handlers that give each message to {@code receiver}, on the event loop. */
    void start(Consumer<JSONRPCMessage> receiver) {
        this.receiver = receiver;
        channel.pipeline().addLast(new JsonLineDecoder(MAX_LINE), new JsonLineEncoder(), this);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf line) throws IOException {
        receiver.accept(McpSchema.deserializeJsonRpcMessage(JSON, line.toString(StandardCharsets.UTF_8)));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        System.err.println(ctx.channel() + ": " + cause);
        ctx.close();
    }

    @Override
    public Mono<Void> sendMessage(JSONRPCMessage message) {
        return Mono.create(sink -> {
            try {
                String line = JSON.writeValueAsString(message);
                channel.writeAndFlush(ByteBufUtil.writeUtf8(channel.alloc(), line))
                        .addListener((ChannelFutureListener) written -> {
                            if (written.isSuccess()) {
                                sink.success();
                            } else {
                                sink.error(written.cause());
                            }
                        });
            } catch (IOException e) {
                sink.error(e);
            }
        });
    }

    @Override
    public <T> T unmarshalFrom(Object data, TypeRef<T> type) {
        return JSON.convertValue(data, type);
    }

    @Override
    public Mono<Void> closeGracefully() {
        return Mono.create(sink -> channel.close().addListener(closed -> sink.success()));
    }
}
