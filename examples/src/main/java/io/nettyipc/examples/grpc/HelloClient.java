/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.grpc;

import io.grpc.CallOptions;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCalls;
import java.util.concurrent.TimeUnit;

/**
 * {@code mvn -q -pl examples -am compile -Dexample=grpc.HelloClient -Dargs="shm:hello World"}: asks
 * {@link HelloServer}.
 */
public final class HelloClient {
    private HelloClient() {}

    public static void main(String[] args) throws Exception {
        String target = args.length > 0 ? args[0] : "shm:hello";
        String who = args.length > 1 ? args[1] : "World";
        // The target is all that is local here: nettyipc-grpc is found on the class path.
        ManagedChannel channel = Grpc.newChannelBuilder(target, InsecureChannelCredentials.create())
                .build();
        CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS);
        System.out.println(ClientCalls.blockingUnaryCall(channel, Hello.SAY_HELLO, options, who));
        channel.shutdown().awaitTermination(10, TimeUnit.SECONDS);
    }
}
