/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That a call ends, once and with all that it holds, whatever the peer or the application does. */
class CallEndTest {

    private static final int ECHO = 1;
    private static final int STREAM = 2;

    private final Map<Integer, CallService> services = new HashMap<>();
    private final Recorder atClient = new Recorder();
    private final Recorder atServer = new Recorder();
    private final Pair pair = new Pair(services::get, CallLimits.DEFAULT, CallLimits.DEFAULT);
    private Call serverCall;

    CallEndTest() {
        services.put(ECHO, CallService.unary((call, request) -> call.end(request)));
        services.put(STREAM, call -> {
            serverCall = call;
            return atServer;
        });
    }

    @AfterEach
    void everythingIsReleased() {
        assertEquals(List.of(), pair.errors);
        assertEquals(0, pair.close().unreleased());
    }

    private static CallStatus failure(Future<ByteBuf> response) {
        assertTrue(response.isDone());
        return assertInstanceOf(CallException.class, response.cause()).status();
    }

    private static CallStatus.Code code(Object event) {
        return assertInstanceOf(CallStatus.class, event).code();
    }

    /** A client's call that the server has ended, and whose three messages nobody has asked for. */
    private Call unreadCall(long timeoutMillis) {
        Call call = timeoutMillis == 0
                ? pair.client.open(STREAM, atClient)
                : pair.client.open(STREAM, atClient, timeoutMillis, TimeUnit.MILLISECONDS);
        call.setAutoRead(false);
        pair.run();
        serverCall.write(pair.message("1"));
        serverCall.write(pair.message("2"));
        serverCall.end(pair.message("3"));
        pair.run();
        assertEquals(0, pair.client.runningCalls());
        return call;
    }

    @Test
    void aCallThatIsOverAtThePeerEndsWithTheConnectionThoughItsMessagesAreUnread() {
        unreadCall(0);
        pair.clientChannel.close();

        assertEquals(1, atClient.events.size());
        assertEquals(CallStatus.Code.UNAVAILABLE, code(atClient.events.remove()));
    }

    @Test
    void theDeadlineCoversTheDelivery() {
        Call call = unreadCall(100);
        call.read();
        assertEquals("1", atClient.events.remove());
        pair.clientChannel.advanceTimeBy(100, TimeUnit.MILLISECONDS);
        pair.clientChannel.runScheduledPendingTasks();

        assertEquals(List.of(CallStatus.DEADLINE_EXCEEDED), List.copyOf(atClient.events));
        call.read();
        assertEquals(1, atClient.events.size());
    }

    @Test
    void aCallThatIsOverAtThePeerCanBeCancelled() {
        Call call = unreadCall(0);
        call.cancel();

        assertEquals(List.of(CallStatus.CANCELLED), List.copyOf(atClient.events));
        // The server has nothing to hear of it.
        assertEquals(0, Pair.outbound(pair.clientChannel).length);
    }

    @Test
    void aClientThatShutsDownWaitsUntilTheMessagesAreRead() {
        Call call = unreadCall(0);
        pair.client.shutdown();
        pair.run();
        assertTrue(pair.clientChannel.isOpen());
        call.setAutoRead(true);
        pair.run();

        assertEquals(List.of("1", "2", "3", CallStatus.OK), List.copyOf(atClient.events));
        assertFalse(pair.clientChannel.isOpen());
    }

    private static void endInput(EmbeddedChannel channel) {
        channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        channel.runPendingTasks();
    }

    @Test
    void aServersEndOfOutputEndsTheClientsCalls() {
        Future<ByteBuf> running = pair.client.call(STREAM, pair.message("7"));
        pair.run();
        endInput(pair.clientChannel);
        Future<ByteBuf> after = pair.client.call(ECHO, pair.message("7"));

        assertEquals(CallStatus.Code.UNAVAILABLE, failure(running).code());
        assertEquals(CallStatus.Code.UNAVAILABLE, failure(after).code());
        assertFalse(pair.clientChannel.isOpen());
    }

    @Test
    void aServersEndOfOutputBeforeItsHelloEndsTheCallsThatWaitForIt() {
        Future<ByteBuf> waiting = pair.client.call(ECHO, pair.message("7"));
        endInput(pair.clientChannel);

        assertEquals(CallStatus.Code.UNAVAILABLE, failure(waiting).code());
        assertFalse(pair.clientChannel.isOpen());
    }

    @Test
    void aServersEndOfOutputLeavesTheClientWhatHasCome() {
        Call call = unreadCall(0);
        endInput(pair.clientChannel);
        assertTrue(pair.clientChannel.isOpen());
        call.setAutoRead(true);
        pair.clientChannel.runPendingTasks();

        assertEquals(List.of("1", "2", "3", CallStatus.OK), List.copyOf(atClient.events));
        assertFalse(pair.clientChannel.isOpen());
    }

    @Test
    void aServerAnswersWhatAClientThatHasEndedItsOutputHasAskedAndCloses() {
        Future<ByteBuf> response = pair.client.call(STREAM, pair.message("7"));
        pair.run();
        Call answered = serverCall;
        pair.client.open(STREAM, atClient);
        pair.run();
        endInput(pair.serverChannel);
        // One whose requests have not all come can't be answered.
        assertEquals(List.of("7", "half close"), List.copyOf(atServer.events).subList(0, 2));
        assertEquals(
                CallStatus.Code.UNAVAILABLE, code(List.copyOf(atServer.events).get(2)));
        assertTrue(pair.serverChannel.isOpen());

        answered.end(pair.message("8"));
        pair.run();
        assertEquals("8", Pair.text(response.getNow()));
        assertEquals(CallStatus.Code.UNAVAILABLE, code(atClient.events.remove()));
        assertFalse(pair.serverChannel.isOpen());
    }

    @Test
    void anIdleServerClosesWhenTheClientHasEndedItsOutput() {
        pair.run();
        endInput(pair.serverChannel);

        assertFalse(pair.serverChannel.isOpen());
    }

    @Test
    void aResponseBeyondTheWindowOfAClientThatHasEndedItsOutputEndsItsCall() {
        Pair small = new Pair(services::get, new CallLimits(1_000, 100, 10), CallLimits.DEFAULT);
        Call call = small.client.open(STREAM, atClient);
        call.setAutoRead(false);
        call.end();
        small.run();
        endInput(small.serverChannel);
        serverCall.write(small.message("x".repeat(100)));
        assertEquals(List.of("half close"), List.copyOf(atServer.events));
        serverCall.write(small.message("beyond"));

        assertEquals(
                CallStatus.Code.UNAVAILABLE, code(List.copyOf(atServer.events).get(1)));
        small.run();
        assertEquals(0, small.close().unreleased());
    }

    @Test
    void requestsThatHaveComeAreAnsweredThoughTheServerCouldNotReadThemBeforeTheEndOfTheInput() {
        pair.run();
        Unread unread = new Unread();
        pair.serverChannel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(50, 100));
        pair.serverChannel.pipeline().addFirst(unread);
        List<Future<ByteBuf>> responses = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            responses.add(pair.client.call(ECHO, pair.message("request " + i)));
        }
        pair.serverChannel.writeOneInbound(pair.message(Pair.outbound(pair.clientChannel)));
        pair.serverChannel.flushInbound();
        assertFalse(pair.serverChannel.isWritable());
        endInput(pair.serverChannel);
        unread.readOn(pair.serverChannel);
        pair.run();

        for (int i = 0; i < 20; i++) {
            assertEquals("request " + i, Pair.text(responses.get(i).getNow()));
        }
        assertFalse(pair.serverChannel.isOpen());
    }

    private ByteBuf released(int length) {
        ByteBuf message = pair.message("x".repeat(length));
        message.release();
        return message;
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 8_000})
    void aMessageThatWasReleasedBeforeHarmsItsOwnCallOnly(int length) {
        Future<ByteBuf> early = pair.client.call(ECHO, released(length));
        pair.run();
        Call stream = pair.client.open(STREAM, atClient);
        pair.run();
        Future<ByteBuf> bad = pair.client.call(ECHO, released(length));
        Future<ByteBuf> good = pair.client.call(ECHO, pair.message("good"));
        stream.write(released(length));
        Future<ByteBuf> next = pair.client.call(ECHO, pair.message("next"));
        pair.run();
        assertEquals(CallStatus.Code.INTERNAL, failure(early).code());
        assertEquals(CallStatus.Code.INTERNAL, failure(bad).code());
        assertEquals(CallStatus.Code.INTERNAL, code(atClient.events.remove()));
        assertEquals(CallStatus.Code.INTERNAL, code(atServer.events.remove()));
        assertEquals("good", Pair.text(good.getNow()));
        assertEquals("next", Pair.text(next.getNow()));

        Future<ByteBuf> answer = pair.client.call(STREAM, pair.message("7"));
        pair.run();
        serverCall.end(released(length));
        pair.run();
        assertEquals(CallStatus.Code.INTERNAL, failure(answer).code());
        // Nobody writes what belongs to a call that has ended.
        serverCall.write(released(length));
        stream.end(released(length));
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 8_000})
    void aMessageOfWhichAPartWasReleasedHarmsItsOwnCallOnly(int length) {
        pair.run();
        ByteBuf part = pair.message("x".repeat(length));
        CompositeByteBuf message = Unpooled.compositeBuffer().addComponent(true, pair.message("y"));
        message.addComponent(true, part);
        part.release();
        Future<ByteBuf> bad = pair.client.call(ECHO, message);
        Future<ByteBuf> good = pair.client.call(ECHO, pair.message("good"));
        pair.run();

        assertEquals(CallStatus.Code.INTERNAL, failure(bad).code());
        assertEquals("good", Pair.text(good.getNow()));
    }

    @Test
    void aMessageReleasedWhileItWaitsForTheWindowHarmsItsOwnCallOnly() {
        Pair small = new Pair(services::get, CallLimits.DEFAULT, new CallLimits(1_000, 100, 10));
        Call call = small.client.open(STREAM, atClient);
        small.run();
        serverCall.setAutoRead(false);
        call.write(small.message("x".repeat(100)));
        ByteBuf waiting = small.message("waits");
        call.write(waiting);
        waiting.release();
        serverCall.setAutoRead(true);
        small.run();

        assertEquals(CallStatus.Code.INTERNAL, code(atClient.events.remove()));
        Future<ByteBuf> good = small.client.call(ECHO, small.message("good"));
        small.run();
        assertEquals("good", Pair.text(good.getNow()));
        assertEquals(0, small.close().unreleased());
    }

    @Test
    void aLongDescriptionIsCutBetweenCharacters() {
        for (String text :
                List.of("a" + "\u00fc".repeat(600), "\u20ac".repeat(1_000), "ab" + "\ud83d\ude00".repeat(300))) {
            Future<ByteBuf> response = pair.client.call(STREAM, pair.message("7"));
            pair.run();
            serverCall.abort(CallStatus.of(CallStatus.Code.NOT_FOUND, text));
            pair.run();
            String description = failure(response).description();

            assertTrue(text.startsWith(description), description);
            int bytes = description.getBytes(StandardCharsets.UTF_8).length;
            assertTrue(bytes <= 1_024 && bytes > 1_020, () -> "" + bytes);
        }
    }

    @Test
    void noMoreCallsWaitForTheServerThanTheClientsLimitSays() {
        Pair small = new Pair(services::get, new CallLimits(1_000, 1_000, 2), CallLimits.DEFAULT);
        Future<ByteBuf> first = small.client.call(ECHO, small.message("1"));
        Future<ByteBuf> second = small.client.call(ECHO, small.message("2"));
        assertEquals(
                CallStatus.Code.RESOURCE_EXHAUSTED,
                failure(small.client.call(ECHO, small.message("3"))).code());
        assertTrue(first.cancel(false));
        Future<ByteBuf> fourth = small.client.call(ECHO, small.message("4"));
        small.run();

        assertEquals("2", Pair.text(second.getNow()));
        assertEquals("4", Pair.text(fourth.getNow()));
        assertEquals(0, small.close().unreleased());
    }

    /** If each looked for itself among all that wait, it would take minutes. */
    @Test
    @Timeout(60)
    void manyCallsThatWaitForTheServerEndInATimeThatGrowsWithTheirNumber() {
        int count = 100_000;
        for (boolean closed : new boolean[] {true, false}) {
            Pair many = new Pair(services::get, new CallLimits(1_000, 1_000, count), new CallLimits(1_000, 1_000, 10));
            List<Future<ByteBuf>> responses = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                responses.add(many.client.call(STREAM, Unpooled.EMPTY_BUFFER));
            }
            if (closed) {
                many.clientChannel.close();
            } else {
                many.run();
            }
            assertEquals(
                    closed ? count : count - 10,
                    responses.stream().filter(Future::isDone).count());
            assertEquals(0, many.close().unreleased());
        }
    }
}
