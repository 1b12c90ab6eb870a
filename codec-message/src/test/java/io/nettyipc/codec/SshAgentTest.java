/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.Unpooled;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** OpenSSH's own agent at the other end; skipped where there is none. */
class SshAgentTest {

    private static final byte REQUEST_IDENTITIES = 11;

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void theAgentAnswersTwoRequestsForItsKeysThatItHasNone(@TempDir Path directory) throws Exception {
        assumeTrue(
                List.of("/usr/bin/ssh-agent", "/usr/local/bin/ssh-agent").stream()
                        .anyMatch(program -> Files.isExecutable(Path.of(program))),
                "no ssh-agent");
        Path socket = directory.resolve("agent.sock");
        Process agent = new ProcessBuilder("ssh-agent", "-D", "-a", socket.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output.txt").toFile())
                .start();
        try (SocketChannel channel = connect(agent, socket)) {
            channel.write(ByteBuffer.wrap(Decoding.encode(
                    LengthPrefixedFrameEncoder.sshAgent(),
                    Unpooled.wrappedBuffer(new byte[] {REQUEST_IDENTITIES}),
                    Unpooled.wrappedBuffer(new byte[] {REQUEST_IDENTITIES}))));
            Decoding decoding = new Decoding(LengthPrefixedFrameDecoder.sshAgent());
            ByteBuffer read = ByteBuffer.allocate(3);
            while (decoding.events.size() < 2 && channel.read(read.clear()) > 0) {
                decoding.read(Arrays.copyOf(read.array(), read.position()));
            }

            // SSH_AGENT_IDENTITIES_ANSWER with a count of 0.
            assertEquals(
                    List.of("\f\0\0\0\0", "\f\0\0\0\0"), decoding.close().events.subList(0, 2));
        } finally {
            agent.destroy();
            assertTrue(agent.waitFor(10, TimeUnit.SECONDS));
        }
        assertEquals(0, Decoding.unreleased());
    }

    private static SocketChannel connect(Process agent, Path socket) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!Files.exists(socket)) {
            assertTrue(agent.isAlive() && System.nanoTime() < end, "the agent doesn't listen");
            Thread.sleep(10);
        }
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
        return channel;
    }
}
