/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process.windows;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.nettyipc.base.testing.ChildJvm;
import io.nettyipc.process.ChildProcess;
import io.nettyipc.process.ProcessAddress;
import io.nettyipc.process.ProcessChannel;
import io.nettyipc.process.ProcessChannelOption;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Starts a launcher in a JVM of its own, or one more JVM that does, and tells all processes. */
final class TreeProgram {
    private TreeProgram() {}

    /**
     * The arguments are {@code tree}, {@code child} without its descendants, or {@code nested}, and the launcher's
     * command.
     */
    public static void main(String... arguments) throws Exception {
        BlockingQueue<String> output = new LinkedBlockingQueue<>();
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, ChildProcess.newIoHandlerFactory());
        List<String> launcher = List.of(arguments).subList(1, arguments.length);
        ProcessBuilder command = arguments[0].equals("nested") ? inner(launcher) : new ProcessBuilder(launcher);
        ProcessChannel child = (ProcessChannel) new Bootstrap()
                .group(group)
                .channel(ChildProcess.channelType())
                .option(ProcessChannelOption.PROCESS_TREE, !arguments[0].equals("child"))
                .handler(new SimpleChannelInboundHandler<ByteBuf>() {
                    @Override
                    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf msg) {
                        output.add(msg.toString(StandardCharsets.US_ASCII).trim());
                    }
                })
                .connect(ProcessAddress.of(command))
                .sync()
                .channel();
        String started = output.take().replace("> ", "");
        ChildJvm.answer(child.process().pid() + " " + started);
        if (System.in.read() == 'e') {
            System.exit(0);
        }
        child.kill();
        System.in.read();
    }

    private static ProcessBuilder inner(List<String> launcher) {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-PrintWarnings",
                "--enable-native-access=ALL-UNNAMED",
                TreeProgram.class.getName(),
                "tree");
        builder.command().addAll(launcher);
        // The command line is too short for it.
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return builder;
    }
}
