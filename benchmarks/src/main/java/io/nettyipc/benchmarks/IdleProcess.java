/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.internal.PlatformDependent;
import io.nettyipc.benchmarks.contender.Addresses;
import io.nettyipc.benchmarks.contender.Contenders;
import io.nettyipc.benchmarks.contender.Counters;
import io.nettyipc.benchmarks.contender.Loop;
import io.nettyipc.benchmarks.contender.NettyContender;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** The JVM of {@link Idle} that holds the connections of one contender. */
final class IdleProcess {
    static final String RESULT = "@idle ";
    /** Opened and closed before anything is measured, so that classes and pools are there. */
    private static final int WARM_UP = 50;

    /** A connection may be prepared for more for a moment after a message; then it is idle. */
    private static final long SETTLE_MILLIS = 4000;

    private IdleProcess() {}

    public static void main(String[] args) throws Exception {
        // Ends with its parent: that end of the pipe closes even if the parent is killed.
        Thread watch = new Thread(
                () -> {
                    try {
                        System.in.transferTo(OutputStream.nullOutputStream());
                    } catch (IOException ignored) {
                        // The parent has gone as well.
                    }
                    Runtime.getRuntime().halt(1);
                },
                "parent-watch");
        watch.setDaemon(true);
        watch.start();

        NettyContender contender = Contenders.nettyById(args[0]);
        int connections = Integer.parseInt(args[1]);
        int seconds = Integer.parseInt(args[2]);
        Figures figures;
        try (Loop server = Loop.open(contender);
                Loop client = Loop.open(contender)) {
            String name = "nettyipc-idle-" + ProcessHandle.current().pid();
            Channel listener = server.bind(contender.addresses().at(name, 0), new Echo());
            SocketAddress address = contender.addresses().at(name, Addresses.portOf(listener.localAddress()));
            Answers answers = new Answers();

            List<Channel> channels = connect(client, address, answers, WARM_UP);
            for (Channel channel : channels) {
                channel.close().sync();
            }
            double cpuBefore = cpuMillis(seconds);
            Memory before = Memory.now();

            channels = connect(client, address, answers, connections);
            Thread.sleep(SETTLE_MILLIS);
            Memory after = Memory.now();
            double cpuIdle = cpuMillis(seconds);
            // They were all there, and they still work.
            for (Channel channel : channels) {
                ping(channel, answers);
            }

            figures = new Figures(
                    after.heap - before.heap,
                    after.direct - before.direct,
                    after.process - before.process,
                    cpuBefore,
                    cpuIdle);
        }
        System.out.println(RESULT + figures.format());
        System.exit(0);
    }

    /**
     * Connects one after the other, with a message there and back on each, so that each has used what it uses for one and
     * the listener's backlog does not overflow.
     */
    private static List<Channel> connect(Loop client, SocketAddress address, Answers answers, int connections)
            throws InterruptedException, IOException {
        List<Channel> channels = new ArrayList<>(connections);
        for (int i = 0; i < connections; i++) {
            Channel channel = client.connect(address, answers);
            channels.add(channel);
            ping(channel, answers);
        }
        return channels;
    }

    private static void ping(Channel channel, Answers answers) throws InterruptedException, IOException {
        channel.writeAndFlush(channel.alloc().directBuffer(1).writeByte(1)).sync();
        if (!answers.received.tryAcquire(30, TimeUnit.SECONDS)) {
            throw new IOException("no answer within 30 s on " + channel);
        }
    }

    private static double cpuMillis(int seconds) throws InterruptedException {
        Thread.sleep(1000);
        long start = Counters.processCpuNanos();
        Thread.sleep(seconds * 1000L);
        return (Counters.processCpuNanos() - start) / 1e6;
    }

    /** Memory in use: Java heap that is reachable, direct buffers, and all of the process. */
    private record Memory(long heap, long direct, long process) {
        static Memory now() throws InterruptedException, IOException {
            for (int i = 0; i < 3; i++) {
                System.gc();
                Thread.sleep(200);
            }
            long pool = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                    .filter(bean -> bean.getName().equals("direct"))
                    .mapToLong(BufferPoolMXBean::getMemoryUsed)
                    .sum();
            // Which of the two counts a buffer depends on how Netty allocates on this JDK; the greater has them all.
            long direct = Math.max(pool, PlatformDependent.usedDirectMemory());
            return new Memory(
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                    direct,
                    Counters.processMemory());
        }
    }

    /** What the connections add, and what the process does while nothing happens, in processor milliseconds. */
    record Figures(long heap, long direct, long process, double cpuMillisBefore, double cpuMillisIdle) {
        String format() {
            return heap + " " + direct + " " + process + " " + cpuMillisBefore + " " + cpuMillisIdle;
        }

        static Figures parse(String text) {
            String[] f = text.split(" ", -1);
            return new Figures(
                    Long.parseLong(f[0]),
                    Long.parseLong(f[1]),
                    Long.parseLong(f[2]),
                    Double.parseDouble(f[3]),
                    Double.parseDouble(f[4]));
        }
    }

    @ChannelHandler.Sharable
    private static final class Echo extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ctx.writeAndFlush(msg);
        }
    }

    @ChannelHandler.Sharable
    private static final class Answers extends ChannelInboundHandlerAdapter {
        private final Semaphore received = new Semaphore(0);

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ReferenceCountUtil.release(msg);
            received.release();
        }
    }
}
