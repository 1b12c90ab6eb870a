/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.contender;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.nettyipc.benchmarks.transport.Addresses;
import io.nettyipc.benchmarks.transport.NettyClient;
import io.nettyipc.benchmarks.transport.NettyTransport;
import io.nettyipc.benchmarks.workload.FileTransfer;
import io.nettyipc.benchmarks.workload.Filled;
import io.nettyipc.benchmarks.workload.IdleConnections;
import io.nettyipc.benchmarks.workload.Stream;
import io.nettyipc.benchmarks.workload.Topic;
import io.nettyipc.benchmarks.workload.Workload;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** A {@linkplain NettyTransport Netty transport}, whose ends are an event loop each. */
final class NettyContender implements Contender {
    private final NettyTransport transport;
    private final String label;
    /** Why it can't run here, or null. */
    private final String unavailable;

    NettyContender(
            String id,
            String label,
            String unavailable,
            Supplier<IoHandlerFactory> ioHandler,
            Class<? extends ServerChannel> serverChannel,
            Class<? extends Channel> clientChannel,
            Addresses addresses,
            Map<ChannelOption<?>, ?> options) {
        transport = new NettyTransport(id, ioHandler, serverChannel, clientChannel, addresses, options);
        this.label = label;
        this.unavailable = unavailable;
    }

    NettyTransport transport() {
        return transport;
    }

    @Override
    public String id() {
        return transport.id();
    }

    @Override
    public String label() {
        return label;
    }

    @Override
    public String unavailable() {
        return unavailable;
    }

    @Override
    public boolean spins() {
        return id().endsWith("-busy") || id().endsWith("-adaptive");
    }

    @Override
    public boolean isInOneProcess() {
        return transport.isInOneProcess();
    }

    @Override
    public String unsupported(Topic topic) {
        if (topic instanceof Workload workload && workload.unsupportedBy(transport) != null) {
            return workload.unsupportedBy(transport);
        }
        if (transport.options().containsKey(Contenders.LEASE_SEND_MEMORY) && !(topic instanceof Filled)) {
            return "copies such messages as shared memory without leases does";
        }
        if (isInOneProcess()) {
            if (topic instanceof FileTransfer || (topic instanceof Stream file && file.isOfFile())) {
                return "passes objects on, and a file region is none of bytes";
            }
            if (topic instanceof Filled) {
                return "holds no sender back: what is written waits in a queue without a limit";
            }
            if (topic instanceof Stream stream && stream.isShared()) {
                return "passes references on: such a message costs it nothing";
            }
        }
        return topic instanceof IdleConnections && id().endsWith("-busy") ? "takes a core whatever happens" : null;
    }

    @Override
    public NettyServer listen(String name, List<Workload> workloads, IntSupplier ports)
            throws IOException, InterruptedException {
        return NettyServer.listen(transport, name, workloads, ports);
    }

    @Override
    public Client client(String name, String location) {
        return new NettySide(new NettyClient(transport, name, location));
    }
}
