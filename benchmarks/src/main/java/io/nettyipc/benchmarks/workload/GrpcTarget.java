/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.workload;

import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.nettyipc.benchmarks.transport.Addresses;
import io.nettyipc.benchmarks.transport.Loop;
import io.nettyipc.benchmarks.transport.NettyClient;
import io.nettyipc.benchmarks.transport.NettyTransport;
import io.nettyipc.grpc.LocalGrpc;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.function.Supplier;

/**
 * {@link GrpcUnary} as an application has it that changes nothing but the target: gRPC chooses and shares the event
 * loops.
 */
final class GrpcTarget implements Workload {
    private final int size;

    GrpcTarget(int size) {
        this.size = size;
    }

    @Override
    public String id() {
        return "grpc-target-" + Workloads.sizeId(size);
    }

    @Override
    public String title() {
        return "gRPC unary call by target, " + Workloads.sizeTitle(size);
    }

    @Override
    public List<Measure> measures() {
        return List.of(Measure.OPERATIONS, Measure.P50, Measure.P99);
    }

    @Override
    public int slices() {
        return 4;
    }

    /** Much code to be compiled, a call at a time. */
    @Override
    public int sliceMillis() {
        return 150;
    }

    @Override
    public boolean hasLoopsOfItsOwn() {
        return true;
    }

    /** Only those contenders whose channels and event loops are what gRPC chooses for a target. */
    @Override
    public String unsupportedBy(NettyTransport transport) {
        String tcp = Epoll.isAvailable() ? "tcp-epoll" : "tcp-nio";
        return List.of(tcp, "unix-epoll", "pipe", "shm-adaptive").contains(transport.id())
                ? null
                : "no target of gRPC's gives these channels";
    }

    @Override
    public void initServer(ChannelPipeline pipeline) {
        throw new IllegalStateException("gRPC has a server of its own");
    }

    @Override
    public Service serve(Loop loop, Supplier<SocketAddress> address) throws IOException {
        NettyTransport transport = loop.transport();
        if (unsupportedBy(transport) != null) {
            return null;
        }
        SocketAddress at = address.get();
        return GrpcService.start(
                switch (transport.addresses()) {
                    case TCP_LOOPBACK -> NettyServerBuilder.forAddress(at, InsecureServerCredentials.create());
                    // gRPC has clients for such sockets, and servers only with event loops of the application's.
                    case UNIX_SOCKET -> LocalGrpc.serverBuilder(loop.group(), transport.serverChannel(), at);
                    default ->
                        LocalGrpc.serverBuilder(target(transport.addresses(), at), InsecureServerCredentials.create());
                });
    }

    @Override
    public Session open(NettyClient client, int index) {
        String target = target(client.loop().transport().addresses(), client.serviceAddress(index));
        return GrpcUnary.waiting(
                Grpc.newChannelBuilder(target, InsecureChannelCredentials.create())
                        .build(),
                size);
    }

    private static String target(Addresses addresses, SocketAddress address) {
        return switch (addresses) {
            case TCP_LOOPBACK -> "localhost:" + ((InetSocketAddress) address).getPort();
            case UNIX_SOCKET -> "unix:" + path(address);
            case NAMED_PIPE -> "npipe://" + path(address);
            case SHARED_MEMORY -> "shm://" + path(address);
            default -> throw new IllegalArgumentException(addresses.toString());
        };
    }

    /** In a URI a pipe's backslashes are slashes. */
    private static String path(SocketAddress address) {
        return ((DomainSocketAddress) address).path().replace('\\', '/');
    }
}
