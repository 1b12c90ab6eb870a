/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import java.net.SocketAddress;

/** A Netty client: its event loop, and where to connect to. */
public final class NettyClient {
    private final Loop loop;
    private final String name;
    private final String[] ports;
    private final SocketAddress address;

    /**
     * @param name     what the server was given
     * @param location the ports of the server's listener and of those that workloads have for themselves
     */
    public NettyClient(NettyTransport transport, String name, String location) {
        loop = Loop.open(transport);
        this.name = name;
        ports = location.split(",", -1);
        address = transport.addresses().at(name, Integer.parseInt(ports[0]));
    }

    public Loop loop() {
        return loop;
    }

    public SocketAddress address() {
        return address;
    }

    /** Where the server listens that the workload with that index has for itself. */
    public SocketAddress serviceAddress(int index) {
        return loop.transport().addresses().at(serviceName(name, index), Integer.parseInt(ports[1 + index]));
    }

    /** Connects for the workload with that index. The handlers are in place before anything is received. */
    public Channel connect(int index, ChannelHandler... handlers) throws InterruptedException {
        return choose(loop.connect(address(), new ChannelInboundHandlerAdapter()), index, handlers);
    }

    /** As {@link #connect}, for one of thousands: it takes less memory. */
    public Channel connectSmall(int index, ChannelHandler... handlers) throws InterruptedException {
        return choose(loop.connectSmall(address(), new ChannelInboundHandlerAdapter()), index, handlers);
    }

    private static Channel choose(Channel channel, int index, ChannelHandler... handlers) throws InterruptedException {
        ChannelPipeline pipeline = channel.pipeline();
        // The byte first, since a handler may send something when it is added; at once, so that none misses an answer.
        channel.eventLoop()
                .submit(() -> {
                    ChannelFuture chosen = pipeline.firstContext()
                            .writeAndFlush(channel.alloc().buffer(1).writeByte(index));
                    pipeline.addLast(handlers);
                    return chosen;
                })
                .sync()
                .getNow()
                .sync();
        return channel;
    }

    /** The name of the server that the workload with that index has for itself. */
    public static String serviceName(String name, int index) {
        return name + '-' + index;
    }

    public void close() {
        loop.close();
    }
}
