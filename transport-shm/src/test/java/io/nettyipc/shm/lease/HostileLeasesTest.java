/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.nettyipc.base.testing.TestSize;
import io.nettyipc.shm.ring.CorruptRingException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A peer that stores what it likes into its memory: it is refused, or harms itself only. */
@Timeout(120)
class HostileLeasesTest {

    private static final int MUTATIONS = TestSize.of(10_000, 100_000);
    private static final int LEASES = 4;
    private static final int SLOTS = 64 << 10;
    private static final int THRESHOLD = 100;

    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);
    private final List<ByteBuf> held = new ArrayList<>();
    private TestLeases leases = new TestLeases(LEASES, SLOTS, THRESHOLD);
    private int accepted;
    private int refused;

    private void renew() {
        held.forEach(ByteBuf::release);
        held.clear();
        leases.assertGuardsUntouched();
        leases.sendingSide.close();
        leases.receivingSide.close();
        assertEquals(1, leases.senders.timesClosed());
        assertEquals(1, leases.sendersSeen.timesClosed());
        leases = new TestLeases(LEASES, SLOTS, THRESHOLD);
    }

    @Test
    void whateverIsInADescriptorNothingOutsideOfTheSlotsIsRead() {
        System.out.println("seed " + seed);
        for (int i = 0; i < MUTATIONS; i++) {
            try {
                if (random.nextInt(3) != 0) {
                    ByteBuf message = leases.allocate(THRESHOLD).writeZero(random.nextInt(1, 5000));
                    try {
                        leases.pass(message);
                    } finally {
                        if (message.refCnt() > 0) {
                            message.release();
                        }
                    }
                }
                int word = leases.senderLayout.descriptors()
                        + random.nextInt(LEASES * LeaseLayout.DESCRIPTOR_SIZE / Long.BYTES) * Long.BYTES;
                if (random.nextInt(4) != 0) {
                    leases.senders.store(word, Nonsense.insteadOf(leases.senders.load(word), SLOTS, random));
                }
                ByteBuf lease = leases.receiver.bytesBeforeMark() == 0 ? leases.receiver.take() : null;
                if (lease != null) {
                    held.add(lease);
                    ByteBuf object = lease instanceof LeaseBuf ? lease : lease.unwrap();
                    int from = ((LeaseBuf) object).base() - leases.senderLayout.slots();
                    assertTrue(
                            from >= 0 && lease.readableBytes() <= SLOTS - from && lease.readableBytes() > 0,
                            () -> lease + " from " + from);
                    assertTrue(leases.receiver.held() <= LEASES);
                }
                if (held.size() > random.nextInt(LEASES + 1)) {
                    held.remove(random.nextInt(held.size())).release();
                }
                accepted++;
            } catch (CorruptRingException e) {
                refused++;
                renew();
            }
            if (random.nextInt(20) == 0) {
                renew();
            }
        }
        renew();
        System.out.println(accepted + " went on, " + refused + " were refused");
        assertTrue(accepted > MUTATIONS / 10 && refused > MUTATIONS / 50, accepted + " against " + refused);
    }

    @Test
    void whateverIsReturnedASlotInUseIsNotGivenOutAgain() {
        System.out.println("seed " + seed);
        List<ByteBuf> own = new ArrayList<>();
        for (int i = 0; i < MUTATIONS; i++) {
            try {
                ByteBuf buffer = leases.allocate(random.nextInt(THRESHOLD, SLOTS / 3));
                // In use until it is released, whatever the peer says.
                own.add(buffer.writeLong(i));
                if (random.nextBoolean() && leases.pass(buffer.writeZero(THRESHOLD))) {
                    own.remove(own.size() - 1);
                }
                int word = LeaseLayout.returnOf(random.nextInt(LEASES));
                if (random.nextInt(4) == 0) {
                    leases.receivers.store(word, Nonsense.insteadOf(leases.receivers.load(word), SLOTS, random));
                } else if (random.nextInt(3) != 0) {
                    leases.receivers.store(word, leases.receivers.load(word) + 1);
                }
                while (own.size() > random.nextInt(6)) {
                    ByteBuf oldest = own.remove(0);
                    oldest.getLong(0);
                    for (ByteBuf other : own) {
                        assertTrue(other.getLong(0) > oldest.getLong(0), "one place for two buffers");
                    }
                    oldest.release();
                }
                if (leases.failures.isEmpty()) {
                    accepted++;
                } else {
                    throw leases.failures.get(0);
                }
            } catch (CorruptRingException e) {
                refused++;
                own.forEach(ByteBuf::release);
                own.clear();
                renew();
            }
        }
        own.forEach(ByteBuf::release);
        renew();
        System.out.println(accepted + " went on, " + refused + " were refused");
        assertTrue(accepted > MUTATIONS / 10 && refused > MUTATIONS / 10, accepted + " against " + refused);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '"',
            value = {
                "16; 4; the peer's message is lease 4 of 4",
                "16; -1; the peer's message is lease -1 of 4",
                "20; 0; the peer's message has a mark of 0 bytes in a ring of 262144",
                "20; 262145; the peer's message has a mark of 262145 bytes in a ring of 262144",
                "24; -1; the peer's message has 1000 bytes from -1 on, in slots of 65536",
                "24; 65000; the peer's message has 1000 bytes from 65000 on, in slots of 65536",
                "28; 0; the peer's message has 0 bytes from 0 on, in slots of 65536",
                "28; 65537; the peer's message has 65537 bytes from 0 on, in slots of 65536",
            })
    void theExceptionSaysWhatWasSeen(int offset, int value, String message) throws Exception {
        leases.pass(leases.allocate(1000).writeZero(1000));
        leases.senders.store(leases.senderLayout.descriptors() + offset, value);
        assertEquals(
                message,
                assertThrows(CorruptRingException.class, leases.receiver::bytesBeforeMark)
                        .getMessage());
        renew();
        renew();
    }

    @Test
    void aLeaseThatIsOutIsNotTakenAgain() throws Exception {
        leases.pass(leases.allocate(1000).writeZero(1000));
        held.add(leases.next());
        leases.pass(leases.allocate(1000).writeZero(1000));
        int second = leases.senderLayout.descriptors() + LeaseLayout.DESCRIPTOR_SIZE;
        leases.senders.store(second + LeaseLayout.LEASE, 0);
        assertEquals(
                "the peer's message is lease 0, which is not given back",
                assertThrows(CorruptRingException.class, leases.receiver::bytesBeforeMark)
                        .getMessage());
        renew();
    }

    @Test
    void aMessageThatComesTooLateIsRefused() throws Exception {
        leases.receiver.read(1);
        leases.pass(leases.allocate(1000).writeZero(1000));
        assertEquals(
                "the peer's message has its place at byte 0 of the stream, of which 1 were read",
                assertThrows(CorruptRingException.class, leases.receiver::bytesBeforeMark)
                        .getMessage());
        renew();
    }

    @Test
    void aNumberOutOfTurnIsRefused() throws Exception {
        leases.senders.store(leases.senderLayout.descriptors() + LeaseLayout.NUMBER, 7L);
        assertEquals(
                "the peer's message has the number 7; the next is 1",
                assertThrows(CorruptRingException.class, leases.receiver::bytesBeforeMark)
                        .getMessage());
        renew();
    }
}
