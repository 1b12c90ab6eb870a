/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.flight;

import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.flight.FlightClient;
import org.apache.arrow.flight.FlightGrpcUtils;
import org.apache.arrow.flight.FlightStream;
import org.apache.arrow.flight.Ticket;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;

/**
 * {@code MAVEN_OPTS="--add-opens=java.base/java.nio=ALL-UNNAMED -Dio.netty.noUnsafe=false" mvn -q -pl examples -am
 * compile -Dexample=flight.FlightTableClient -Dargs="shm:flight 10000000"}: reads a table from
 * {@link FlightTableServer}.
 */
public final class FlightTableClient {
    private FlightTableClient() {}

    @SuppressWarnings("try") // Arrow's close() may throw InterruptedException, and then the program ends.
    public static void main(String[] args) throws Exception {
        String target = args.length > 0 ? args[0] : "shm:flight";
        String rows = args.length > 1 ? args[1] : "10000000";
        ManagedChannel channel = Grpc.newChannelBuilder(target, InsecureChannelCredentials.create())
                .build();
        long begin = System.nanoTime();
        long sum = 0;
        long count = 0;
        try (BufferAllocator allocator = new RootAllocator();
                FlightClient client = FlightGrpcUtils.createFlightClient(allocator, channel);
                FlightStream table = client.getStream(new Ticket(rows.getBytes(StandardCharsets.UTF_8)))) {
            while (table.next()) {
                BigIntVector numbers = (BigIntVector) table.getRoot().getVector("number");
                count += numbers.getValueCount();
                for (int i = 0; i < numbers.getValueCount(); i++) {
                    sum += numbers.get(i);
                }
            }
        }
        channel.shutdown().awaitTermination(10, TimeUnit.SECONDS);
        System.out.printf("%d rows, sum %d, %d ms%n", count, sum, (System.nanoTime() - begin) / 1_000_000);
    }
}
