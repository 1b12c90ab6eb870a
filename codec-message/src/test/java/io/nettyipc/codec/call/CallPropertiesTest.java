/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.nettyipc.codec.Fuzz;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random calls with random limits over a byte stream that is split anywhere. {@code -Dnettyipc.fuzz.inputs} sets the
 * number of runs, {@code -Dnettyipc.fuzz.seed} chooses others.
 */
class CallPropertiesTest {

    @Test
    void eachSideGetsWhatTheOtherSentInOrderAndOneEnd() {
        long runs = Fuzz.inputs(500, 20_000);
        long seed = Fuzz.firstSeed();
        for (long run = 0; run < runs; run++) {
            new Run(seed + run).go();
        }
    }

    /** What one side of a call has sent and got. */
    private static final class Side implements CallListener {
        private final List<Integer> sent = new ArrayList<>();
        private final List<Integer> got = new ArrayList<>();
        private final List<CallStatus> ends = new ArrayList<>();
        private Call call;
        private boolean sendEnded;
        private int halfCloses;

        @Override
        public void onMessage(Call from, ByteBuf message) {
            assertTrue(ends.isEmpty() && halfCloses == 0, "a message after the last one");
            // Its number, and as many bytes of it as its length says.
            int number = message.readInt();
            for (int i = message.readableBytes(); i > 0; i--) {
                assertEquals((byte) number, message.readByte());
            }
            message.release();
            got.add(number);
        }

        @Override
        public void onHalfClose(Call from) {
            halfCloses++;
        }

        @Override
        public void onEnd(Call from, CallStatus status) {
            ends.add(status);
        }
    }

    private static final class Run {
        private final long seed;
        private final Random random;
        private final List<Side> clients = new ArrayList<>();
        private final List<Side> servers = new ArrayList<>();
        private final CallLimits clientLimits;
        private final CallLimits serverLimits;
        private final Pair pair;
        private int next;
        private boolean disturbed;

        Run(long seed) {
            this.seed = seed;
            random = new Random(seed);
            clientLimits = limits();
            serverLimits = limits();
            // The number of a method is the number of its call.
            pair = new Pair(this::service, clientLimits, serverLimits);
        }

        private CallLimits limits() {
            return new CallLimits(4 + random.nextInt(2_000), 1 + random.nextInt(3_000), 20);
        }

        private CallService service(int number) {
            return call -> {
                Side side = servers.get(number);
                side.call = call;
                call.setAutoRead(random.nextBoolean());
                return side;
            };
        }

        void go() {
            int steps = random.nextInt(200);
            for (int i = 0; i < steps; i++) {
                act();
            }
            // Now everybody reads and ends.
            for (int round = 0; round < 3; round++) {
                pair.run(random);
                for (Side side : all()) {
                    if (side.call != null) {
                        side.call.setAutoRead(true);
                    }
                }
                pair.run(random);
                for (Side side : all()) {
                    if (side.call != null) {
                        side.call.end();
                        side.sendEnded = true;
                    }
                }
            }
            pair.run(random);
            check();
            pair.close();
            assertEquals(List.of(), pair.errors, this::toString);
            assertEquals(0, pair.unreleased(), this::toString);
        }

        private List<Side> all() {
            List<Side> sides = new ArrayList<>(clients);
            sides.addAll(servers);
            return sides;
        }

        private void act() {
            int what = random.nextInt(100);
            if (clients.isEmpty() || (what < 8 && clients.size() < 20)) {
                Side side = new Side();
                clients.add(side);
                servers.add(new Side());
                side.call = pair.client.open(clients.size() - 1, side);
                side.call.setAutoRead(random.nextBoolean());
                return;
            }
            boolean atClient = random.nextBoolean();
            Side side = (atClient ? clients : servers).get(random.nextInt(clients.size()));
            if (side.call == null || what < 40) {
                pair.step(random);
            } else if (what < 85) {
                write(side, atClient ? serverLimits : clientLimits, false);
            } else if (what < 92) {
                side.call.read();
            } else if (what < 95) {
                side.call.setAutoRead(random.nextBoolean());
            } else if (what < 97) {
                write(side, atClient ? serverLimits : clientLimits, true);
            } else if (what < 98) {
                side.call.end();
                side.sendEnded = true;
            } else if (random.nextInt(4) == 0) {
                disturbed = true;
                side.call.cancel();
            }
        }

        private void write(Side side, CallLimits receiver, boolean last) {
            int length = random.nextInt(receiver.maxMessageLength() - 3);
            ByteBuf message = pair.message(new byte[0]).writeInt(next);
            for (int i = 0; i < length; i++) {
                message.writeByte(next);
            }
            if (!side.sendEnded && side.ends.isEmpty()) {
                side.sent.add(next);
            }
            next++;
            side.sendEnded |= last;
            if (last) {
                side.call.end(message);
            } else {
                side.call.write(message);
            }
        }

        private void check() {
            for (int i = 0; i < clients.size(); i++) {
                Side client = clients.get(i);
                Side server = servers.get(i);
                assertEquals(1, client.ends.size(), this::toString);
                assertPrefix(server.got, client.sent);
                assertPrefix(client.got, server.sent);
                if (client.ends.get(0).isOk()) {
                    assertEquals(server.sent, client.got, this::toString);
                    assertEquals(List.of(CallStatus.OK), server.ends, this::toString);
                }
                if (!disturbed) {
                    assertEquals(CallStatus.OK, client.ends.get(0), this::toString);
                }
            }
            assertEquals(0, pair.client.runningCalls(), this::toString);
            assertEquals(0, pair.server.runningCalls(), this::toString);
        }

        private void assertPrefix(List<Integer> got, List<Integer> sent) {
            assertTrue(got.size() <= sent.size(), this::toString);
            assertEquals(sent.subList(0, got.size()), got, this::toString);
        }

        @Override
        public String toString() {
            return "seed " + seed + ", " + clientLimits + ", " + serverLimits;
        }
    }
}
