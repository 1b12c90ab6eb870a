/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.testsuite;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.testsuite.transport.TestsuitePermutation;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapComboFactory;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapFactory;
import io.netty.testsuite.transport.socket.SocketTestPermutation;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.nettyipc.shm.Shm;
import io.nettyipc.shm.ShmAddress;
import io.nettyipc.shm.ShmChannel;
import io.nettyipc.shm.ShmChannelOption;
import io.nettyipc.shm.ShmDoorbell;
import io.nettyipc.shm.ShmServerChannel;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs Netty's transport test suite over shared memory, as the system properties choose it: over epoll with sealed memory, over
 * NIO, or over either with files ({@code io.netty.transport.noNative}, {@code io.nettyipc.shm.segment}).
 * <p>
 * Two pairs of bootstraps: everything in one group, and acceptor, children and client each in a group of their own and with
 * bytes on the control connection as doorbells.
 */
final class ShmTestPermutation extends SocketTestPermutation {
    static final ShmTestPermutation INSTANCE = new ShmTestPermutation();

    private static final AtomicInteger NEXT_NAME = new AtomicInteger();
    private static final AtomicInteger NEXT_PAIR = new AtomicInteger();

    private final EventLoopGroup shared = newGroup("shared", 2);
    private final EventLoopGroup boss = newGroup("boss", 1);
    private final EventLoopGroup worker = newGroup("worker", 2);
    private final EventLoopGroup client = newGroup("client", 2);

    private static EventLoopGroup newGroup(String name, int threads) {
        return new MultiThreadIoEventLoopGroup(
                threads, new DefaultThreadFactory("testsuite-shm-" + name, true), Shm.newIoHandlerFactory());
    }

    /** A name no other run of a test uses, in this process or another. */
    static ShmAddress newAddress() {
        return ShmAddress.of("testsuite-shm-" + ProcessHandle.current().pid() + '-' + NEXT_NAME.incrementAndGet());
    }

    /** All loops in one group first, then every role in a group of its own. */
    @Override
    public List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> socket() {
        List<BootstrapFactory<ServerBootstrap>> servers = serverSocket();
        List<BootstrapFactory<Bootstrap>> clients = clientSocket();
        return List.of(
                combo(servers.subList(0, 1), clients.subList(0, 1)).get(0),
                combo(servers.subList(1, 2), clients.subList(1, 2)).get(0));
    }

    /**
     * One of the {@link #socket()} pairs, the next one at each call: for classes that already run each test under dozens of parameters,
     * which therefore still meet every pair and every allocator without running all of them under each parameter.
     */
    List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> nextSocket() {
        List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> pairs = socket();
        return List.of(pairs.get(NEXT_PAIR.getAndIncrement() % pairs.size()));
    }

    /** The allocator that goes with {@link #nextSocket()}: it changes every second call. */
    List<ByteBufAllocator> nextAllocator() {
        List<ByteBufAllocator> allocators = TestsuitePermutation.allocator();
        return List.of(allocators.get(NEXT_PAIR.get() / 2 % allocators.size()));
    }

    @Override
    public List<BootstrapFactory<ServerBootstrap>> serverSocket() {
        return List.of(
                () -> new FreshNameBootstrap().group(shared).channel(ShmServerChannel.class),
                () -> new FreshNameBootstrap().group(boss, worker).channel(ShmServerChannel.class));
    }

    @Override
    public List<BootstrapFactory<Bootstrap>> clientSocket() {
        return List.of(
                () -> new Bootstrap().group(shared).channel(ShmChannel.class),
                () -> new Bootstrap()
                        .group(client)
                        .channel(ShmChannel.class)
                        .option(ShmChannelOption.SHM_DOORBELL, ShmDoorbell.CONTROL_BYTE));
    }

    /** Some tests close a server and bind again at once: a TCP server's port 0 is another port then. */
    private static final class FreshNameBootstrap extends ServerBootstrap {
        @Override
        public ChannelFuture bind() {
            localAddress(newAddress());
            return super.bind();
        }
    }
}
