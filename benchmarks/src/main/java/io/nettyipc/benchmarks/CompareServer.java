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

/** The server's JVM of {@link Compare}. See {@link ServerProcess} for how it is told what to do. */
final class CompareServer {
    private final List<Workload> workloads = Workload.all(null);
    private Loop loop;

    private CompareServer() {}

    public static void main(String[] args) throws IOException {
        PrintStream answers = System.out;
        // Whatever a library prints must not be taken for an answer.
        System.setOut(System.err);
        CompareServer server = new CompareServer();
        Runtime.getRuntime().addShutdownHook(new Thread(server::close, "close-contender"));
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
        return switch (command[0]) {
            case "open" -> open(Contender.byId(command[1]), command[2]);
            case "counters" -> {
                Counters counters = Counters.read(loop);
                yield counters.cpuNanos() + " " + counters.allocatedBytes();
            }
            case "close" -> {
                close();
                yield "";
            }
            default -> throw new IllegalArgumentException("unknown command");
        };
    }

    private synchronized String open(Contender contender, String name) throws InterruptedException {
        loop = Loop.open(contender);
        Channel listener = loop.bind(contender.addresses().at(name, 0), new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new Workload.Selector(workloads));
            }
        });
        return Integer.toString(Addresses.portOf(listener.localAddress()));
    }

    private synchronized void close() {
        if (loop != null) {
            loop.close();
            loop = null;
        }
    }
}
