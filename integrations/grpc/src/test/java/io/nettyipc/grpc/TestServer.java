/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.grpc;

import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.nettyipc.base.testing.ChildJvm;
import io.nettyipc.base.testing.LeakDetection;
import java.util.concurrent.TimeUnit;

/** {@link TestService} at a target, as a program: told a line, it shuts down in order. */
final class TestServer {
    private TestServer() {}

    public static void main(String[] args) throws Exception {
        LeakDetection.install();
        Server server = LocalGrpc.serverBuilder(args[0], InsecureServerCredentials.create())
                .maxInboundMessageSize(6_000_000)
                .intercept(AdmitCallers.all())
                .addService(new TestService().definition())
                .build()
                .start();
        ChildJvm.answer("listens");
        System.in.read();
        server.shutdown();
        ChildJvm.answer("shuts down");
        ChildJvm.answer(server.awaitTermination(20, TimeUnit.SECONDS));
        LeakDetection.failOnLeaks();
        ChildJvm.answer("no leak");
    }
}
