/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** A contender in one round: its event loops in both processes, its connection, and the figures. */
final class Lane {
    private final Contender contender;
    private final ServerProcess server;
    private final Loop loop;
    private final SocketAddress address;
    private final Map<Metric, Double> figures = new EnumMap<>(Metric.class);

    private Workload workload;
    private Channel channel;
    private Workload.Session session;
    private long operations;
    private Counters clientCost;
    private Counters serverCost;

    /** Opens both ends. */
    Lane(Contender contender, ServerProcess server, String name) throws IOException {
        this.contender = contender;
        this.server = server;
        loop = Loop.open(contender);
        try {
            address = server.open(contender, name);
        } catch (IOException e) {
            loop.close();
            throw e;
        }
    }

    Contender contender() {
        return contender;
    }

    /** Connects, and runs one slice that does not count. */
    void begin(Workload workload, int index) throws IOException, InterruptedException {
        this.workload = workload;
        channel = loop.connect(address, new ChannelInboundHandlerAdapter());
        channel.writeAndFlush(channel.alloc().buffer(1).writeByte(index)).sync();
        session = workload.open(channel);
        session.run();
        session.reset();
        operations = 0;
        clientCost = Counters.ZERO;
        serverCost = Counters.ZERO;
    }

    /** Measures one slice. */
    void slice() throws IOException, InterruptedException {
        Counters serverBefore = server.counters(contender);
        Counters clientBefore = Counters.read(loop);
        operations += session.run();
        clientCost = clientCost.plus(Counters.read(loop).minus(clientBefore));
        serverCost = serverCost.plus(server.counters(contender).minus(serverBefore));
    }

    /** Takes down the figures and closes the connection. */
    void end() throws InterruptedException {
        session.record(figures);
        List<Metric> costs = workload.costs();
        if (!costs.isEmpty()) {
            figures.put(costs.get(0), clientCost.cpuNanos() / 1e3 / operations);
            figures.put(costs.get(1), serverCost.cpuNanos() / 1e3 / operations);
            figures.put(costs.get(2), (double) clientCost.allocatedBytes() / operations);
            figures.put(costs.get(3), (double) serverCost.allocatedBytes() / operations);
        }
        channel.close().sync();
    }

    Map<Metric, Double> figures() {
        return figures;
    }

    /** Closes both ends. */
    void close() throws IOException {
        loop.close();
        server.close(contender);
    }
}
