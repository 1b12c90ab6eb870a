/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.dockerjava;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.nettyipc.codec.DockerStreamFrame;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntConsumer;

/**
 * What a container runs: {@code cat}, {@code count}, which tells how long its input was when that has ended and exits
 * with 7, or {@code fail}, which doesn't look at its input.
 */
final class ContainerProgram extends ChannelInboundHandlerAdapter {

    private static final Map<String, String> COMMANDS = new ConcurrentHashMap<>();

    private final String command;
    private final IntConsumer exit;
    private long length;
    private boolean inputEnded;
    private boolean ended;

    ContainerProgram(String command, IntConsumer exit) {
        this.command = command;
        this.exit = exit;
    }

    static String prepare(String command) {
        String id = "exec" + COMMANDS.size();
        COMMANDS.put(id, command);
        return id;
    }

    static String commandOf(String id) {
        return COMMANDS.get(id);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        if (command.equals("fail")) {
            // Once the connection speaks HTTP no more.
            ctx.executor().execute(() -> {
                say(ctx, DockerStreamFrame.Stream.STDERR, "fail: cannot\n");
                end(ctx, 42);
            });
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        length += bytes.readableBytes();
        if (command.equals("cat") && bytes.isReadable()) {
            ctx.writeAndFlush(new DockerStreamFrame(DockerStreamFrame.Stream.STDOUT, bytes));
        } else {
            bytes.release();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        ctx.channel().config().setAutoRead(ctx.channel().isWritable());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE) {
            inputEnded = true;
            if (ended) {
                ctx.close();
            } else if (command.equals("count")) {
                say(ctx, DockerStreamFrame.Stream.STDOUT, length + "\n");
                say(ctx, DockerStreamFrame.Stream.STDERR, "counted\n");
                end(ctx, 7);
            } else {
                end(ctx, 0);
            }
        }
    }

    private static void say(ChannelHandlerContext ctx, DockerStreamFrame.Stream stream, String text) {
        ctx.write(new DockerStreamFrame(stream, Unpooled.copiedBuffer(text, StandardCharsets.UTF_8)));
    }

    private void end(ChannelHandlerContext ctx, int code) {
        exit.accept(code);
        ended = true;
        // A socket that is closed with unread input resets its peer's connection.
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
            if (inputEnded) {
                ctx.close();
            } else {
                ((DuplexChannel) ctx.channel()).shutdownOutput();
            }
        });
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
