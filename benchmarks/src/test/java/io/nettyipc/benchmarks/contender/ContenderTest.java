/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.contender;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nettyipc.benchmarks.workload.Session;
import io.nettyipc.benchmarks.workload.Workload;
import io.nettyipc.benchmarks.workload.Workloads;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ContenderTest {
    private static Stream<String> ids() {
        return Contenders.all().stream().map(Contender::id);
    }

    /** Both sides in this process: whether the bytes and messages are right is what the sessions check. */
    @ParameterizedTest
    @MethodSource("ids")
    @Timeout(60)
    void eachContenderExchangesMessagesOfAllSizes(String id) throws Exception {
        Contender contender = Contenders.byId(id);
        assumeTrue(contender.unavailable() == null, contender.unavailable());
        List<Workload> workloads = Workloads.workloads(new Workloads(null)
                .byIds(List.of(
                        "round-trip-64",
                        "round-trip-64k",
                        "round-trip-1m",
                        "stream-64",
                        "stream-64-flush-16",
                        "stream-64k",
                        "stream-1m",
                        "stream-file-1m",
                        "lease-64k",
                        "lease-1m",
                        "lease-untouched-64k")));
        String name = "nettyipc-contender-" + ProcessHandle.current().pid() + '-' + id;
        Server server = contender.listen(name, workloads, () -> 0);
        Client client = contender.client(name, server.location());
        for (int i = 0; i < workloads.size(); i++) {
            if (contender.unsupported(workloads.get(i)) == null) {
                Session session = client.open(workloads.get(i), i);
                for (int slice = 0; slice < 2; slice++) {
                    assertTrue(session.run(TimeUnit.MILLISECONDS.toNanos(1)) > 0);
                }
                session.close();
            }
        }
        client.close();
        server.close();
    }

    /** That is how a server's process finds it when the client's process has been killed. */
    @Test
    void aServerThatStandsStillCanBeClosed() throws Exception {
        List<Workload> workloads =
                Workloads.workloads(new Workloads(null).byIds(List.of("round-trip-64", "grpc-direct-100")));
        Server server = Contenders.byId("tcp-nio").listen("", workloads, () -> 0);
        server.side().pause();
        assertTimeoutPreemptively(Duration.ofSeconds(30), server::close);
    }
}
