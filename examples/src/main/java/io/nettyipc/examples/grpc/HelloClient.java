/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.grpc;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCalls;
import io.netty.channel.EventLoopGroup;
import io.nettyipc.examples.LocalTransport;
import io.nettyipc.grpc.LocalGrpc;
import java.util.concurrent.TimeUnit;

/** {@code mvn -q -pl examples -am compile -Dexample=grpc.HelloClient -Dargs="shm hello World"}: asks {@link HelloServer}. */
public final class HelloClient {
    private HelloClient() {}

    public static void main(String[] args) throws Exception {
        LocalTransport transport = LocalTransport.of(args.length > 0 ? args[0] : "shm");
        String name = args.length > 1 ? args[1] : "hello";
        String who = args.length > 2 ? args[2] : "World";
        EventLoopGroup group = transport.newGroup();
        try {
            ManagedChannel channel = LocalGrpc.channelBuilder(group, transport.channelType(), transport.address(name))
                    .usePlaintext()
                    .build();
            CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS);
            System.out.println(ClientCalls.blockingUnaryCall(channel, Hello.SAY_HELLO, options, who));
            channel.shutdown().awaitTermination(10, TimeUnit.SECONDS);
        } finally {
            group.shutdownGracefully();
        }
    }
}
