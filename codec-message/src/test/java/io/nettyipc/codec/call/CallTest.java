/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What a call does, with both sides in one thread. */
class CallTest {

    private static final CallLimits SMALL = new CallLimits(1_000, 200, 3);

    private final Map<Integer, CallService> services = new HashMap<>();
    private final Recorder atClient = new Recorder();
    private final Recorder atServer = new Recorder();
    private Pair pair = new Pair(services::get, CallLimits.DEFAULT, CallLimits.DEFAULT);
    private Call serverCall;

    CallTest() {
        services.put(1, CallService.unary((call, request) -> call.end(request)));
        services.put(2, call -> {
            serverCall = call;
            return atServer;
        });
    }

    @AfterEach
    void everythingIsReleased() {
        assertEquals(List.of(), pair.errors);
        assertEquals(0, pair.close().unreleased());
    }

    private void limits(CallLimits client, CallLimits server) {
        pair.close();
        pair = new Pair(services::get, client, server);
    }

    private static CallStatus failure(Future<ByteBuf> response) {
        assertTrue(response.isDone());
        return assertInstanceOf(CallException.class, response.cause()).status();
    }

    /** Calls of one request and one response. */
    @Nested
    class Requests {
        @Test
        void theBytesAreThoseOfTheDescription() {
            pair.client.call(0x0A0B0C0D, pair.message("hi"), 1, TimeUnit.SECONDS);
            assertEquals(
                    "00000024 00 00 0000 0000000000000000 4e495043 00000001 00400000 00040000 000003e8 01000000"
                            .replace(" ", ""),
                    HexFormat.of().formatHex(Pair.outbound(pair.clientChannel)));

            Pair second = new Pair(services::get, SMALL, SMALL);
            second.step(new java.util.Random());
            second.client.call(1, second.message("hi"), 1, TimeUnit.SECONDS);
            byte[] request = Pair.outbound(second.clientChannel);
            assertEquals(
                    "00000016 01 03 0000 0000000000000001 00000001 000003e8 6869".replace(" ", ""),
                    HexFormat.of().formatHex(request));
            second.serverChannel.writeInbound(second.message(request));
            assertEquals(
                    "0000000e 02 01 0000 0000000000000001 6869".replace(" ", ""),
                    HexFormat.of().formatHex(Pair.outbound(second.serverChannel)));
            assertEquals(0, second.close().unreleased());
        }

        @Test
        void aRequestMadeBeforeTheServerIsKnownIsAnswered() {
            Future<ByteBuf> response = pair.client.call(1, pair.message("hello"));
            assertFalse(response.isDone());

            pair.run();

            assertEquals("hello", Pair.text(response.getNow()));
        }

        @Test
        void responsesFindTheirRequestsInWhateverOrderTheyCome() {
            List<Call> calls = new ArrayList<>();
            List<ByteBuf> requests = new ArrayList<>();
            services.put(3, CallService.unary((call, request) -> {
                calls.add(call);
                requests.add(request);
            }));
            List<Future<ByteBuf>> responses = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                responses.add(pair.client.call(3, pair.message("" + i)));
            }
            pair.run();

            for (int i = 9; i >= 0; i--) {
                calls.get(i).end(requests.get(i));
                pair.run();
                assertEquals("" + i, Pair.text(responses.get(i).getNow()));
            }
        }

        @Test
        void anErrorComesWithItsCodeAndDescription() {
            CallStatus status = CallStatus.of(CallStatus.Code.NOT_FOUND, "no such \u00f6rder");
            services.put(3, CallService.unary((call, request) -> {
                request.release();
                call.abort(status);
            }));
            Future<ByteBuf> response = pair.client.call(3, pair.message("7"));
            pair.run();

            assertEquals(status, failure(response));
        }

        @Test
        void anUnknownMethodIsUnimplemented() {
            Future<ByteBuf> response = pair.client.call(99, pair.message("7"));
            pair.run();

            assertEquals(CallStatus.Code.UNIMPLEMENTED, failure(response).code());
        }

        @Test
        void aServiceThatThrowsEndsItsCallOnly() {
            services.put(3, CallService.unary((call, request) -> {
                request.release();
                throw new IllegalStateException("expected in this test");
            }));
            services.put(4, call -> {
                throw new IllegalStateException("expected in this test");
            });
            Future<ByteBuf> third = pair.client.call(3, pair.message("7"));
            Future<ByteBuf> fourth = pair.client.call(4, pair.message("7"));
            Future<ByteBuf> first = pair.client.call(1, pair.message("7"));
            pair.run();

            assertEquals(CallStatus.Code.UNKNOWN, failure(third).code());
            assertEquals(CallStatus.Code.UNKNOWN, failure(fourth).code());
            assertEquals("7", Pair.text(first.getNow()));
        }

        @Test
        void aUnaryServiceRefusesNoneAndSeveralMessages() {
            Call none = pair.client.open(1, atClient);
            none.end();
            pair.run();
            assertEquals(CallStatus.Code.INVALID_ARGUMENT, ((CallStatus) atClient.events.remove()).code());

            services.put(3, CallService.unary((call, request) -> request.release()));
            Call several = pair.client.open(3, atClient);
            several.write(pair.message("1"));
            several.end(pair.message("2"));
            pair.run();
            assertEquals(CallStatus.Code.INVALID_ARGUMENT, ((CallStatus) atClient.events.remove()).code());
        }

        @Test
        void aFutureOfACallWithNoneOrSeveralResponsesFails() {
            Future<ByteBuf> none = pair.client.call(2, pair.message("7"));
            pair.run();
            serverCall.end();
            Future<ByteBuf> several = pair.client.call(2, pair.message("7"));
            pair.run();
            serverCall.write(pair.message("1"));
            serverCall.end(pair.message("2"));
            pair.run();

            assertEquals(CallStatus.Code.INTERNAL, failure(none).code());
            assertEquals(CallStatus.Code.INTERNAL, failure(several).code());
        }

        @Test
        void wrongArgumentsAreRefusedAtOnce() {
            assertThrows(IllegalArgumentException.class, () -> new CallLimits(0, 1, 1));
            assertThrows(IllegalArgumentException.class, () -> new CallLimits(1, -1, 1));
            assertThrows(
                    IllegalArgumentException.class, () -> pair.client.call(1, pair.message("7"), 0, TimeUnit.SECONDS));
            Call call = pair.client.open(2, atClient);
            assertThrows(IllegalArgumentException.class, () -> call.abort(CallStatus.OK));
            ByteBuf request = pair.message("7");
            assertThrows(IllegalStateException.class, () -> new CallClientHandler().call(1, request));
            assertEquals(0, request.refCnt());
            ByteBuf second = pair.message("7");
            assertThrows(NullPointerException.class, () -> pair.client.call(1, second, 1, null));
            assertEquals(0, second.refCnt());
        }
    }

    /** Their flow, and the limits of a call. */
    @Nested
    class Streams {
        @Test
        void bothSidesStreamAndEndInTurn() {
            Call call = pair.client.open(2, atClient);
            call.write(pair.message("a"));
            pair.run();
            serverCall.write(pair.message("b"));
            pair.run();
            call.write(pair.message("c"));
            call.end();
            pair.run();
            serverCall.end(pair.message("d"));
            pair.run();

            assertEquals(List.of("a", "c", "half close", CallStatus.OK), List.copyOf(atServer.events));
            assertEquals(List.of("b", "d", CallStatus.OK), List.copyOf(atClient.events));
        }

        @Test
        void aWriterIsHeldBackByAPeerThatDoesNotReadAndOtherCallsGoOn() {
            limits(SMALL, SMALL);
            Call call = pair.client.open(2, atClient);
            pair.run();
            serverCall.setAutoRead(false);
            int written = 0;
            while (call.isWritable()) {
                call.write(pair.message("" + written++));
            }
            // 17 bytes each.
            assertEquals(12, written);
            call.write(pair.message("beyond"));
            pair.run();
            assertFalse(call.isWritable());
            assertEquals(List.of(), List.copyOf(atServer.events));
            Future<ByteBuf> other = pair.client.call(1, pair.message("other"));
            pair.run();
            assertEquals("other", Pair.text(other.getNow()));

            for (int i = 0; i < written; i++) {
                serverCall.read();
                assertEquals("" + i, atServer.events.remove());
                pair.run();
            }
            // At first, and again.
            assertEquals(2, atClient.writable);
            assertTrue(call.isWritable());
            serverCall.setAutoRead(true);
            pair.run();
            assertEquals("beyond", atServer.events.remove());
        }

        @Test
        void aStreamOpenedBeforeTheServerIsKnownIsToldWhenItMayBeWritten() {
            Call call = pair.client.open(2, atClient);
            assertFalse(call.isWritable());
            assertEquals(0, atClient.writable);
            pair.run();

            assertTrue(call.isWritable());
            assertEquals(1, atClient.writable);
        }

        @Test
        void aClientThatReadsOneByOneGetsTheStatusAfterTheMessages() {
            Call call = pair.client.open(2, atClient);
            call.setAutoRead(false);
            pair.run();
            serverCall.write(pair.message("1"));
            serverCall.end(pair.message("2"));
            pair.run();
            assertEquals(0, pair.client.runningCalls());
            assertEquals(List.of(), List.copyOf(atClient.events));

            call.read();
            assertEquals(List.of("1"), List.copyOf(atClient.events));
            call.read();
            assertEquals(List.of("1", "2", CallStatus.OK), List.copyOf(atClient.events));
        }

        @Test
        void aLongMessageGoesThroughASmallWindow() {
            limits(SMALL, SMALL);
            Call call = pair.client.open(2, atClient);
            String text = "x".repeat(1_000);
            for (int i = 0; i < 5; i++) {
                call.write(pair.message(text));
            }
            call.end();
            pair.run();

            assertEquals(List.of(text, text, text, text, text, "half close"), List.copyOf(atServer.events));
        }

        @Test
        void aMessageTheReceiverWouldRefuseEndsItsCallOnly() {
            limits(SMALL, SMALL);
            pair.run();
            Future<ByteBuf> request = pair.client.call(1, pair.message("x".repeat(1_001)));
            assertEquals(CallStatus.Code.RESOURCE_EXHAUSTED, failure(request).code());

            Call call = pair.client.open(2, atClient);
            pair.run();
            serverCall.write(pair.message("x".repeat(1_001)));
            pair.run();
            assertEquals(CallStatus.Code.RESOURCE_EXHAUSTED, ((CallStatus) atClient.events.remove()).code());
            assertFalse(call.isWritable());

            Future<ByteBuf> next = pair.client.call(1, pair.message("x".repeat(1_000)));
            pair.run();
            assertEquals(1_000, Pair.text(next.getNow()).length());
        }

        @Test
        void moreCallsThanTheServerAcceptsFailAtTheClient() {
            limits(SMALL, SMALL);
            List<Future<ByteBuf>> responses = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                responses.add(pair.client.call(2, pair.message("7")));
            }
            pair.run();

            assertEquals(
                    CallStatus.Code.RESOURCE_EXHAUSTED,
                    failure(responses.get(3)).code());
            serverCall.end(pair.message("done"));
            pair.run();
            assertEquals("done", Pair.text(responses.get(2).getNow()));
            assertFalse(pair.client.call(2, pair.message("7")).isDone());
        }
    }

    /** Calls that are cancelled, late, or end with their connection. */
    @Nested
    class Ends {
        @Test
        void aCancelledCallEndsAtBothSides() {
            Future<ByteBuf> response = pair.client.call(2, pair.message("7"));
            pair.run();
            assertTrue(response.cancel(false));
            pair.run();
            assertEquals(List.of("7", "half close", CallStatus.CANCELLED), List.copyOf(atServer.events));

            serverCall.end(pair.message("too late"));
            pair.run();
            assertTrue(response.isCancelled());
        }

        @Test
        void aCallCancelledBeforeItIsSentIsNotSent() {
            Future<ByteBuf> response = pair.client.call(2, pair.message("7"));
            assertTrue(response.cancel(false));
            pair.run();

            assertNull(serverCall);
        }

        @Test
        void aCallEndsAtItsDeadlineAtBothSides() {
            Future<ByteBuf> response = pair.client.call(2, pair.message("7"), 100, TimeUnit.MILLISECONDS);
            pair.run();
            pair.serverChannel.advanceTimeBy(100, TimeUnit.MILLISECONDS);
            pair.serverChannel.runScheduledPendingTasks();
            assertEquals(List.of("7", "half close", CallStatus.DEADLINE_EXCEEDED), List.copyOf(atServer.events));
            pair.run();
            assertEquals(CallStatus.Code.DEADLINE_EXCEEDED, failure(response).code());

            Future<ByteBuf> second = pair.client.call(2, pair.message("7"), 100, TimeUnit.MILLISECONDS);
            pair.run();
            pair.clientChannel.advanceTimeBy(100, TimeUnit.MILLISECONDS);
            pair.clientChannel.runScheduledPendingTasks();
            assertEquals(CallStatus.Code.DEADLINE_EXCEEDED, failure(second).code());
            pair.run();
            assertEquals(0, pair.server.runningCalls());
        }

        @Test
        void theDeadlineOfAnAnsweredCallIsForgotten() {
            Future<ByteBuf> response = pair.client.call(1, pair.message("7"), 100, TimeUnit.MILLISECONDS);
            pair.run();
            assertEquals("7", Pair.text(response.getNow()));
            assertEquals(-1, pair.clientChannel.runScheduledPendingTasks());
            assertEquals(-1, pair.serverChannel.runScheduledPendingTasks());
        }

        @Test
        void callsEndWithTheConnection() {
            Future<ByteBuf> response = pair.client.call(2, pair.message("7"));
            pair.run();
            pair.serverChannel.close();
            pair.run();

            assertEquals(CallStatus.Code.UNAVAILABLE, failure(response).code());
            assertEquals(
                    CallStatus.Code.UNAVAILABLE,
                    atServer.events.stream()
                            .filter(CallStatus.class::isInstance)
                            .map(status -> ((CallStatus) status).code())
                            .findAny()
                            .orElseThrow());
            assertEquals(
                    CallStatus.Code.UNAVAILABLE,
                    failure(pair.client.call(1, pair.message("7"))).code());
        }

        @Test
        void callsThatWaitForTheServerEndWithTheConnection() {
            Future<ByteBuf> response = pair.client.call(1, pair.message("7"));
            pair.clientChannel.close();

            assertEquals(CallStatus.Code.UNAVAILABLE, failure(response).code());
        }

        @Test
        void aServerThatShutsDownLetsRunningCallsEndAndTakesNoMore() {
            Call call = pair.client.open(2, atClient);
            pair.run();
            Future<ByteBuf> onItsWay = pair.client.call(1, pair.message("7"));
            Call streamOnItsWay = pair.client.open(2, new Recorder());
            streamOnItsWay.write(pair.message("7"));
            pair.server.shutdown();
            pair.run();
            assertEquals(CallStatus.Code.UNAVAILABLE, failure(onItsWay).code());
            assertEquals(
                    CallStatus.Code.UNAVAILABLE,
                    failure(pair.client.call(1, pair.message("7"))).code());
            assertTrue(pair.serverChannel.isOpen());

            call.end(pair.message("still"));
            pair.run();
            assertEquals(List.of("still", "half close"), List.copyOf(atServer.events));
            serverCall.end(pair.message("here"));
            pair.run();
            assertEquals(List.of("here", CallStatus.OK), List.copyOf(atClient.events));
            assertFalse(pair.serverChannel.isOpen());
            assertFalse(pair.clientChannel.isOpen());
        }

        @Test
        void aClientThatShutsDownLetsItsCallsEnd() {
            Future<ByteBuf> response = pair.client.call(1, pair.message("7"));
            pair.client.shutdown();
            assertEquals(
                    CallStatus.Code.UNAVAILABLE,
                    failure(pair.client.call(1, pair.message("7"))).code());
            assertTrue(pair.clientChannel.isOpen());
            pair.run();

            assertEquals("7", Pair.text(response.getNow()));
            assertFalse(pair.clientChannel.isOpen());
        }
    }
}
