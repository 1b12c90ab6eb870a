/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.contender;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.nettyipc.benchmarks.transport.Addresses;
import io.nettyipc.benchmarks.transport.Loop;
import io.nettyipc.benchmarks.transport.NettyClient;
import io.nettyipc.benchmarks.transport.NettyTransport;
import io.nettyipc.benchmarks.transport.Side;
import io.nettyipc.benchmarks.workload.Selector;
import io.nettyipc.benchmarks.workload.Service;
import io.nettyipc.benchmarks.workload.Workload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.IntSupplier;

/**
 * A Netty server: its event loop, and as location the port of its listener and those of the workloads' own servers, in
 * their order.
 */
final class NettyServer implements Server {
    private final Loop loop;
    private final List<Service> services;
    private final String location;

    private NettyServer(Loop loop, List<Service> services, String location) {
        this.loop = loop;
        this.services = services;
        this.location = location;
    }

    static NettyServer listen(NettyTransport transport, String name, List<Workload> workloads, IntSupplier ports)
            throws IOException, InterruptedException {
        Loop loop = Loop.open(transport);
        Channel listener = loop.bind(transport.addresses().at(name, ports.getAsInt()), new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new Selector(workloads));
            }
        });
        List<Service> services = new ArrayList<>();
        StringJoiner location = new StringJoiner(",");
        location.add(Integer.toString(Addresses.portOf(listener.localAddress())));
        for (int i = 0; i < workloads.size(); i++) {
            String service = NettyClient.serviceName(name, i);
            Service own =
                    workloads.get(i).serve(loop, () -> transport.addresses().at(service, ports.getAsInt()));
            location.add(own == null ? "-" : Integer.toString(Addresses.portOf(own.address())));
            if (own != null) {
                services.add(own);
            }
        }
        return new NettyServer(loop, services, location.toString());
    }

    @Override
    public String location() {
        return location;
    }

    @Override
    public Side side() {
        return loop;
    }

    @Override
    public void close() {
        // gRPC waits for its channels to be closed, which an event loop that stands still does not do.
        loop.resume();
        services.forEach(Service::close);
        loop.close();
    }
}
