/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.nettyipc.base.testing.ChildJvm;
import io.nettyipc.pipe.NamedPipe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Starts children in a JVM of its own, whose environment and threads are known. */
final class ChildProgram {
    private ChildProgram() {}

    public static void main(String... arguments) throws Exception {
        if (arguments[0].equals("environment")) {
            environment();
        } else if (arguments[0].equals("end")) {
            end(arguments[1]);
        } else if (arguments[0].equals("close")) {
            close();
        } else {
            exit();
        }
    }

    private static void environment() throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                "sh", "-c", "echo $(printenv RAW | od -An -tx1), set: $(printenv SET), home: $(printenv HOME)");
        builder.environment().put("SET", "1");
        builder.environment().remove("HOME");
        ProcessAddress.of(builder).newBuilder().inheritIO().start().waitFor();
    }

    private static void exit() throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        for (int i = 0; i < ForkJoinPool.commonPool().getParallelism(); i++) {
            ForkJoinPool.commonPool().execute(() -> {
                try {
                    end.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NamedPipe.newIoHandlerFactory());
        Bootstrap bootstrap = new Bootstrap()
                .group(group)
                .channel(ChildProcess.channelType())
                .option(ProcessChannelOption.PROCESS_EXIT_TIMEOUT_MILLIS, 30_000)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel ch) {}
                });
        ProcessChannel child = start(bootstrap, "true");
        ChildJvm.answer(
                child.exitFuture().await(20, TimeUnit.SECONDS)
                        ? "exit code " + child.exitFuture().getNow()
                        : "not told");
        ProcessChannel stays = start(bootstrap, "sleep", "60");
        stays.close().sync();
        group.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
        // Netty tells of the group's end there. Its thread goes within a second, unless somebody has given it a longer
        // task.
        GlobalEventExecutor.INSTANCE.awaitInactivity(10, TimeUnit.SECONDS);
        List<String> keeping = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.isDaemon() && thread.isAlive())
                .map(Thread::getName)
                .filter(name -> !name.startsWith("multiThreadIoEventLoopGroup"))
                .toList();
        stays.process().destroyForcibly();
        ChildJvm.answer("threads that keep the JVM: " + keeping);
        System.exit(0);
    }

    /** Tells whether a child that doesn't look at its input ends with its channel. */
    private static void close() throws InterruptedException {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NamedPipe.newIoHandlerFactory());
        Bootstrap bootstrap = new Bootstrap()
                .group(group)
                .channel(ChildProcess.channelType())
                .option(ProcessChannelOption.PROCESS_EXIT_TIMEOUT_MILLIS, 50)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel ch) {}
                });
        ProcessChannel child = start(bootstrap, "sleep", "600");
        child.close();
        ChildJvm.answer(child.exitFuture().await(20, TimeUnit.SECONDS) ? "ended" : "lives on");
        System.exit(0);
    }

    /**
     * Tells four processes, a launcher, its program, one that doesn't look at its input and one that does, and then
     * ends.
     */
    private static void end(String way) throws Exception {
        BlockingQueue<String> output = new LinkedBlockingQueue<>();
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NamedPipe.newIoHandlerFactory());
        Bootstrap bootstrap = new Bootstrap()
                .group(group)
                .channel(ChildProcess.channelType())
                .handler(new SimpleChannelInboundHandler<ByteBuf>() {
                    @Override
                    public boolean isSharable() {
                        return true;
                    }

                    @Override
                    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf msg) {
                        output.add(msg.toString(StandardCharsets.US_ASCII).trim());
                    }
                });
        ProcessChannel launcher = start(bootstrap, "sh", "-c", "sleep 600 </dev/null >/dev/null & echo $!; wait");
        ChildJvm.answer(launcher.process().pid());
        ChildJvm.answer(output.take());
        ChildJvm.answer(start(bootstrap, "sleep", "600").process().pid());
        ProcessChannel cat = start(bootstrap, "cat");
        ChildJvm.answer(cat.process().pid());
        System.in.read();
        switch (way) {
            case "exit on the loop" -> group.execute(() -> System.exit(0));
            case "exit in a listener" -> cat.kill().addListener(ended -> System.exit(0));
            case "exit" -> System.exit(0);
            default -> throw new IllegalArgumentException(way);
        }
        Thread.sleep(60_000);
    }

    private static ProcessChannel start(Bootstrap bootstrap, String... command) throws InterruptedException {
        return (ProcessChannel)
                bootstrap.connect(ProcessAddress.of(command)).sync().channel();
    }
}
