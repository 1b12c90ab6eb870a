/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.nettyipc.base.testing.ChildJvm;
import io.nettyipc.codec.call.CallClientHandler;
import io.nettyipc.shm.Shm;
import io.nettyipc.shm.ShmAddress;
import io.nettyipc.shm.ShmChannel;
import io.nettyipc.shm.ShmChannelOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Calls over lent memory between two processes: each sees the other change a message that it has. */
@Timeout(60)
class LentCallsTwoProcessesTest {

    private static final int[] SIZES = {64 << 10, 1 << 20, 4 << 20};

    @TempDir
    Path directory;

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, Shm.newIoHandlerFactory());
    private final ShmAddress address =
            ShmAddress.of("lent-calls-" + ProcessHandle.current().pid());
    private final CallClientHandler calls = new CallClientHandler();
    private ShmChannel client;

    @AfterEach
    void shutDown() {
        assertTrue(group.shutdownGracefully(0, 10, TimeUnit.SECONDS).awaitUninterruptibly(20, TimeUnit.SECONDS));
    }

    private ChildJvm startServer() throws IOException {
        return ChildJvm.withOptions(
                List.of("-Djava.io.tmpdir=" + directory),
                LentCallsProgram.class,
                address.control().path());
    }

    private void connect(ChildJvm server) throws InterruptedException {
        assertEquals("here", server.answer());
        client = (ShmChannel) new Bootstrap()
                .group(group)
                .channel(ShmChannel.class)
                .option(ShmChannelOption.SHM_LEASE_SEND_MEMORY, LentPair.MEMORY)
                .option(ShmChannelOption.SHM_LEASE_RECEIVE_MEMORY, LentPair.MEMORY)
                .handler(calls)
                .connect(address)
                .sync()
                .channel();
    }

    private ByteBuf call(int method, ByteBuf request) throws Exception {
        return calls.call(method, request).get(20, TimeUnit.SECONDS);
    }

    private long number(int method) throws Exception {
        ByteBuf response = call(method, Unpooled.EMPTY_BUFFER);
        long number = response.readLong();
        response.release();
        return number;
    }

    @Test
    void theServerSeesRequestsChangeUntilAThreadOfItsReleasesThem() throws Exception {
        try (ChildJvm server = startServer()) {
            connect(server);
            List<ByteBuf> requests = new ArrayList<>();
            for (int size : SIZES) {
                ByteBuf request = LentPair.message(client, size, size);
                ByteBuffer written = request.nioBuffer();
                requests.add(Unpooled.wrappedBuffer(written));
                call(LentCallsProgram.KEEP, request).release();
            }
            assertEquals(LentCallsProgram.checksum(requests), number(LentCallsProgram.CHECKSUM));
            requests.forEach(request -> request.setByte(7, request.getByte(7) + 1));
            assertEquals(LentCallsProgram.checksum(requests), number(LentCallsProgram.CHECKSUM));
            assertEquals(SIZES.length, client.leaseMetrics().peerHolds());
            assertEquals(SIZES.length, client.leaseMetrics().sent());
            assertEquals(0, number(LentCallsProgram.RELEASE));
            assertEquals(0, client.leaseMetrics().peerHolds());
            assertEquals(0, client.leaseMetrics().memoryInUse());
        }
    }

    @Test
    void theClientSeesResponsesChangeAndKeepsThemWhenTheServerIsKilled() throws Exception {
        List<ByteBuf> responses = new ArrayList<>();
        try (ChildJvm server = startServer()) {
            connect(server);
            for (int size : SIZES) {
                ByteBuf response = call(
                        LentCallsProgram.SEND, Unpooled.buffer().writeInt(size).writeLong(size));
                LentPair.assertContent(size, size, response);
                call(LentCallsProgram.CHANGE, Unpooled.EMPTY_BUFFER).release();
                byte[] changed = LentPair.bytes(size, size);
                for (int i = 0; i < size; i++) {
                    changed[i] = (byte) ~changed[i];
                }
                assertEquals(Unpooled.wrappedBuffer(changed), response, "copied");
                call(LentCallsProgram.CHANGE, Unpooled.EMPTY_BUFFER).release();
                responses.add(response);
            }
            assertEquals(SIZES.length, client.leaseMetrics().held());
            server.kill();
            assertTrue(client.closeFuture().await(20, TimeUnit.SECONDS));
        }
        for (int i = 0; i < SIZES.length; i++) {
            LentPair.assertContent(SIZES[i], SIZES[i], responses.get(i));
        }
        LentPair.releaseByAnotherThread(responses);
        assertEquals(0, client.leaseMetrics().held());
    }
}
