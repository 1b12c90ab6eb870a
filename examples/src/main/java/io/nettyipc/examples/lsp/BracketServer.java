/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.lsp;

import io.netty.bootstrap.Bootstrap;
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
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipeAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.lsp4j.jsonrpc.MessageIssueException;
import org.eclipse.lsp4j.jsonrpc.RemoteEndpoint;
import org.eclipse.lsp4j.jsonrpc.json.JsonRpcMethod;
import org.eclipse.lsp4j.jsonrpc.json.MessageJsonHandler;
import org.eclipse.lsp4j.jsonrpc.services.ServiceEndpoints;
import org.eclipse.lsp4j.services.LanguageServer;

/**
 * A language server made with LSP4J that talks over a pipe. An editor listens and starts it with {@code --pipe=NAME},
 * as VS Code does: the name is {@code \\.\pipe\…} on Windows and a socket's path elsewhere. So does
 * {@link LanguageClient} when it has no arguments:
 *
 * <p>{@code mvn -q -pl examples -am compile -Dexample=lsp.LanguageClient}
 *
 * <p>LSP4J's own launcher takes two streams and a thread that blocks. Here its messages go through a pipeline.
 */
public final class BracketServer {
    private static final String PIPE = "--pipe=";

    private BracketServer() {}

    public static void main(String[] args) throws InterruptedException {
        // Editors add arguments of their own, such as --clientProcessId.
        String pipe = Arrays.stream(args)
                .filter(arg -> arg.startsWith(PIPE))
                .map(arg -> arg.substring(PIPE.length()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("usage: BracketServer " + PIPE + "NAME"));
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NamedPipe.newIoHandlerFactory());
        try {
            Channel channel = new Bootstrap()
                    .group(group)
                    .channel(NamedPipe.channelType())
                    .handler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel ch) {
                            ch.pipeline()
                                    .addLast(
                                            new ContentLengthFrameDecoder(1024 * 1024),
                                            new ContentLengthFrameEncoder(),
                                            new Lsp4j(ch));
                        }
                    })
                    .connect(NamedPipeAddress.of(pipe))
                    .sync()
                    .channel();
            channel.closeFuture().sync();
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    /** Between frames and LSP4J. */
    private static final class Lsp4j extends SimpleChannelInboundHandler<ByteBuf> {
        private final MessageJsonHandler json = new MessageJsonHandler(methods());
        private final RemoteEndpoint endpoint;

        Lsp4j(Channel channel) {
            Brackets brackets = new Brackets(channel::close);
            endpoint = new RemoteEndpoint(
                    message -> channel.writeAndFlush(ByteBufUtil.writeUtf8(channel.alloc(), json.serialize(message))),
                    ServiceEndpoints.toEndpoint(brackets));
            json.setMethodProvider(endpoint);
            brackets.connect(
                    ServiceEndpoints.toServiceObject(endpoint, org.eclipse.lsp4j.services.LanguageClient.class));
        }

        private static Map<String, JsonRpcMethod> methods() {
            Map<String, JsonRpcMethod> methods =
                    new HashMap<>(ServiceEndpoints.getSupportedMethods(LanguageServer.class));
            methods.putAll(ServiceEndpoints.getSupportedMethods(org.eclipse.lsp4j.services.LanguageClient.class));
            return methods;
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf frame) {
            try {
                endpoint.consume(json.parseMessage(frame.toString(StandardCharsets.UTF_8)));
            } catch (MessageIssueException e) {
                endpoint.handle(e.getRpcMessage(), e.getIssues());
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            System.err.println(ctx.channel() + ": " + cause);
            ctx.close();
        }
    }
}
