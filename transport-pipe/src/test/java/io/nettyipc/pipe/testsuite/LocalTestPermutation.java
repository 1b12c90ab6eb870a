/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.testsuite;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.testsuite.transport.TestsuitePermutation;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapComboFactory;
import io.netty.testsuite.transport.TestsuitePermutation.BootstrapFactory;
import io.netty.testsuite.transport.socket.SocketTestPermutation;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.nettyipc.base.testing.TestedTransport;
import io.nettyipc.base.testing.Variation;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs Netty's transport test suite over a transport of this project.
 * <p>
 * Two pairs of bootstraps: everything in one group, and acceptor, children and client each in a group of their own,
 * because an accepted channel that moves to another loop is where a completion-port transport goes wrong.
 */
public abstract class LocalTestPermutation extends SocketTestPermutation {
    private static final AtomicInteger NEXT_NAME = new AtomicInteger();
    private static final AtomicInteger NEXT_PAIR = new AtomicInteger();

    private final TestedTransport transport;
    private final EventLoopGroup shared;
    private final EventLoopGroup boss;
    private final EventLoopGroup worker;
    private final EventLoopGroup client;

    protected LocalTestPermutation(TestedTransport transport) {
        this.transport = transport;
        shared = newGroup("shared", 2);
        boss = newGroup("boss", 1);
        worker = newGroup("worker", 2);
        client = newGroup("client", 2);
    }

    private EventLoopGroup newGroup(String name, int threads) {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(
                threads, new DefaultThreadFactory("testsuite-" + name, true), transport.newIoHandlerFactory());
        if (Variation.CURRENT == Variation.SOCKETS) {
            // Without a socket the loops would wait as they do without this variation.
            group.forEach(loop ->
                    ((EventLoop) loop).register(new NioDatagramChannel()).syncUninterruptibly());
        }
        return group;
    }

    /** What it runs over. */
    public final TestedTransport transport() {
        return transport;
    }

    /** A name no other run of a test uses, in this process or another. */
    public final SocketAddress newAddress() {
        return transport.address("testsuite-" + ProcessHandle.current().pid() + '-' + NEXT_NAME.incrementAndGet());
    }

    /** Whether a side sees its peer's close while it doesn't read. */
    protected boolean seesCloseWithoutReading() {
        return true;
    }

    /** Whether a read asked for before the connect has to be asked for again. */
    protected boolean forgetsEarlyReads() {
        return false;
    }

    /** Sets options for the pair of bootstraps whose roles have groups of their own. */
    protected void configureSecond(Bootstrap bootstrap) {}

    /** All loops in one group first, then every role in a group of its own. */
    @Override
    public final List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> socket() {
        List<BootstrapFactory<ServerBootstrap>> servers = serverSocket();
        List<BootstrapFactory<Bootstrap>> clients = clientSocket();
        return List.of(
                combo(servers.subList(0, 1), clients.subList(0, 1)).get(0),
                combo(servers.subList(1, 2), clients.subList(1, 2)).get(0));
    }

    /**
     * One of the {@link #socket()} pairs, the next one at each call: for classes that already run each test under
     * dozens of parameters, which therefore still meet every pair and every allocator without running all of them under
     * each parameter.
     */
    public final List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> nextSocket() {
        List<BootstrapComboFactory<ServerBootstrap, Bootstrap>> pairs = socket();
        return List.of(pairs.get(NEXT_PAIR.getAndIncrement() % pairs.size()));
    }

    /** The allocator that goes with {@link #nextSocket()}: it changes every second call. */
    public final List<ByteBufAllocator> nextAllocator() {
        List<ByteBufAllocator> allocators = TestsuitePermutation.allocator();
        return List.of(allocators.get(NEXT_PAIR.get() / 2 % allocators.size()));
    }

    @Override
    public final List<BootstrapFactory<ServerBootstrap>> serverSocket() {
        return List.of(
                () -> new FreshNameBootstrap().group(shared).channel(transport.serverChannelType()),
                () -> new FreshNameBootstrap().group(boss, worker).channel(transport.serverChannelType()));
    }

    @Override
    public final List<BootstrapFactory<Bootstrap>> clientSocket() {
        return List.of(() -> new VariedBootstrap().group(shared).channel(transport.channelType()), () -> {
            Bootstrap bootstrap = new VariedBootstrap().group(client).channel(transport.channelType());
            configureSecond(bootstrap);
            return bootstrap;
        });
    }

    /**
     * Some tests close a server and bind again at once. A TCP server's port 0 is another port then; a pipe's name stays
     * taken on Windows until the last connection of the closed server has gone.
     */
    private final class FreshNameBootstrap extends ServerBootstrap {
        FreshNameBootstrap() {
            transport.configure(this);
            Variation.CURRENT.apply(this);
        }

        @Override
        public ServerBootstrap childHandler(ChannelHandler childHandler) {
            return super.childHandler(Variation.CURRENT.between(transport.between(childHandler)));
        }

        @Override
        public ChannelFuture bind() {
            localAddress(newAddress());
            return super.bind();
        }
    }

    /** A client of the run's {@link Variation}. */
    private final class VariedBootstrap extends Bootstrap {
        VariedBootstrap() {
            transport.configure(this);
            Variation.CURRENT.apply(this);
        }

        @Override
        public Bootstrap handler(ChannelHandler handler) {
            return super.handler(Variation.CURRENT.between(transport.between(handler)));
        }
    }
}
