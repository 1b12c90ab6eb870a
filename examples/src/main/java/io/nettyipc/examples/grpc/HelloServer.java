/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.grpc;

import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;
import io.netty.channel.EventLoopGroup;
import io.nettyipc.examples.LocalTransport;
import io.nettyipc.grpc.LocalGrpc;

/** {@code mvn -q -pl examples -am compile -Dexample=grpc.HelloServer -Dargs=shm}, or {@code pipe}: a gRPC server. */
public final class HelloServer {
    private HelloServer() {}

    public static void main(String[] args) throws Exception {
        LocalTransport transport = LocalTransport.of(args.length > 0 ? args[0] : "shm");
        String name = args.length > 1 ? args[1] : "hello";
        ServerServiceDefinition greeter = ServerServiceDefinition.builder("example.Greeter")
                .addMethod(Hello.SAY_HELLO, ServerCalls.asyncUnaryCall((who, responses) -> {
                    responses.onNext("Hello, " + who + "!");
                    responses.onCompleted();
                }))
                .build();
        EventLoopGroup group = transport.newGroup();
        try {
            Server server = LocalGrpc.serverBuilder(group, transport.serverChannelType(), transport.address(name))
                    .addService(greeter)
                    .build()
                    .start();
            System.out.println("gRPC server on " + transport.address(name) + "; Ctrl-C ends it");
            server.awaitTermination();
        } finally {
            group.shutdownGracefully();
        }
    }
}
