/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.workload;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelPipeline;
import io.nettyipc.benchmarks.transport.Loop;
import io.nettyipc.benchmarks.transport.NettyClient;
import io.nettyipc.grpc.LocalGrpc;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.function.Supplier;

/** A workload of grpc-java, with a server of its own and gRPC's default options. */
abstract class Grpc implements Workload {
    final GrpcThreads threads;

    Grpc(GrpcThreads threads) {
        this.threads = threads;
    }

    @Override
    public final int slices() {
        return 4;
    }

    /** Much code to be compiled, a call at a time. */
    @Override
    public final int sliceMillis() {
        return 150;
    }

    @Override
    public final void initServer(ChannelPipeline pipeline) {
        throw new IllegalStateException("gRPC has a server of its own");
    }

    @Override
    public final Service serve(Loop loop, Supplier<SocketAddress> address) throws IOException {
        return GrpcService.listen(loop, address.get(), threads);
    }

    @Override
    public final Session open(NettyClient client, int index) {
        NettyChannelBuilder builder = LocalGrpc.channelBuilder(
                client.loop().group(), client.loop().transport().clientChannel(), client.serviceAddress(index));
        if (threads == GrpcThreads.EVENT_LOOPS) {
            builder.directExecutor();
        }
        return open(builder.usePlaintext().build());
    }

    /** Makes a session, which closes {@code channel} in the end. */
    protected abstract Session open(ManagedChannel channel);
}
