/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.nettyipc.base.os.LibC;
import io.nettyipc.pipe.unix.UnixTransport;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A filter: writes its standard input to its standard output, and what it found out about both to standard error. */
final class StdioProgram {
    private StdioProgram() {}

    public static void main(String... arguments) throws Exception {
        List<String> modes = List.of(arguments).subList(1, arguments.length);
        UnixTransport transport = arguments[0].equals("nio") ? UnixTransport.nio() : UnixTransport.preferred();
        MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, transport.newIoHandlerFactory());
        Bootstrap bootstrap = new Bootstrap()
                .group(group)
                .channel(Stdio.channelType())
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .handler(modes.contains("half") ? new EndingFilter(Integer.parseInt(modes.get(1))) : new StdioFilter());
        if (modes.contains("later")) {
            answerLater(group, modes.contains("own end"));
            return;
        }
        if (modes.contains("fail")) {
            System.err.println("first connect: " + failure(bootstrap));
            System.err.println("second connect: " + failure(bootstrap));
            System.out.println("a line");
            System.exit(0);
        }
        Channel channel = bootstrap.register().syncUninterruptibly().channel();
        if (modes.contains("line")) {
            int character;
            do {
                character = System.in.read();
            } while (character != '\n');
        }
        if (modes.contains("no-stderr")) {
            LibC.close(2);
        }
        channel.connect(StdioAddress.INSTANCE).syncUninterruptibly();
        System.out.println("a stray line");
        System.err.println("System.in has " + System.in.read());
        System.err.println("second connect: " + failure(bootstrap));
        if (modes.contains("exit")) {
            System.exit(0);
        }
        new ProcessBuilder("sh", "-c", "cat; echo child").inheritIO().start().waitFor();
        if (modes.contains("hello")) {
            channel.writeAndFlush(Unpooled.copiedBuffer("hello", StandardCharsets.UTF_8));
        }
        channel.closeFuture().syncUninterruptibly();
        end(group, modes.contains("by itself"));
    }

    /** Netty's global thread, which tells of the group's end, keeps the JVM for another second. */
    private static void end(MultiThreadIoEventLoopGroup group, boolean byItself) {
        group.shutdownGracefully(0, 10, TimeUnit.SECONDS).syncUninterruptibly();
        if (!byItself) {
            System.exit(0);
        }
    }

    /** A server as most are: it knows nothing of half-closure, and each line has an answer of 1 MiB after a while. */
    private static void answerLater(MultiThreadIoEventLoopGroup group, boolean chosen) {
        Bootstrap bootstrap = new Bootstrap()
                .group(group)
                .channel(Stdio.channelType())
                .option(StdioChannelOption.STDIO_END_TIMEOUT_MILLIS, 1500)
                .handler(new SimpleChannelInboundHandler<ByteBuf>() {
                    @Override
                    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf msg) {
                        for (int lines = msg.toString(StandardCharsets.US_ASCII).split("\n", -1).length - 1;
                                lines > 0;
                                lines--) {
                            GlobalEventExecutor.INSTANCE.schedule(
                                    () -> ctx.writeAndFlush(Unpooled.wrappedBuffer(new byte[1 << 20])),
                                    200,
                                    TimeUnit.MILLISECONDS);
                        }
                    }
                });
        if (chosen) {
            bootstrap.option(ChannelOption.ALLOW_HALF_CLOSURE, false);
        }
        bootstrap
                .connect(StdioAddress.INSTANCE)
                .syncUninterruptibly()
                .channel()
                .closeFuture()
                .syncUninterruptibly();
        end(group, false);
    }

    private static String failure(Bootstrap bootstrap) {
        return bootstrap
                .clone()
                .handler(new StdioFilter())
                .connect(StdioAddress.INSTANCE)
                .awaitUninterruptibly()
                .cause()
                .getMessage();
    }

    /** Shuts the output down after so many bytes, before the input ends. */
    private static final class EndingFilter extends StdioFilter {
        private final int end;

        private int total;

        EndingFilter(int end) {
            this.end = end;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            total += ((ByteBuf) msg).readableBytes();
            super.channelRead(ctx, msg);
            if (total == end) {
                ctx.writeAndFlush(Unpooled.EMPTY_BUFFER)
                        .addListener(done -> ((DuplexChannel) ctx.channel()).shutdownOutput());
            }
        }
    }
}
