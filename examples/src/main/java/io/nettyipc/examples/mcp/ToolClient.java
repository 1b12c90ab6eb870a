/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.mcp;

import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.Content;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.EventLoopGroup;
import io.nettyipc.examples.LocalTransport;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * {@code mvn -q -pl examples -am compile -Dexample=mcp.ToolClient -Dargs="pipe tools 'how many words are these'"}: has
 * {@link ToolServer} count them.
 */
public final class ToolClient {
    private ToolClient() {}

    public static void main(String[] args) {
        LocalTransport transport = LocalTransport.of(args.length > 0 ? args[0] : "pipe");
        String name = args.length > 1 ? args[1] : "tools";
        String text = args.length > 2 ? args[2] : "how many words are these";
        EventLoopGroup group = transport.newGroup();
        Bootstrap bootstrap =
                new Bootstrap().group(group).channel(transport.channelType()).remoteAddress(transport.address(name));
        try (McpSyncClient client =
                McpClient.sync(new PipeClientTransport(bootstrap)).build()) {
            System.out.println(
                    "connected to " + client.initialize().serverInfo().name());
            for (Tool tool : client.listTools().tools()) {
                System.out.println("tool " + tool.name() + ": " + tool.description());
            }
            CallToolRequest request = CallToolRequest.builder("count-words")
                    .arguments(Map.of("text", text))
                    .build();
            for (Content content : client.callTool(request).content()) {
                System.out.println("answer: " + ((TextContent) content).text());
            }
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }
}
