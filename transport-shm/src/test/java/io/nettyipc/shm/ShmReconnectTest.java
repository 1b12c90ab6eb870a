/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import io.nettyipc.base.testing.TestSize;
import io.nettyipc.shm.control.KeptMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections one after the other between the same two processes. */
@Timeout(60)
@EnabledOnOs(value = OS.LINUX, disabledReason = "memory is kept where it is sealed and populated bit by bit")
class ShmReconnectTest {

    private static final int CONNECTIONS = TestSize.of(300, 20_000);
    /** Until the ring grows. */
    private static final int WINDOW = 32 << 10;

    private static final AtomicInteger NEXT_NAME = new AtomicInteger();

    private final ShmAddress address =
            ShmAddress.of("reconnect-" + ProcessHandle.current().pid() + '-' + NEXT_NAME.incrementAndGet());
    private final BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final Random random = new Random(11);
    private EventLoopGroup servers;
    private EventLoopGroup clients;
    /** Of other tests in this JVM. */
    private Set<String> others;

    private void serve(ShmSpinStrategy strategy, int loops) throws Exception {
        KeptMemory.closeAll();
        others = allMapped();
        servers = new MultiThreadIoEventLoopGroup(loops, Shm.newIoHandlerFactory(strategy));
        clients = new MultiThreadIoEventLoopGroup(loops, Shm.newIoHandlerFactory(strategy));
        new ServerBootstrap()
                .group(servers)
                .channel(ShmServerChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accepted.add(channel);
                        channel.pipeline().addLast(new Failures(), new Echo());
                    }
                })
                .bind(address)
                .sync();
    }

    @AfterEach
    void shutDown() throws InterruptedException {
        clients.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
        servers.shutdownGracefully(0, 10, TimeUnit.SECONDS).sync();
        assertEquals(Set.of(), Set.copyOf(failures));
    }

    private final class Failures extends ChannelInboundHandlerAdapter {
        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            failures.add(cause);
        }
    }

    /** A client, and what it has received. */
    private final class Client extends ChannelInboundHandlerAdapter {
        private final BlockingQueue<byte[]> received = new LinkedBlockingQueue<>();
        private final Channel channel;

        Client() throws InterruptedException {
            channel = new Bootstrap()
                    .group(clients)
                    .channel(ShmChannel.class)
                    .handler(this)
                    .connect(address)
                    .sync()
                    .channel();
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            received.add(ByteBufUtil.getBytes((ByteBuf) msg));
            ReferenceCountUtil.release(msg);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            failures.add(cause);
        }

        /** Sends bytes that no other connection has, and expects them back. */
        void exchange(int length) throws InterruptedException {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            channel.writeAndFlush(Unpooled.wrappedBuffer(bytes));
            ByteBuf answer = Unpooled.buffer(length);
            while (answer.readableBytes() < length) {
                byte[] next = received.poll(20, TimeUnit.SECONDS);
                assertNotNull(next, "no answer");
                answer.writeBytes(next);
            }
            assertArrayEquals(bytes, ByteBufUtil.getBytes(answer));
        }
    }

    private Channel nextAccepted() throws InterruptedException {
        Channel channel = accepted.poll(20, TimeUnit.SECONDS);
        assertNotNull(channel, "not accepted");
        return channel;
    }

    private static void awaitClose(Channel channel) {
        assertTrue(channel.closeFuture().awaitUninterruptibly(20, TimeUnit.SECONDS), () -> channel + " stays");
    }

    /** The sealed memory that this test has mapped, by the numbers of its files. */
    private Set<String> mapped() throws IOException {
        Set<String> mapped = allMapped();
        mapped.removeAll(others);
        return mapped;
    }

    private static Set<String> allMapped() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains("/memfd:"))
                    .map(line -> line.split("\\s+", -1)[4])
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    @ParameterizedTest
    @EnumSource(ShmSpinStrategy.class)
    void theNextConnectionUsesTheMemoryOfTheLast(ShmSpinStrategy strategy) throws Exception {
        serve(strategy, 1);
        Set<String> memory = null;
        for (int i = 0; i < CONNECTIONS / 3; i++) {
            Client client = new Client();
            for (int exchange = 1 + random.nextInt(4); exchange > 0; exchange--) {
                client.exchange(1 + random.nextInt(WINDOW / 2));
            }
            Channel child = nextAccepted();
            (random.nextBoolean() ? client.channel : child).close();
            awaitClose(client.channel);
            awaitClose(child);
            if (memory == null) {
                memory = mapped();
                assertEquals(2, memory.size());
            }
            assertEquals(memory, mapped());
        }
    }

    /** Netty's own tests have handlers that do so. */
    @Test
    void aServersChannelIsActiveAlsoWhileTheClientsHandlerBlocks() throws Exception {
        serve(ShmSpinStrategy.NONE, 1);
        Client last = new Client();
        last.exchange(1);
        last.channel.close().sync();
        awaitClose(nextAccepted());
        CountDownLatch active = new CountDownLatch(1);
        Channel client = new Bootstrap()
                .group(clients)
                .channel(ShmChannel.class)
                .handler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelActive(ChannelHandlerContext ctx) throws Exception {
                        Channel child = nextAccepted();
                        while (!child.isActive()) {
                            Thread.sleep(1);
                        }
                        active.countDown();
                    }
                })
                .connect(address)
                .channel();
        assertTrue(active.await(20, TimeUnit.SECONDS), "the server waits for the client's handler");
        client.close().sync();
    }

    /** Whoever has not read all may find the rest of it in the ring that the next connection uses. */
    @Test
    void nothingOfAConnectionComesOutOfTheNext() throws Exception {
        serve(ShmSpinStrategy.NONE, 1);
        for (int i = 0; i < CONNECTIONS; i++) {
            Client client = new Client();
            client.exchange(1 + random.nextInt(1000));
            Channel child = nextAccepted();
            client.channel.config().setAutoRead(random.nextBoolean());
            child.config().setAutoRead(random.nextBoolean());
            byte[] unread = new byte[1 + random.nextInt(WINDOW - 1)];
            client.channel.writeAndFlush(Unpooled.wrappedBuffer(unread));
            child.writeAndFlush(Unpooled.wrappedBuffer(unread)).sync();
            switch (random.nextInt(4)) {
                case 0 -> client.channel.close();
                case 1 -> child.close();
                case 2 -> {
                    ((DuplexChannel) client.channel).shutdownOutput().sync();
                    child.close();
                }
                default -> {
                    ((DuplexChannel) child).shutdown().sync();
                    client.channel.close();
                }
            }
            client.channel.config().setAutoRead(true);
            child.config().setAutoRead(true);
            awaitClose(client.channel);
            awaitClose(child);
            // The child's own bytes may not have been written before the client was gone.
            failures.removeIf(failure -> String.valueOf(failure.getMessage()).endsWith("the peer is gone"));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void connectionsOfManyLoopsComeAndGo(boolean closedByClient) throws Exception {
        serve(ShmSpinStrategy.NONE, 3);
        Client[] open = new Client[10];
        Channel[] children = new Channel[open.length];
        for (int i = 0; i < CONNECTIONS; i++) {
            int index = random.nextInt(open.length);
            if (open[index] != null) {
                // Not waiting for the other end: its memory may be in use when the next one asks for it.
                (closedByClient ? open[index].channel : children[index]).close().sync();
            }
            open[index] = new Client();
            children[index] = nextAccepted();
            open[index].exchange(1 + random.nextInt(1000));
        }
        for (Client client : open) {
            if (client != null) {
                client.exchange(100);
            }
        }
    }

    @Test
    void memoryOfRingsThatHaveGrownIsGivenBack() throws Exception {
        serve(ShmSpinStrategy.NONE, 1);
        Client client = new Client();
        Channel child = nextAccepted();
        client.channel.config().setAutoRead(false);
        child.writeAndFlush(Unpooled.wrappedBuffer(new byte[2 * WINDOW])).sync();
        Set<String> memory = mapped();
        client.channel.close();
        awaitClose(client.channel);
        awaitClose(child);
        assertEquals(Set.of(), mapped());
        new Client().exchange(1);
        assertNotEquals(memory, mapped());
    }

    @Test
    void memoryThatNobodyAsksForIsGivenBackSoon() throws Exception {
        serve(ShmSpinStrategy.NONE, 1);
        Client client = new Client();
        client.exchange(1);
        client.channel.close();
        awaitClose(nextAccepted());
        assertEquals(2, mapped().size());
        while (!mapped().isEmpty()) {
            Thread.sleep(10);
        }
    }
}
