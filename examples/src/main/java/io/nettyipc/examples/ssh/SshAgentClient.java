/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.ssh;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.nettyipc.codec.LengthPrefixedFrameDecoder;
import io.nettyipc.codec.LengthPrefixedFrameEncoder;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.NamedPipeAddress;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * {@code mvn -q -pl examples -am compile -Dexample=ssh.SshAgentClient}: prints the keys that the SSH agent holds; on
 * Unix that of {@code SSH_AUTH_SOCK}, on Windows the service of OpenSSH.
 */
public final class SshAgentClient {
    private static final byte REQUEST_IDENTITIES = 11;
    private static final byte IDENTITIES_ANSWER = 12;

    private SshAgentClient() {}

    public static void main(String[] args) throws InterruptedException {
        String socket = System.getenv("SSH_AUTH_SOCK");
        if (socket == null && File.separatorChar == '/') {
            System.out.println(
                    "SSH_AUTH_SOCK is not set: start an agent with eval $(ssh-agent), and ssh-add your keys");
            return;
        }
        NamedPipeAddress agent = NamedPipeAddress.of(socket != null ? socket : "openssh-ssh-agent");
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NamedPipe.newIoHandlerFactory());
        try {
            Channel channel = new Bootstrap()
                    .group(group)
                    .channel(NamedPipe.channelType())
                    .handler(new ChannelInitializer<>() {
                        @Override
                        protected void initChannel(Channel connecting) {
                            connecting
                                    .pipeline()
                                    .addLast(
                                            LengthPrefixedFrameDecoder.sshAgent(),
                                            LengthPrefixedFrameEncoder.sshAgent(),
                                            new Answer());
                        }
                    })
                    .connect(agent)
                    .sync()
                    .channel();
            channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {REQUEST_IDENTITIES}));
            channel.closeFuture().sync();
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    /** Prints type and comment of each key. */
    private static final class Answer extends SimpleChannelInboundHandler<ByteBuf> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, ByteBuf answer) {
            int type = answer.readByte();
            if (type != IDENTITIES_ANSWER) {
                System.out.println("the agent answers with " + type);
            } else {
                int keys = answer.readInt();
                System.out.println("keys: " + keys);
                for (int i = 0; i < keys; i++) {
                    ByteBuf key = answer.readSlice(answer.readInt());
                    System.out.println(text(key) + " " + text(answer));
                }
            }
            ctx.close();
        }

        private static String text(ByteBuf in) {
            return in.readCharSequence(in.readInt(), StandardCharsets.UTF_8).toString();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            System.err.println(ctx.channel() + ": " + cause);
            ctx.close();
        }
    }
}
