/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.nettyipc.base.testing.ChildJvm;
import io.nettyipc.pipe.NamedPipe;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;

/** Starts children in a JVM of its own, whose environment and threads are known. */
final class ChildProgram {
    private ChildProgram() {}

    public static void main(String... arguments) throws Exception {
        if (arguments[0].equals("environment")) {
            environment();
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

    private static ProcessChannel start(Bootstrap bootstrap, String... command) throws InterruptedException {
        return (ProcessChannel)
                bootstrap.connect(ProcessAddress.of(command)).sync().channel();
    }
}
