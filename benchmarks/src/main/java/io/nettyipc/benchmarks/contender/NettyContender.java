/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.contender;

import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.nettyipc.benchmarks.workload.FileTransfer;
import io.nettyipc.benchmarks.workload.Workload;
import java.util.List;
import java.util.function.Supplier;

/**
 * A Netty transport: exactly the three things an application changes when it moves from one to another.
 *
 * @param ioHandler     makes the event loop's I/O handler
 * @param serverChannel the listening channel's type
 * @param clientChannel the connecting channel's type
 * @param addresses     where the server listens
 */
public record NettyContender(
        String id,
        String label,
        String unavailable,
        Supplier<IoHandlerFactory> ioHandler,
        Class<? extends ServerChannel> serverChannel,
        Class<? extends Channel> clientChannel,
        Addresses addresses)
        implements Contender {

    @Override
    public boolean isInOneProcess() {
        return addresses == Addresses.LOCAL;
    }

    @Override
    public String unsupported(Workload workload) {
        return isInOneProcess() && workload instanceof FileTransfer
                ? "passes objects on, and a file region is none of bytes"
                : null;
    }

    @Override
    public NettyServer listen(String name, List<Workload> workloads) throws InterruptedException {
        return NettyServer.listen(this, name, workloads);
    }

    @Override
    public NettyClient client(String name, String location) {
        return new NettyClient(this, name, location);
    }
}
