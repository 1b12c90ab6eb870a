/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.flight;

import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.nettyipc.grpc.LocalGrpc;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.arrow.flight.FlightGrpcUtils;
import org.apache.arrow.flight.NoOpFlightProducer;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.flight.auth.ServerAuthHandler;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * {@code MAVEN_OPTS="--add-opens=java.base/java.nio=ALL-UNNAMED -Dio.netty.noUnsafe=false" mvn -q -pl examples -am
 * compile -Dexample=flight.FlightTableServer}: an Arrow Flight server on shared memory. All that is not Arrow's or
 * gRPC's is the target. Arrow needs both options: the second from JDK 25 on, where Netty doesn't use Unsafe unless told
 * to.
 */
public final class FlightTableServer {
    private FlightTableServer() {}

    @SuppressWarnings("deprecation") // The handler that admits everybody; who may connect is the transport's matter.
    public static void main(String[] args) throws Exception {
        String target = args.length > 0 ? args[0] : "shm:flight";
        ExecutorService executor = Executors.newCachedThreadPool();
        try (BufferAllocator allocator = new RootAllocator()) {
            Server server = LocalGrpc.serverBuilder(target, InsecureServerCredentials.create())
                    .addService(FlightGrpcUtils.createFlightService(
                            allocator, new Numbers(allocator), ServerAuthHandler.NO_OP, executor))
                    .build()
                    .start();
            System.out.println("Flight server on " + target + "; Ctrl-C ends it");
            server.awaitTermination();
        }
    }

    /** A table of one column, in batches; the ticket says how many rows. */
    private static final class Numbers extends NoOpFlightProducer {
        private static final int BATCH = 65_536;

        private final BufferAllocator allocator;

        Numbers(BufferAllocator allocator) {
            this.allocator = allocator;
        }

        @Override
        public void getStream(CallContext context, Ticket ticket, ServerStreamListener listener) {
            long rows = Long.parseLong(new String(ticket.getBytes(), StandardCharsets.UTF_8));
            try (BigIntVector numbers = new BigIntVector("number", allocator);
                    VectorSchemaRoot table = new VectorSchemaRoot(List.of(numbers))) {
                listener.start(table);
                for (long first = 0; first < rows; first += BATCH) {
                    int count = (int) Math.min(BATCH, rows - first);
                    numbers.allocateNew(count);
                    for (int i = 0; i < count; i++) {
                        numbers.set(i, first + i);
                    }
                    table.setRowCount(count);
                    while (!listener.isReady() && !listener.isCancelled()) {
                        Thread.onSpinWait();
                    }
                    listener.putNext();
                }
                listener.completed();
            }
        }
    }
}
