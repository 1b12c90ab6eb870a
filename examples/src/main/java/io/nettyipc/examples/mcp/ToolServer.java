/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.mcp;

import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ServerCapabilities;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.nettyipc.examples.LocalTransport;
import java.util.List;
import java.util.Map;

/**
 * {@code mvn -q -pl examples -am compile -Dexample=mcp.ToolServer -Dargs="pipe tools"}, or {@code shm tools}: a server
 * of the Model Context Protocol (MCP), made with its Java SDK, for any number of clients at a time.
 * {@link io.nettyipc.examples.stdio.McpServer} is one on standard input and output, for a single client and without the
 * SDK.
 */
public final class ToolServer {
    private static final Map<String, Object> SCHEMA = Map.of(
            "type", "object",
            "properties", Map.of("text", Map.of("type", "string")),
            "required", List.of("text"));

    private ToolServer() {}

    public static void main(String[] args) throws InterruptedException {
        LocalTransport transport = LocalTransport.of(args.length > 0 ? args[0] : "pipe");
        String name = args.length > 1 ? args[1] : "tools";
        PipeServerTransport connections = new PipeServerTransport();
        McpServer.sync(connections)
                .serverInfo("tools", "1")
                .capabilities(ServerCapabilities.builder().tools(false).build())
                .toolCall(
                        Tool.builder("count-words", SCHEMA)
                                .description("Counts the words of a text")
                                .build(),
                        (exchange, request) -> CallToolResult.builder()
                                .addTextContent(
                                        countWords((String) request.arguments().get("text")) + " words")
                                .build())
                .build();
        EventLoopGroup group = transport.newGroup();
        try {
            Channel listener = new ServerBootstrap()
                    .group(group)
                    .channel(transport.serverChannelType())
                    .childHandler(connections)
                    .bind(transport.address(name))
                    .sync()
                    .channel();
            System.out.println("MCP server on " + listener.localAddress() + "; Ctrl-C ends it");
            listener.closeFuture().sync();
        } finally {
            group.shutdownGracefully();
        }
    }

    private static int countWords(String text) {
        return text.isBlank() ? 0 : text.strip().split("\\s+", -1).length;
    }
}
