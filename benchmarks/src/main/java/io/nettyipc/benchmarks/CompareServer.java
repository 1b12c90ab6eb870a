/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The server's JVM of {@link Compare}. See {@link ServerProcess} for how it is told what to do. */
final class CompareServer {
    private final List<Workload> workloads = Workload.all(null);
    private final Map<Contender, Loop> loops = new ConcurrentHashMap<>();

    private CompareServer() {}

    public static void main(String[] args) throws IOException {
        PrintStream answers = System.out;
        // Whatever a library prints must not be taken for an answer.
        System.setOut(System.err);
        CompareServer server = new CompareServer();
        Runtime.getRuntime().addShutdownHook(new Thread(server::closeAll, "close-contender"));
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String command = commands.readLine(); command != null; command = commands.readLine()) {
            String answer;
            try {
                answer = ServerProcess.OK + server.run(command.split(" ", -1));
            } catch (Exception e) {
                answer = ServerProcess.ERROR + e.toString().replaceAll("\\s+", " ");
            }
            answers.println(answer);
        }
        // Not waiting for threads that someone forgot: the client's process has gone or wants to.
        System.exit(0);
    }

    private String run(String[] command) throws InterruptedException {
        Contender contender = Contender.byId(command[1]);
        return switch (command[0]) {
            case "open" -> open(contender, command[2]);
            case "counters" -> {
                Counters counters = Counters.read(loops.get(contender));
                yield counters.cpuNanos() + " " + counters.allocatedBytes();
            }
            case "close" -> {
                loops.remove(contender).close();
                yield "";
            }
            default -> throw new IllegalArgumentException("unknown command");
        };
    }

    private String open(Contender contender, String name) throws InterruptedException {
        Loop loop = Loop.open(contender);
        loops.put(contender, loop);
        Channel listener = loop.bind(contender.addresses().at(name, 0), new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new Workload.Selector(workloads));
            }
        });
        return Integer.toString(Addresses.portOf(listener.localAddress()));
    }

    /** Lets socket files disappear. */
    private void closeAll() {
        loops.values().forEach(Loop::close);
    }
}
