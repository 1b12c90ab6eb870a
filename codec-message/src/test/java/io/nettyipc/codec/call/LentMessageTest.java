/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Long messages come read-only and in a buffer of their own where the peer's memory is lent. */
class LentMessageTest {

    private static final int LENGTH = 100_000;

    @Test
    void requestAndResponseLieWhereTheyWereWritten() {
        List<ByteBuf> requests = new ArrayList<>();
        List<Call> calls = new ArrayList<>();
        CallClientHandler handler = new CallClientHandler();
        EmbeddedChannel client = new EmbeddedChannel(handler);
        EmbeddedChannel server =
                new EmbeddedChannel(new CallServerHandler(method -> CallService.unary((call, message) -> {
                    requests.add(message);
                    calls.add(call);
                })));
        exchange(client, server);
        for (int i = 1; i <= 3; i++) {
            ByteBuf request = Unpooled.directBuffer(LENGTH).writeZero(LENGTH);
            Future<ByteBuf> response = handler.call(1, request.retain());
            exchange(client, server);
            assertLiesIn(request, requests.remove(0), i);

            ByteBuf answer = Unpooled.directBuffer(LENGTH).writeZero(LENGTH);
            calls.remove(0).end(answer.retain());
            exchange(client, server);
            assertTrue(response.isSuccess(), () -> "" + response);
            assertLiesIn(answer, response.getNow(), i);
        }
        client.finishAndReleaseAll();
        server.finishAndReleaseAll();
    }

    private static void assertLiesIn(ByteBuf written, ByteBuf received, int change) {
        assertEquals(LENGTH, received.readableBytes());
        written.setByte(7, change);
        assertEquals(change, received.getByte(received.readerIndex() + 7), "copied");
        assertEquals(1, received.nioBufferCount(), "a part of something joined");
        received.release();
        assertEquals(1, written.refCnt(), "still kept");
        written.release();
    }

    private static void exchange(EmbeddedChannel client, EmbeddedChannel server) {
        for (int i = 0; i < 4; i++) {
            pass(client, server);
            pass(server, client);
        }
    }

    private static void pass(EmbeddedChannel from, EmbeddedChannel to) {
        from.runPendingTasks();
        for (ByteBuf bytes = from.readOutbound(); bytes != null; bytes = from.readOutbound()) {
            to.writeInbound(bytes.readableBytes() >= LENGTH ? bytes.asReadOnly() : bytes);
        }
        to.runPendingTasks();
    }
}
