/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.nettyipc.base.testing.ChildJvm;
import io.nettyipc.shm.control.KeptMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that has kept memory for the next connections when its system has nothing left. */
@Timeout(120)
@EnabledOnOs(value = OS.LINUX, disabledReason = "memory is kept where it is sealed and populated bit by bit")
class ShmKeptMemoryFaultTest {

    private static final int CONNECTIONS = 5;
    /** Of one end of a connection: this side's and the peer's. */
    private static final int MAPPINGS = 2;

    private static final int PATIENCE_SECONDS = 20;
    private static final String SOCKET = "socket:";
    private static final String EVENT_FD = "anon_inode:[eventfd]";
    /** As much of the thread's name as Linux has. */
    private static final String CLOSER = "nettyipc-kept-m";

    @TempDir
    Path directory;

    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, Shm.newIoHandlerFactory(ShmSpinStrategy.NONE));
    private final BlockingQueue<ByteBuf> answers = new LinkedBlockingQueue<>();
    private ShmAddress address;
    private Path server;
    /** The server's, without those of connections. */
    private long sockets;

    @BeforeEach
    @AfterEach
    void keepNothingHere() {
        KeptMemory.closeAll();
    }

    @AfterEach
    void shutDown() throws InterruptedException {
        group.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
    }

    private ChildJvm serve(int keepMillis) throws Exception {
        String path = directory.resolve("s").toString();
        address = ShmAddress.of(path);
        ChildJvm jvm = ChildJvm.withOptions(
                List.of("-Dio.nettyipc.shm.keepMillis=" + keepMillis), FaultInjectionProgram.class, "shm", path);
        server = Path.of("/proc", jvm.answer());
        sockets = descriptors(SOCKET);
        return jvm;
    }

    private ChannelFuture connect(int capacity) {
        return new Bootstrap()
                .group(group)
                .channel(ShmChannel.class)
                .option(ShmChannelOption.SHM_SEND_CAPACITY, capacity)
                .handler(new SimpleChannelInboundHandler<ByteBuf>() {
                    @Override
                    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf msg) {
                        answers.add(msg.retain());
                    }
                })
                .connect(address);
    }

    private void exchange(Channel channel) throws InterruptedException {
        channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {1}));
        ByteBuf answer = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertNotNull(answer, "no answer");
        answer.release();
    }

    /** Has the server keep the memory of some connections. */
    private void connectAndClose() throws Exception {
        List<Channel> channels = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            channels.add(connect(4096).sync().channel());
            exchange(channels.get(i));
        }
        for (Channel channel : channels) {
            channel.close().sync();
        }
        await(() -> descriptors(SOCKET) <= sockets, "the server's channels stay");
    }

    private long mappings() throws IOException {
        try (Stream<String> lines = Files.lines(server.resolve("maps"))) {
            return lines.filter(line -> line.contains("/memfd:nettyipc")).count();
        }
    }

    private long descriptors(String kind) {
        return FaultInjectionTest.descriptors(server).stream()
                .filter(descriptor -> descriptor.contains(kind))
                .count();
    }

    /** Returns the thread that gives memory back, or null. */
    private String closer() throws IOException {
        try (Stream<Path> tasks = Files.list(server.resolve("task"))) {
            for (Path task : (Iterable<Path>) tasks::iterator) {
                if (Files.readString(task.resolve("comm")).startsWith(CLOSER)) {
                    return task.getFileName().toString();
                }
            }
        }
        return null;
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void await(Condition condition, String problem) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.holds()) {
            assertTrue(System.nanoTime() < deadline, problem);
            Thread.sleep(10);
        }
    }

    @Test
    @SuppressWarnings("try") // The server and the fault are there as long as their resources are.
    void memoryThatCannotBeGivenBackKeepsNoOther() throws Exception {
        Strace.assumeThere();
        try (ChildJvm jvm = serve(2000)) {
            connectAndClose();
            await(() -> mappings() == CONNECTIONS * MAPPINGS && closer() != null, "nothing is kept");
            try (Strace fault = new Strace(closer(), "munmap:error=ENOMEM:when=1")) {
                await(() -> mappings() <= 1, "the others' memory is not given back");
            }
            assertEquals(1, mappings(), "nothing was injected");
        }
    }

    @Test
    @SuppressWarnings("try") // The server and the fault are there as long as their resources are.
    void memoryIsGivenBackAtOnceWhenNoThreadCanDoItLater() throws Exception {
        Strace.assumeThere();
        try (ChildJvm jvm = serve(300)) {
            long eventFds = descriptors(EVENT_FD);
            connectAndClose();
            await(() -> mappings() == 0 && closer() == null, "the thread does not end");
            KeptMemory.closeAll();
            try (Strace fault = new Strace(FaultInjectionTest.loopOf(server), "clone,clone3:error=EAGAIN")) {
                connectAndClose();
                await(() -> mappings() == 0, "memory is kept for ever");
            }
            assertEquals(eventFds, descriptors(EVENT_FD));
            exchange(connect(4096).sync().channel());
        }
    }

    /** The first accept fails, and the next one comes as {@code ServerBootstrap} has it. */
    @ParameterizedTest
    @ValueSource(strings = {"accept4", "memfd_create", "eventfd2"})
    @SuppressWarnings("try") // The server and the fault are there as long as their resources are.
    void memoryIsGivenUpForAConnectionThatThereAreNoDescriptorsFor(String call) throws Exception {
        Strace.assumeThere();
        try (ChildJvm jvm = serve(60_000)) {
            connectAndClose();
            assertEquals(CONNECTIONS * MAPPINGS, mappings());
            // Another capacity than that of the memory that is kept.
            ChannelFuture connect;
            try (Strace fault = new Strace(FaultInjectionTest.loopOf(server), call + ":error=EMFILE:when=1")) {
                connect = connect(8192);
                assertTrue(connect.await(PATIENCE_SECONDS, TimeUnit.SECONDS), "the connect does not end");
            }
            exchange(connect.sync().channel());
            assertEquals(MAPPINGS, mappings());
            connect.channel().close().sync();
        }
    }
}
