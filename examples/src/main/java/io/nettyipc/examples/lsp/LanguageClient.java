/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.lsp;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.nettyipc.codec.ContentLengthFrameDecoder;
import io.nettyipc.codec.ContentLengthFrameEncoder;
import io.nettyipc.examples.JavaProgram;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipeAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Starts a language server for JSON with {@code --pipe}, gives it a document with a mistake, and prints what it
 * answers. Without arguments the server is {@link BracketServer}.
 *
 * <p>{@code mvn -q -pl examples -am compile -Dexample=lsp.LanguageClient}, and with a server of your choice
 * {@code -Dargs="vscode-json-languageserver"}
 */
public final class LanguageClient {
    private static final String INITIALIZE = """
            {"jsonrpc":"2.0","id":1,"method":"initialize","params":
            {"processId":%d,"rootUri":null,"capabilities":{}}}""";
    private static final String INITIALIZED = """
            {"jsonrpc":"2.0","method":"initialized","params":{}}""";
    private static final String OPEN_DOCUMENT = """
            {"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":
            {"uri":"file:///a.json","languageId":"json","version":1,"text":"[1, 2"}}}""";
    private static final String SHUTDOWN = """
            {"jsonrpc":"2.0","id":2,"method":"shutdown"}""";
    private static final String EXIT = """
            {"jsonrpc":"2.0","method":"exit"}""";

    private LanguageClient() {}

    public static void main(String[] args) throws Exception {
        NamedPipeAddress address =
                NamedPipeAddress.of("lsp-" + ProcessHandle.current().pid());
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NamedPipe.newIoHandlerFactory());
        try {
            // The client listens, and the server that it starts connects.
            Channel listener = new ServerBootstrap()
                    .group(group)
                    .channel(NamedPipe.serverChannelType())
                    .childHandler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel channel) {
                            channel.pipeline()
                                    .addLast(
                                            new ContentLengthFrameDecoder(1024 * 1024),
                                            new ContentLengthFrameEncoder(),
                                            new Session());
                        }
                    })
                    .bind(address)
                    .sync()
                    .channel();
            List<String> command =
                    new ArrayList<>(args.length > 0 ? List.of(args) : JavaProgram.command(BracketServer.class));
            command.add("--pipe=" + address.path());
            Process server = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            System.out.println("the server has ended with " + server.waitFor());
            listener.close().sync();
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    private static final class Session extends SimpleChannelInboundHandler<ByteBuf> {
        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            send(ctx, INITIALIZE.formatted(ProcessHandle.current().pid()));
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf message) {
            String json = message.toString(StandardCharsets.UTF_8);
            System.out.println("server: " + json);
            if (json.contains("\"id\":1")) {
                send(ctx, INITIALIZED);
                send(ctx, OPEN_DOCUMENT);
            } else if (json.contains("publishDiagnostics")) {
                send(ctx, SHUTDOWN);
            } else if (json.contains("\"id\":2")) {
                send(ctx, EXIT);
            }
        }

        private static void send(ChannelHandlerContext ctx, String json) {
            ctx.writeAndFlush(ByteBufUtil.writeUtf8(ctx.alloc(), json));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            System.err.println(ctx.channel() + ": " + cause);
            ctx.close();
        }
    }
}
