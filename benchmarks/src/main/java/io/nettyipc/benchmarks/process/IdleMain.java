/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.process;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.internal.PlatformDependent;
import io.nettyipc.benchmarks.contender.Contenders;
import io.nettyipc.benchmarks.transport.Addresses;
import io.nettyipc.benchmarks.transport.Counters;
import io.nettyipc.benchmarks.transport.Loop;
import io.nettyipc.benchmarks.transport.NettyTransport;
import io.nettyipc.benchmarks.workload.Figures;
import io.nettyipc.benchmarks.workload.Measure;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** The JVM of {@link IdleProcess}. */
final class IdleMain {
    static final String RESULT = "@idle ";
    /** Opened and closed before anything is measured, so that classes and pools are there. */
    private static final int WARM_UP = 50;

    /** A connection may be prepared for more for a moment after a message; then it is idle. */
    private static final long SETTLE_MILLIS = 4000;

    private IdleMain() {}

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

        NettyTransport transport = Contenders.nettyById(args[0]);
        int connections = Integer.parseInt(args[1]);
        int seconds = Integer.parseInt(args[2]);
        String result;
        try (Loop server = Loop.open(transport);
                Loop client = Loop.open(transport)) {
            String name = "nettyipc-idle-" + ProcessHandle.current().pid();
            Channel listener = server.bind(transport.addresses().at(name, 0), new Echo());
            SocketAddress address = transport.addresses().at(name, Addresses.portOf(listener.localAddress()));
            Answers answers = new Answers();

            List<Channel> channels = connect(client, address, answers, WARM_UP);
            for (Channel channel : channels) {
                channel.close().sync();
            }
            Memory before = Memory.now();

            channels = connect(client, address, answers, connections);
            Thread.sleep(SETTLE_MILLIS);
            Memory after = Memory.now();
            double cpuIdle = cpuMillis(seconds);
            // They were all there, and they still work.
            for (Channel channel : channels) {
                ping(channel, answers);
            }

            result = (after.heap - before.heap) / connections + " " + (after.direct - before.direct) / connections + " "
                    + (after.process - before.process) / connections + " " + cpuIdle / seconds;
        }
        System.out.println(RESULT + result);
        System.exit(0);
    }

    /**
     * Connects one after the other, with a message there and back on each, so that each has used what it uses for one
     * and the listener's backlog does not overflow.
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

    /** Reads what {@link #main} prints: bytes of each connection, and processor milliseconds each second. */
    static Figures parse(String result) {
        String[] f = result.split(" ", -1);
        Figures figures = new Figures();
        figures.put(Measure.CONNECTION_HEAP, Double.parseDouble(f[0]));
        figures.put(Measure.CONNECTION_DIRECT, Double.parseDouble(f[1]));
        figures.put(Measure.CONNECTION_MEMORY, Double.parseDouble(f[0]) + Double.parseDouble(f[1]));
        figures.put(Measure.CONNECTION_PROCESS, Double.parseDouble(f[2]));
        figures.put(Measure.IDLE_CPU, Double.parseDouble(f[3]));
        return figures;
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
