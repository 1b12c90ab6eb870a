/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.grpc;

import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;
import io.nettyipc.grpc.AdmitCallers;
import io.nettyipc.grpc.Caller;
import io.nettyipc.grpc.LocalGrpc;

/**
 * {@code mvn -q -pl examples -am compile -Dexample=grpc.HelloServer -Dargs=shm:hello}, or {@code npipe:hello}: a gRPC
 * server.
 */
public final class HelloServer {
    private HelloServer() {}

    public static void main(String[] args) throws Exception {
        String target = args.length > 0 ? args[0] : "shm:hello";
        ServerServiceDefinition greeter = ServerServiceDefinition.builder("example.Greeter")
                .addMethod(Hello.SAY_HELLO, ServerCalls.asyncUnaryCall((who, responses) -> {
                    System.out.println("called by " + Caller.current().process());
                    responses.onNext("Hello, " + who + "!");
                    responses.onCompleted();
                }))
                .build();
        Server server = LocalGrpc.serverBuilder(target, InsecureServerCredentials.create())
                .intercept(AdmitCallers.all())
                .addService(greeter)
                .build()
                .start();
        System.out.println("gRPC server on " + target + "; Ctrl-C ends it");
        server.awaitTermination();
    }
}
