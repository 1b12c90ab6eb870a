/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.workload;

import io.grpc.ManagedChannel;
import io.netty.channel.ChannelPipeline;
import io.nettyipc.benchmarks.contender.Loop;
import io.nettyipc.benchmarks.contender.NettyClient;
import io.nettyipc.grpc.LocalGrpc;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.function.Supplier;

/** A workload of grpc-java, with its own server, its own executor and its default options. */
abstract class Grpc implements Workload {
    @Override
    public final int slices() {
        return 4;
    }

    /** Much code to be compiled, a call at a time. */
    @Override
    public final int sliceMillis() {
        return 250;
    }

    @Override
    public final void initServer(ChannelPipeline pipeline) {
        throw new IllegalStateException("gRPC has a server of its own");
    }

    @Override
    public final Service serve(Loop loop, Supplier<SocketAddress> address) throws IOException {
        return GrpcService.listen(loop, address.get());
    }

    @Override
    public final Session open(NettyClient client, int index) {
        return open(LocalGrpc.channelBuilder(
                        client.loop().group(), client.loop().contender().clientChannel(), client.serviceAddress(index))
                .usePlaintext()
                .build());
    }

    /** Makes a session, which closes {@code channel} in the end. */
    protected abstract Session open(ManagedChannel channel);
}
