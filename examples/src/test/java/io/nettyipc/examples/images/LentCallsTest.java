/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.examples.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import io.nettyipc.base.testing.TestSize;
import io.nettyipc.codec.call.Call;
import io.nettyipc.codec.call.CallClientHandler;
import io.nettyipc.codec.call.CallException;
import io.nettyipc.codec.call.CallListener;
import io.nettyipc.codec.call.CallServerHandler;
import io.nettyipc.codec.call.CallService;
import io.nettyipc.codec.call.CallStatus;
import io.nettyipc.shm.ShmChannel;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls over shared memory that is lent: a message lies where its sender has written it. */
@Timeout(60)
class LentCallsTest {

    private static final int SIZE = 300_000;

    /** Hands over what comes, and is answered by the test. */
    private static final int ASK = 1;
    /** Sends back what came, as it came. */
    private static final int ECHO = 2;
    /** Copies what came into its own memory, and sends that; a stream. */
    private static final int COPY = 3;

    private record Asked(Call call, ByteBuf request) {}

    private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
    private final CallClientHandler calls = new CallClientHandler();
    private final CallServerHandler server = new CallServerHandler(method -> switch (method) {
        case ASK -> CallService.unary((call, request) -> asked.add(new Asked(call, request)));
        case ECHO -> CallService.unary(Call::end);
        case COPY -> call -> new Copier();
        default -> null;
    });

    private static final class Copier implements CallListener {
        @Override
        public void onMessage(Call call, ByteBuf message) {
            call.write(copy(message, (ShmChannel) call.channel()));
            message.release();
        }

        @Override
        public void onHalfClose(Call call) {
            call.end();
        }
    }

    private static ByteBuf copy(ByteBuf message, ShmChannel channel) {
        int length = message.readableBytes();
        return channel.sharedAllocator().directBuffer(length).writeBytes(message, message.readerIndex(), length);
    }

    private LentPair connect() throws InterruptedException {
        return new LentPair(List.of(server), List.of(calls));
    }

    private Asked next() throws InterruptedException {
        Asked next = asked.poll(20, TimeUnit.SECONDS);
        assertNotNull(next, "nothing came");
        return next;
    }

    private static ByteBuf get(Future<ByteBuf> response) throws Exception {
        return response.get(20, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(ints = {64 << 10, 100_003, 1 << 20, 4 << 20})
    void requestAndResponseLieWhereTheyWereWritten(int size) throws Exception {
        try (LentPair pair = connect()) {
            for (int i = 1; i <= 10; i++) {
                ByteBuf request = LentPair.message(pair.client, size, i);
                ByteBuffer written = request.nioBuffer();
                Future<ByteBuf> response = calls.call(ASK, request);
                Asked next = next();
                LentPair.assertNotCopied(written, next.request());
                assertEquals(1, pair.child.leaseMetrics().held());
                next.request().release();
                // The decoder may have it a moment longer.
                LentPair.await(() -> pair.child.leaseMetrics().held() == 0);
                assertEquals(0, pair.child.leaseMetrics().held());

                ByteBuf answer = LentPair.message(pair.child, size, -i);
                ByteBuffer writtenAnswer = answer.nioBuffer();
                next.call().end(answer);
                ByteBuf received = get(response);
                LentPair.assertNotCopied(writtenAnswer, received);
                received.release();
            }
            for (ShmChannel channel : List.of(pair.client, pair.child)) {
                LentPair.assertSent(10, channel);
                assertEquals(10, channel.leaseMetrics().received());
            }
            pair.assertAllReturned();
        }
    }

    @Test
    void messagesAreKeptAfterTheirListenerAndTheConnectionAndReleasedByAnyThread() throws Exception {
        List<ByteBuf> kept = new ArrayList<>();
        try (LentPair pair = connect()) {
            for (int i = 0; i < 20; i++) {
                Future<ByteBuf> response = calls.call(ASK, LentPair.message(pair.client, SIZE + i, i));
                Asked next = next();
                kept.add(next.request());
                next.call().end(LentPair.message(pair.child, SIZE + i, i));
                kept.add(get(response));
            }
            assertEquals(20, pair.client.leaseMetrics().held());
            assertEquals(20, pair.child.leaseMetrics().held());
            assertEquals(20, pair.client.leaseMetrics().peerHolds());
            LentPair.releaseByAnotherThread(kept.subList(0, 10));
            assertEquals(15, pair.client.leaseMetrics().held());
            assertEquals(15, pair.child.leaseMetrics().held());
            pair.client.close().sync();
            pair.child.closeFuture().sync();
        }
        for (int i = 0; i < kept.size(); i++) {
            LentPair.assertContent(SIZE + 5 + i / 2, 5 + i / 2, kept.get(i));
        }
        LentPair.releaseByAnotherThread(kept);
    }

    private static final class Received implements CallListener {
        final BlockingQueue<ByteBuf> messages = new LinkedBlockingQueue<>();
        final CompletableFuture<CallStatus> end = new CompletableFuture<>();

        @Override
        public void onMessage(Call call, ByteBuf message) {
            messages.add(message);
        }

        @Override
        public void onEnd(Call call, CallStatus status) {
            end.complete(status);
        }

        ByteBuf next() throws InterruptedException {
            ByteBuf next = messages.poll(20, TimeUnit.SECONDS);
            assertNotNull(next, "nothing came");
            return next;
        }
    }

    @Test
    void messagesOfAStreamKeepTheirOrderAmongCopiedOnes() throws Exception {
        try (LentPair pair = connect()) {
            Received received = new Received();
            Call call = calls.open(COPY, received);
            for (int i = 0; i < 200; i++) {
                call.write(LentPair.message(pair.client, size(i), i));
                if (i >= 10) {
                    int number = i - 10;
                    ByteBuf message = received.next();
                    LentPair.assertContent(size(number), number, message);
                    assertEquals(size(number) >= 64 << 10, message.isReadOnly());
                    message.release();
                }
            }
            call.end();
            for (int number = 190; number < 200; number++) {
                ByteBuf message = received.next();
                LentPair.assertContent(size(number), number, message);
                message.release();
            }
            assertEquals(CallStatus.OK, received.end.get(20, TimeUnit.SECONDS));
            LentPair.assertSent(pair.client.leaseMetrics().sent(), pair.child);
            pair.assertAllReturned();
        }
    }

    private static int size(int number) {
        return number % 3 == 0 ? number : number % 3 == 1 ? 5_000 + number : 70_000 + 1_000 * number;
    }

    /** A lease is not its receiver's memory to lend, so it is copied. */
    @Test
    void aServiceSendsBackWhatItGot() throws Exception {
        try (LentPair pair = connect()) {
            for (int i = 0; i < 10; i++) {
                ByteBuf response = get(calls.call(ECHO, LentPair.message(pair.client, SIZE, i)));
                LentPair.assertContent(SIZE, i, response);
                response.release();
            }
            assertEquals(10, pair.client.leaseMetrics().sent());
            assertEquals(0, pair.child.leaseMetrics().sent());
            pair.assertAllReturned();
        }
    }

    @Test
    void aCallWithMemoryOfAnotherConnectionIsCopied() throws Exception {
        CallClientHandler others = new CallClientHandler();
        try (LentPair pair = connect();
                LentPair other = new LentPair(List.of(new CallServerHandler(method -> null)), List.of(others))) {
            ByteBuf response = get(calls.call(ECHO, LentPair.message(other.client, SIZE, 1)));
            LentPair.assertContent(SIZE, 1, response);
            response.release();
            assertEquals(0, pair.client.leaseMetrics().sent());
            pair.assertAllReturned();
            other.assertAllReturned();
        }
    }

    @Test
    void whatIsRetainedElsewhereIsCopiedAndStays() throws Exception {
        try (LentPair pair = connect()) {
            ByteBuf request = LentPair.message(pair.client, SIZE, 1);
            ByteBuf response = get(calls.call(ECHO, request.retainedDuplicate()));
            LentPair.assertContent(SIZE, 1, response);
            response.release();
            assertEquals(1, request.refCnt());
            assertEquals(0, pair.client.leaseMetrics().sent());
            response = get(calls.call(ECHO, request));
            LentPair.assertContent(SIZE, 1, response);
            response.release();
            assertEquals(1, pair.client.leaseMetrics().sent());
            pair.assertAllReturned();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 1024})
    void whoKeepsAllMemoryOrAllLeasesGetsCopies(int maxLeases) throws Exception {
        int memory = 1 << 20;
        try (LentPair pair = new LentPair(memory, maxLeases, List.of(server), List.of(calls))) {
            List<ByteBuf> kept = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                Future<ByteBuf> response = calls.call(ASK, LentPair.message(pair.client, SIZE, i));
                Asked next = next();
                kept.add(next.request());
                next.call().end(LentPair.message(pair.child, SIZE, i));
                kept.add(get(response));
            }
            long lent = Math.min(maxLeases, memory / SIZE);
            LentPair.assertSent(lent, pair.client);
            LentPair.assertSent(lent, pair.child);
            for (int i = 0; i < kept.size(); i++) {
                LentPair.assertContent(SIZE, i / 2, kept.get(i));
            }
            LentPair.releaseByAnotherThread(kept);
            pair.assertAllReturned();
            ByteBuf response = get(calls.call(ECHO, LentPair.message(pair.client, SIZE, 1)));
            response.release();
            assertEquals(lent + 1, pair.client.leaseMetrics().sent());
            pair.assertAllReturned();
        }
    }

    @Test
    void aResponseThatNobodyWantsAnyMoreIsGivenBack() throws Exception {
        try (LentPair pair = connect()) {
            for (int i = 0; i < 10; i++) {
                Future<ByteBuf> response = calls.call(ASK, LentPair.message(pair.client, SIZE, i));
                Asked next = next();
                next.request().release();
                ByteBuf answer = LentPair.message(pair.child, SIZE, i);
                if (i % 2 == 0) {
                    // Both at once: who is first is not known.
                    next.call().end(answer);
                    response.cancel(true);
                } else {
                    response.cancel(true);
                    next.call().end(answer);
                }
                if (response.isSuccess()) {
                    response.getNow().release();
                }
            }
            get(calls.call(ECHO, Unpooled.EMPTY_BUFFER)).release();
            pair.assertAllReturned();
        }
    }

    @Test
    void aCancelledRequestIsGivenBack() throws Exception {
        try (LentPair pair = connect()) {
            for (int i = 0; i < 20; i++) {
                calls.call(ECHO, LentPair.message(pair.client, SIZE, i)).cancel(true);
            }
            get(calls.call(ECHO, Unpooled.EMPTY_BUFFER)).release();
            pair.assertAllReturned();
        }
    }

    @Test
    void aMessageThatIsTooLongIsGivenBackAndEndsItsCallOnly() throws Exception {
        try (LentPair pair = connect()) {
            int tooLong = (4 << 20) + 1;
            Future<ByteBuf> response = calls.call(ECHO, LentPair.message(pair.client, tooLong, 1));
            assertThrows(ExecutionException.class, () -> get(response));
            assertEquals(
                    CallStatus.Code.RESOURCE_EXHAUSTED,
                    ((CallException) response.cause()).status().code());
            Future<ByteBuf> second = calls.call(ASK, LentPair.message(pair.client, SIZE, 1));
            Asked next = next();
            next.request().release();
            next.call().end(LentPair.message(pair.child, tooLong, 1));
            assertThrows(ExecutionException.class, () -> get(second));
            get(calls.call(ECHO, LentPair.message(pair.client, 4 << 20, 1))).release();
            pair.assertAllReturned();
        }
    }

    @Test
    void aDeadlineEndsACallWhoseMessagesAreLent() throws Exception {
        try (LentPair pair = connect()) {
            Future<ByteBuf> response =
                    calls.call(ASK, LentPair.message(pair.client, SIZE, 1), 50, TimeUnit.MILLISECONDS);
            Asked next = next();
            assertThrows(ExecutionException.class, () -> get(response));
            LentPair.assertContent(SIZE, 1, next.request());
            next.request().release();
            next.call().end(LentPair.message(pair.child, SIZE, 1));
            get(calls.call(ECHO, Unpooled.EMPTY_BUFFER)).release();
            pair.assertAllReturned();
        }
    }

    /** A listener that asks for each message by itself. */
    @Test
    void messagesThatNobodyAsksForAreHeldAndDroppedWithTheirCall() throws Exception {
        try (LentPair pair = connect()) {
            Received received = new Received();
            Call call = calls.open(COPY, received);
            call.setAutoRead(false);
            for (int i = 0; i < 20; i++) {
                call.write(LentPair.message(pair.client, SIZE, i));
            }
            for (int i = 0; i < 5; i++) {
                call.read();
                ByteBuf message = received.next();
                LentPair.assertContent(SIZE, i, message);
                message.release();
            }
            call.cancel();
            get(calls.call(ECHO, Unpooled.EMPTY_BUFFER)).release();
            pair.assertAllReturned();
        }
    }

    /** The server leaves the requests unread while the client does not read its responses. */
    @Test
    void aClientThatDoesNotReadGetsEverythingLater() throws Exception {
        try (LentPair pair = connect()) {
            get(calls.call(ECHO, Unpooled.EMPTY_BUFFER)).release();
            pair.client.config().setAutoRead(false);
            List<Future<ByteBuf>> responses = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                responses.add(calls.call(ECHO, LentPair.message(pair.client, SIZE, i)));
            }
            LentPair.await(() -> !pair.child.isWritable());
            assertFalse(pair.child.isWritable());
            assertFalse(responses.get(0).isDone());
            pair.client.config().setAutoRead(true);
            for (int i = 0; i < 40; i++) {
                ByteBuf response = get(responses.get(i));
                LentPair.assertContent(SIZE, i, response);
                response.release();
            }
            pair.assertAllReturned();
        }
    }

    @Test
    void aClosedConnectionGivesBackWhatIsUnderWay() throws Exception {
        for (int round = 0; round < 10; round++) {
            CallClientHandler client = new CallClientHandler();
            CallServerHandler echo = new CallServerHandler(method -> CallService.unary(Call::end));
            try (LentPair pair = new LentPair(List.of(echo), List.of(client))) {
                List<Future<ByteBuf>> responses = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    responses.add(client.call(ECHO, LentPair.message(pair.client, SIZE, i)));
                }
                if (round > 0) {
                    responses.get(round - 1).await();
                }
                (round % 2 == 0 ? pair.client : pair.child).close().sync();
                pair.client.closeFuture().sync();
                for (Future<ByteBuf> response : responses) {
                    assertTrue(response.await(20, TimeUnit.SECONDS));
                    if (response.isSuccess()) {
                        response.getNow().release();
                    }
                }
                ByteBuf late = LentPair.message(pair.client, SIZE, 1);
                assertThrows(ExecutionException.class, () -> get(client.call(ECHO, late)));
                assertEquals(0, late.refCnt());
                pair.assertAllReturnedAfterAFailure();
            }
        }
    }

    @Test
    void aServerAnswersAClientThatHasEndedItsOutput() throws Exception {
        try (LentPair pair = connect()) {
            Future<ByteBuf> first = calls.call(ASK, LentPair.message(pair.client, SIZE, 1));
            Future<ByteBuf> second = calls.call(ASK, LentPair.message(pair.client, SIZE, 2));
            Asked one = next();
            Asked two = next();
            pair.client.shutdownOutput().sync();
            one.request().release();
            two.call().end(LentPair.message(pair.child, SIZE, 2));
            ByteBuf response = get(second);
            LentPair.assertContent(SIZE, 2, response);
            response.release();
            one.call().end(LentPair.message(pair.child, SIZE, 1));
            response = get(first);
            assertTrue(response.isReadOnly());
            LentPair.assertContent(SIZE, 1, response);
            response.release();
            two.request().release();
            assertTrue(pair.client.closeFuture().await(20, TimeUnit.SECONDS));
            pair.assertAllReturned();
        }
    }

    /** Then headers lie in lent memory too, and so does what is received and was copied. */
    @Test
    void theSharedAllocatorMayBeTheChannels() throws Exception {
        try (LentPair pair =
                new LentPair(List.of(new SharedAllocator(), server), List.of(new SharedAllocator(), calls))) {
            for (int i = 0; i < 50; i++) {
                int size = size(i);
                Future<ByteBuf> response =
                        calls.call(ASK, LentPair.fill(pair.client.alloc().buffer(), size, i));
                Asked next = next();
                LentPair.assertContent(size, i, next.request());
                next.call().end(LentPair.fill(pair.child.alloc().buffer(size), size, i));
                next.request().release();
                ByteBuf received = get(response);
                LentPair.assertContent(size, i, received);
                received.release();
            }
            pair.client.close().sync();
            pair.child.closeFuture().sync();
            pair.assertAllReturned();
        }
    }

    /** Several threads call, wait for some responses, cancel others, and have theirs released by others still. */
    @ParameterizedTest
    @ValueSource(ints = {1 << 20, LentPair.MEMORY})
    void nothingIsLostWhoeverCallsAndCancelsAndReleases(int memory) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(5);
        CallServerHandler answering =
                new CallServerHandler(method -> CallService.unary((call, request) -> threads.execute(() -> {
                    call.end(copy(request, (ShmChannel) call.channel()));
                    request.release();
                })));
        try (LentPair pair = new LentPair(memory, 20, List.of(answering), List.of(calls))) {
            List<java.util.concurrent.Future<Void>> callers = new ArrayList<>();
            for (int caller = 0; caller < 2; caller++) {
                SplittableRandom random = new SplittableRandom();
                callers.add(threads.submit(() -> callAndCancel(pair, random, threads)));
            }
            for (java.util.concurrent.Future<Void> caller : callers) {
                caller.get(50, TimeUnit.SECONDS);
            }
            get(calls.call(ASK, Unpooled.EMPTY_BUFFER)).release();
            pair.assertAllReturned();
            assertTrue(pair.client.leaseMetrics().received() > 0);
            assertTrue(pair.child.leaseMetrics().received() > 0);
        } finally {
            threads.shutdown();
            assertTrue(threads.awaitTermination(20, TimeUnit.SECONDS));
        }
    }

    private Void callAndCancel(LentPair pair, SplittableRandom random, ExecutorService threads) throws Exception {
        for (int i = 0; i < TestSize.of(150, 20_000); i++) {
            int size = (int) Math.exp(random.nextDouble(0, Math.log(2 << 20)));
            long seed = random.nextLong();
            Future<ByteBuf> response = calls.call(ASK, LentPair.message(pair.client, size, seed));
            if (random.nextInt(4) == 0) {
                response.cancel(true);
                if (response.isSuccess()) {
                    response.getNow().release();
                }
            } else {
                ByteBuf message = get(response);
                threads.execute(() -> {
                    if (!Unpooled.wrappedBuffer(LentPair.bytes(size, seed)).equals(message)) {
                        pair.failures.add(new AssertionError("another content of " + size + " bytes"));
                    }
                    message.release();
                });
            }
        }
        return null;
    }

    private static final class SharedAllocator extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            ctx.channel().config().setAllocator(((ShmChannel) ctx.channel()).sharedAllocator());
            ctx.fireChannelActive();
        }
    }
}
