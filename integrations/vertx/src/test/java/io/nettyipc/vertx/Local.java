/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.vertx;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;

/** What carries a test's connections. */
enum Local {
    PIPE {
        @Override
        Vertx newVertx() {
            return Vertx.builder().withTransport(IpcTransport.pipes()).build();
        }
    },
    SHM {
        @Override
        Vertx newVertx() {
            return Vertx.builder().withTransport(IpcTransport.sharedMemory()).build();
        }
    };

    abstract Vertx newVertx();

    /** Waits for what has to come. */
    static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
}
