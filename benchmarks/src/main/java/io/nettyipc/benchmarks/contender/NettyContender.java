/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.contender;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
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

/**
 * A Netty transport: exactly the three things an application changes when it moves from one to another.
 *
 * @param ioHandler     makes the event loop's I/O handler
 * @param serverChannel the listening channel's type
 * @param clientChannel the connecting channel's type
 * @param addresses     where the server listens
 * @param options       what differs from Netty's defaults, at both ends of a connection
 */
public record NettyContender(
        String id,
        String label,
        String unavailable,
        Supplier<IoHandlerFactory> ioHandler,
        Class<? extends ServerChannel> serverChannel,
        Class<? extends Channel> clientChannel,
        Addresses addresses,
        Map<ChannelOption<?>, ?> options)
        implements Contender {

    @Override
    public boolean spins() {
        return id.endsWith("-busy") || id.endsWith("-adaptive");
    }

    @Override
    public boolean isInOneProcess() {
        return addresses == Addresses.LOCAL;
    }

    @Override
    public String unsupported(Topic topic) {
        if (topic instanceof Workload workload && workload.unsupportedBy(this) != null) {
            return workload.unsupportedBy(this);
        }
        if (options.containsKey(Contenders.LEASE_SEND_MEMORY) && !(topic instanceof Filled)) {
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
        return topic instanceof IdleConnections && id.endsWith("-busy") ? "takes a core whatever happens" : null;
    }

    @Override
    public NettyServer listen(String name, List<Workload> workloads, IntSupplier ports)
            throws IOException, InterruptedException {
        return NettyServer.listen(this, name, workloads, ports);
    }

    @Override
    public NettyClient client(String name, String location) {
        return new NettyClient(this, name, location);
    }
}
