/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.nettyipc.base.os.Platform;
import io.nettyipc.pipe.unix.UnixTransport;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A program nobody here wrote at the other end: Node's {@code net}, as server and as client. The system property {@code
 * nettyipc.node} names the executable, by default {@code node} on the path; without it these tests are skipped.
 */
@Timeout(180)
@ParameterizedClass
@MethodSource("fixtures")
class NodeInteropTest {
    private static final String NODE = System.getProperty("nettyipc.node", "node");
    private static final int BULK = 10 * 1024 * 1024;

    @Parameter
    Supplier<PipeFixture> fixtures;

    @TempDir
    Path directory;

    private PipeFixture pipes;
    private Process node;
    private Path log;

    static Stream<Named<Supplier<PipeFixture>>> fixtures() {
        return Platform.current() == Platform.WINDOWS
                ? Stream.of(Named.of("Windows", PipeFixture::new))
                : UnixTransports.all().stream().map(NodeInteropTest::named);
    }

    private static Named<Supplier<PipeFixture>> named(UnixTransport transport) {
        return Named.of(transport.getClass().getSimpleName(), () -> new PipeFixture(transport));
    }

    @BeforeEach
    void start() throws Exception {
        assumeTrue(nodeRuns(), "there is no Node at '" + NODE + "': set -Dnettyipc.node");
        pipes = fixtures.get();
        log = directory.resolve("log");
    }

    @AfterEach
    void stop() throws Exception {
        if (node != null) {
            node.destroyForcibly().waitFor();
        }
        if (pipes != null) {
            pipes.close();
        }
    }

    @Test
    void aNodeServerEchoesALineAndSeesOurClose() throws Exception {
        NamedPipeAddress address = startNodeServer();
        Received received = new Received();
        Channel channel = connect(address, received);
        send(channel, "Ehello from Netty\n");
        assertEquals("hello from Netty\n", received.text("hello from Netty\n".length()));
        channel.close().sync();
        awaitLog("closed after 17 " + sha256("hello from Netty\n".getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void aNodeServerGivesBackTenMegabytesUnchanged() throws Exception {
        byte[] data = new byte[BULK];
        new Random(1).nextBytes(data);
        NamedPipeAddress address = startNodeServer();
        Received received = new Received();
        Channel channel = connect(address, received);
        send(channel, "E");
        for (int from = 0; from < BULK; from += 65536) {
            channel.writeAndFlush(Unpooled.wrappedBuffer(data, from, Math.min(65536, BULK - from)));
        }
        assertEquals(sha256(data), sha256(received.bytes(BULK)));
        channel.close().sync();
        awaitLog("closed after " + BULK + ' ' + sha256(data));
    }

    @Test
    void weSeeTheCloseOfANodeServerAfterItsLastBytes() throws Exception {
        NamedPipeAddress address = startNodeServer();
        Received received = new Received();
        Channel channel = connect(address, received);
        send(channel, "Q");
        assertEquals("bye", received.text(3));
        assertTrue(channel.closeFuture().await(20, TimeUnit.SECONDS), "the close was not seen");
        awaitLog("closed after 0 " + sha256(new byte[0]));
    }

    @Test
    void theNameOfANodeServerIsTakenAndStaysItsOwn() throws Exception {
        NamedPipeAddress address = startNodeServer();
        Throwable cause = pipes.server(new ChannelInboundHandlerAdapter())
                .bind(address)
                .awaitUninterruptibly()
                .cause();
        assertInstanceOf(BindException.class, cause);
        assertTrue(cause.getMessage().contains(address.path()), cause.getMessage());
        Received received = new Received();
        send(connect(address, received), "Estill here\n");
        assertEquals("still here\n", received.text("still here\n".length()));
    }

    @Test
    void aNodeClientGetsItsLineBackAndWeSeeItsClose() throws Exception {
        ServerSide server = startOurServer();
        startNode("client-echo", server.address);
        awaitLog("echoed hello from node");
        awaitLog("closed");
        server.assertClosed();
    }

    @Test
    void aNodeClientGetsTenMegabytesBackUnchanged() throws Exception {
        ServerSide server = startOurServer();
        startNode("client-bulk", server.address);
        String line = awaitLogStart("same " + BULK);
        awaitLog("closed");
        assertEquals(64, line.substring(line.lastIndexOf(' ') + 1).length());
        server.assertClosed();
    }

    @Test
    void aNodeClientSeesOurCloseAfterOurLastBytes() throws Exception {
        ServerSide server = startOurServer();
        startNode("client-quit", server.address);
        awaitLog("end after bye");
        awaitLog("closed");
        server.assertClosed();
    }

    private Channel connect(NamedPipeAddress address, Received received) {
        return pipes.client(received).connect(address).syncUninterruptibly().channel();
    }

    private static void send(Channel channel, String text) throws InterruptedException {
        channel.writeAndFlush(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII))
                .sync();
    }

    private ServerSide startOurServer() {
        ServerSide server = new ServerSide();
        pipes.server(server).bind(server.address).syncUninterruptibly();
        return server;
    }

    private NamedPipeAddress startNodeServer() throws Exception {
        NamedPipeAddress address = Platform.current() == Platform.WINDOWS
                ? PipeFixture.newAddress()
                : NamedPipeAddress.of(directory.resolve("node.sock").toString());
        startNode("server", address);
        awaitLog("listening");
        return address;
    }

    private void startNode(String mode, NamedPipeAddress address) throws IOException {
        Path script = directory.resolve("node-peer.js");
        try (InputStream resource = NodeInteropTest.class.getResourceAsStream("node-peer.js")) {
            Files.copy(resource, script);
        }
        node = new ProcessBuilder(NODE, script.toString(), mode, address.path(), log.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile())
                .start();
    }

    private boolean nodeRuns() throws InterruptedException {
        try {
            Process version = new ProcessBuilder(NODE, "--version")
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("version").toFile())
                    .start();
            return version.waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private void awaitLog(String line) throws Exception {
        assertEquals(line, awaitLogStart(line));
    }

    private String awaitLogStart(String start) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        List<String> lines = List.of();
        while (System.nanoTime() - deadline < 0) {
            lines = Files.exists(log) ? Files.readAllLines(log) : List.of();
            for (String line : lines) {
                assertFalse(line.startsWith("error") || line.startsWith("different"), lines::toString);
                if (line.startsWith(start)) {
                    return line;
                }
            }
            Thread.sleep(20);
        }
        throw new AssertionError("Node did not log '" + start + "' but " + lines + " and wrote "
                + Files.readString(directory.resolve("output")));
    }

    private static String sha256(byte[] data) throws NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(data));
    }

    /** The bytes a client gets. */
    private static final class Received extends ChannelInboundHandlerAdapter {
        private final BlockingQueue<byte[]> chunks = new LinkedBlockingQueue<>();

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            ByteBuf buffer = (ByteBuf) msg;
            byte[] chunk = new byte[buffer.readableBytes()];
            buffer.readBytes(chunk);
            buffer.release();
            chunks.add(chunk);
        }

        byte[] bytes(int count) throws InterruptedException {
            byte[] all = new byte[count];
            for (int at = 0; at < count; ) {
                byte[] chunk = chunks.poll(60, TimeUnit.SECONDS);
                assertTrue(
                        chunk != null && at + chunk.length <= count,
                        "got " + at + " bytes, then " + (chunk == null ? "none" : chunk.length));
                System.arraycopy(chunk, 0, all, at, chunk.length);
                at += chunk.length;
            }
            return all;
        }

        String text(int count) throws InterruptedException {
            return new String(bytes(count), StandardCharsets.US_ASCII);
        }
    }

    /** The script's protocol on our side. */
    private static final class ServerSide extends ChannelInitializer<Channel> {
        final NamedPipeAddress address = PipeFixture.newAddress();
        private final BlockingQueue<String> closed = new LinkedBlockingQueue<>();

        @Override
        protected void initChannel(Channel ch) {
            ch.pipeline().addLast(new ChannelInboundHandlerAdapter() {
                private boolean started;

                @Override
                public void channelRead(ChannelHandlerContext ctx, Object msg) {
                    ByteBuf buffer = (ByteBuf) msg;
                    if (!started) {
                        started = true;
                        if (buffer.readByte() == 'Q') {
                            buffer.release();
                            ctx.writeAndFlush(Unpooled.copiedBuffer("bye", StandardCharsets.US_ASCII))
                                    .addListener(ChannelFutureListener.CLOSE);
                            return;
                        }
                    }
                    ctx.writeAndFlush(buffer);
                }

                @Override
                public void channelInactive(ChannelHandlerContext ctx) {
                    closed.add("closed");
                }
            });
        }

        void assertClosed() throws InterruptedException {
            assertEquals("closed", closed.poll(20, TimeUnit.SECONDS));
        }
    }
}
