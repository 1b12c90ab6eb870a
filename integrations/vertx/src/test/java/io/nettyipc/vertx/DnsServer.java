/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.vertx;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.dns.AddressResolverOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Answers each question for an address with 127.0.0.1. */
final class DnsServer implements AutoCloseable {

    private static final int HEADER = 12;

    private final DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    private final Set<String> questions = ConcurrentHashMap.newKeySet();

    DnsServer() throws IOException {
        Thread thread = new Thread(this::answerAll, "DNS server");
        thread.setDaemon(true);
        thread.start();
    }

    Vertx vertxThatAsks(Local transport) {
        return Vertx.builder()
                .with(new VertxOptions()
                        .setAddressResolverOptions(
                                new AddressResolverOptions().addServer("127.0.0.1:" + socket.getLocalPort())))
                .withTransport(transport == Local.PIPE ? IpcTransport.pipes() : IpcTransport.sharedMemory())
                .build();
    }

    boolean wasAskedFor(String name) {
        return questions.stream().anyMatch(question -> question.contains(name));
    }

    private void answerAll() {
        try {
            while (true) {
                DatagramPacket question = new DatagramPacket(new byte[512], 512);
                socket.receive(question);
                questions.add(new String(question.getData(), 0, question.getLength(), StandardCharsets.ISO_8859_1));
                byte[] answer = answer(question.getData());
                socket.send(new DatagramPacket(answer, answer.length, question.getSocketAddress()));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private static byte[] answer(byte[] question) throws IOException {
        int end = HEADER;
        while (question[end] != 0) {
            end += question[end] + 1;
        }
        end += 5; // the empty label, type and class
        boolean ipv4 = question[end - 3] == 1;
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        answer.write(question, 0, 2);
        answer.write(new byte[] {(byte) 0x81, (byte) 0x80, 0, 1, 0, (byte) (ipv4 ? 1 : 0), 0, 0, 0, 0});
        answer.write(question, HEADER, end - HEADER);
        if (ipv4) {
            answer.write(new byte[] {(byte) 0xC0, HEADER, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1});
        }
        return answer.toByteArray();
    }

    @Override
    public void close() {
        socket.close();
    }
}
