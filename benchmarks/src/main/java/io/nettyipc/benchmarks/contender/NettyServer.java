/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.contender;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.nettyipc.benchmarks.workload.Selector;
import io.nettyipc.benchmarks.workload.Workload;
import java.io.IOException;
import java.util.List;

/** A Netty server: its event loop, and the port of its listener as location. */
final class NettyServer implements Server {
    private final Loop loop;
    private final int port;

    private NettyServer(Loop loop, int port) {
        this.loop = loop;
        this.port = port;
    }

    static NettyServer listen(NettyContender contender, String name, List<Workload> workloads)
            throws InterruptedException {
        Loop loop = Loop.open(contender);
        Channel listener = loop.bind(contender.addresses().at(name, 0), new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new Selector(workloads));
            }
        });
        return new NettyServer(loop, Addresses.portOf(listener.localAddress()));
    }

    @Override
    public String location() {
        return Integer.toString(port);
    }

    @Override
    public Counters resume() {
        return loop.resume();
    }

    @Override
    public Counters pause() throws IOException, InterruptedException {
        return loop.pause();
    }

    @Override
    public long threadId() throws InterruptedException {
        return loop.threadId();
    }

    @Override
    public void close() {
        loop.close();
    }
}
