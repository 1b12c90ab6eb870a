/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How much memory messages hold that nobody reads. */
class CallMemoryTest {

    private static final int ECHO = 1;
    private static final int UNREAD = 2;
    private static final int WINDOW = 10_000;

    private final List<Call> unread = new ArrayList<>();
    private final List<Recorder> listeners = new ArrayList<>();
    private Pair pair;

    private CallService service(int method) {
        if (method == ECHO) {
            return CallService.unary((call, request) -> call.end(request));
        }
        return call -> {
            call.setAutoRead(false);
            unread.add(call);
            Recorder listener = new Recorder();
            listeners.add(listener);
            return listener;
        };
    }

    private void connect(int connectionWindow) {
        pair = new Pair(this::service, CallLimits.DEFAULT, new CallLimits(100_000, WINDOW, 100, connectionWindow));
        pair.run();
    }

    @AfterEach
    void everythingIsReleased() {
        assertEquals(List.of(), pair.errors);
        assertEquals(0, pair.close().unreleased());
    }

    private static void frame(ByteBuf out, int type, long id, int length) {
        out.writeInt(12 + length).writeByte(type).writeByte(0).writeShort(0).writeLong(id);
    }

    @Test
    void aShortMessageThatIsNotReadDoesNotKeepTheLongOneBehindIt() {
        connect(1_000_000);
        Call call = pair.client.open(UNREAD, new Recorder());
        Call cancelled = pair.client.open(UNREAD, new Recorder());
        cancelled.cancel();
        pair.run();
        int count = WINDOW / 17;
        for (int i = 0; i < count; i++) {
            ByteBuf read = pair.message(new byte[0]);
            frame(read, 2, 1, 1);
            read.writeByte('0' + i % 10);
            // Late for a call that has ended.
            frame(read, 2, 2, 60_000);
            read.writeZero(60_000);
            pair.serverChannel.writeInbound(read);
        }
        // Windows that the server has opened again.
        Pair.outbound(pair.serverChannel);
        long held = pair.unreleased();
        assertTrue(held < 2 * WINDOW, () -> held + " bytes for " + count + " messages of one byte");

        unread.get(0).setAutoRead(true);
        pair.run();
        assertEquals(count, listeners.get(0).events.size());
        assertEquals("3", List.copyOf(listeners.get(0).events).get(3));
        call.cancel();
    }

    @Test
    void aMessageThatIsDeliveredAtOnceIsNotCopied() {
        connect(WINDOW);
        ByteBuf[] delivered = new ByteBuf[1];
        Pair copying = new Pair(
                method -> CallService.unary((call, request) -> {
                    delivered[0] = request;
                    call.end(request);
                }),
                CallLimits.DEFAULT,
                CallLimits.DEFAULT);
        copying.run();
        copying.client.call(1, copying.message("short"));
        ByteBuf read = copying.message(Pair.outbound(copying.clientChannel));
        read.capacity(50_000);
        copying.serverChannel.writeInbound(read);

        assertEquals(read, delivered[0].unwrap() == null ? null : root(delivered[0]));
        assertEquals(0, copying.close().unreleased());
    }

    private static ByteBuf root(ByteBuf slice) {
        ByteBuf root = slice;
        while (root.unwrap() != null) {
            root = root.unwrap();
        }
        return root;
    }

    @Test
    void callsThatAreNotReadHoldNoMoreThanTheConnectionsWindowTogether() {
        int connectionWindow = 30_000;
        connect(connectionWindow);
        List<Recorder> writers = new ArrayList<>();
        List<Call> calls = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            writers.add(new Recorder());
            calls.add(pair.client.open(UNREAD, writers.get(i)));
        }
        pair.run();
        int written = 0;
        for (Call call : calls) {
            // Nine of 1,000 bytes are within the window of a call.
            for (int i = 0; i < 9; i++) {
                call.write(pair.message("%04d".formatted(written++) + "x".repeat(996)));
            }
        }
        for (Call call : calls) {
            assertFalse(call.isWritable());
        }
        Future<ByteBuf> other = pair.client.call(ECHO, pair.message("other"));
        Call empty = pair.client.open(ECHO, new Recorder());
        pair.run();
        // What the client holds is what has not been sent: 60 or 61 messages of 90.
        long held = pair.unreleased() - 61 * 1_000;
        assertTrue(held <= 2L * (connectionWindow + 1_016), () -> "the server holds " + held);
        // It waits behind them, but the end of another does not.
        assertFalse(other.isDone());
        empty.cancel();
        calls.get(9).cancel();
        pair.run();
        assertEquals(9, unread.size() - ended());

        for (Call call : unread) {
            call.setAutoRead(true);
        }
        pair.run();
        assertEquals("other", Pair.text(other.getNow()));
        int got = 0;
        for (int i = 0; i < 9; i++) {
            assertEquals(9, listeners.get(i).events.size());
            for (Object message : listeners.get(i).events) {
                assertEquals("%04d".formatted(got++), ((String) message).substring(0, 4));
            }
            assertTrue(calls.get(i).isWritable());
            // When it was opened, and when the windows were.
            assertTrue(writers.get(i).writable >= 2, "call " + i);
        }
    }

    private int ended() {
        return (int) listeners.stream()
                .filter(listener -> listener.events.stream().anyMatch(CallStatus.class::isInstance))
                .count();
    }
}
