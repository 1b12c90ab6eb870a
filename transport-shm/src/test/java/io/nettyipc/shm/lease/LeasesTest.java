/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.lease;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.IllegalReferenceCountException;
import io.nettyipc.base.testing.LeakDetection;
import io.nettyipc.base.testing.TestSize;
import io.nettyipc.shm.ring.CorruptRingException;
import java.nio.ReadOnlyBufferException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Messages in slots: what was written arrives, and each slot is free again when both sides have released it. */
@Timeout(60)
class LeasesTest {

    private static final int THRESHOLD = 1000;
    private static final int SLOTS = 1 << 20;

    private final TestLeases leases = new TestLeases(8, SLOTS, THRESHOLD);

    @AfterEach
    void nothingOutsideWasTouched() {
        leases.assertGuardsUntouched();
        assertTrue(leases.failures.isEmpty(), () -> "failures: " + leases.failures);
    }

    private static ByteBuf fill(ByteBuf buffer, int size, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return buffer.writeBytes(bytes);
    }

    private static void assertFilled(ByteBuf buffer, int size, long seed) {
        byte[] bytes = new byte[size];
        new SplittableRandom(seed).nextBytes(bytes);
        assertEquals(size, buffer.readableBytes());
        assertArrayEquals(bytes, ByteBufUtil.getBytes(buffer));
    }

    @Test
    void aMessageArrivesWhereItWasWritten() throws Exception {
        ByteBuf message = fill(leases.allocate(5000), 5000, 1);
        assertTrue(message.isDirect());
        leases.copy(17);
        assertTrue(leases.pass(message));
        assertEquals(0, message.refCnt());
        ByteBuf lease = leases.next();
        assertTrue(lease.isReadOnly());
        assertFilled(lease, 5000, 1);
        assertEquals(1, leases.receiver.held());
        assertEquals(8192, leases.sender.bytesInUse());
        lease.release();
        assertEquals(0, leases.receiver.held());
        assertNull(leases.next());
        assertEquals(0, leases.sender.bytesInUse());
        assertEquals(0, leases.sender.leasesOut());
        close();
    }

    private void close() {
        leases.sendingSide.close();
        leases.receivingSide.close();
        assertEquals(
                List.of(1, 1, 1, 1),
                List.of(
                        leases.senders.timesClosed(),
                        leases.receiversSeen.timesClosed(),
                        leases.receivers.timesClosed(),
                        leases.sendersSeen.timesClosed()));
    }

    @Test
    void messagesOfAnySizeAreReleasedInAnyOrderByAnyThread() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        LinkedBlockingQueue<Runnable> releases = new LinkedBlockingQueue<>();
        AtomicReference<Throwable> wrong = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Thread thread = new Thread(() -> {
                try {
                    while (true) {
                        releases.take().run();
                    }
                } catch (InterruptedException e) {
                    // The end.
                } catch (Throwable t) {
                    wrong.compareAndSet(null, t);
                }
            });
            thread.start();
            threads.add(thread);
        }
        int passed = 0;
        int copied = 0;
        List<Runnable> held = new ArrayList<>();
        Queue<ByteBuf> written = new ArrayDeque<>();
        int messages = TestSize.of(20_000, 1_000_000);
        for (int i = 0; i < messages && wrong.get() == null; i++) {
            int size =
                    random.nextInt(10) == 0 ? random.nextInt(THRESHOLD, SLOTS / 2) : random.nextInt(1, 3 * THRESHOLD);
            ByteBuf message = fill(leases.allocate(size), size, i);
            leases.copy(random.nextInt(3));
            long what = i;
            if (leases.pass(message)) {
                passed++;
                ByteBuf lease = leases.next();
                assertNotNull(lease);
                held.add(() -> {
                    assertFilled(lease, size, what);
                    lease.release();
                });
            } else {
                copied++;
                written.add(message);
            }
            while (held.size() > random.nextInt(12)) {
                releases.add(held.remove(random.nextInt(held.size())));
            }
            while (written.size() > 3) {
                written.remove().release();
            }
        }
        releases.addAll(held);
        written.forEach(ByteBuf::release);
        while (leases.receiver.held() > 0 && wrong.get() == null) {
            Thread.onSpinWait();
        }
        for (Thread thread : threads) {
            thread.interrupt();
            thread.join();
        }
        assertNull(wrong.get());
        System.out.println(passed + " passed, " + copied + " copied");
        assertTrue(passed > messages / 10 && copied > messages / 10, passed + " passed, " + copied + " copied");
        assertEquals(0, leases.sender.bytesInUse());
        close();
    }

    @Test
    void numbersHaveTheOrderThatBuffersHave() throws Exception {
        ByteBuf message = leases.allocate(THRESHOLD);
        ByteBuf expected = Unpooled.buffer(THRESHOLD);
        for (ByteBuf buffer : List.of(message, expected)) {
            buffer.writeByte(1)
                    .writeShort(0x0203)
                    .writeShortLE(0x0405)
                    .writeMedium(0x060708)
                    .writeMediumLE(0x090A0B);
            buffer.writeInt(0x0C0D0E0F).writeIntLE(0x10111213).writeLong(0x1415161718191A1BL);
            buffer.writeLongLE(0x1C1D1E1F20212223L)
                    .writeFloat(1.5f)
                    .writeDoubleLE(2.5)
                    .writeZero(THRESHOLD - 40);
        }
        assertEquals(expected, message);
        assertEquals(ByteBufUtil.hexDump(expected), ByteBufUtil.hexDump(message));
        assertTrue(leases.pass(message));
        ByteBuf lease = leases.next();
        for (ByteBuf buffer : List.of(lease, expected)) {
            assertEquals(1, buffer.readByte());
            assertEquals(0x0203, buffer.readShort());
            assertEquals(0x0405, buffer.readShortLE());
            assertEquals(0x060708, buffer.readMedium());
            assertEquals(0x090A0B, buffer.readUnsignedMediumLE());
            assertEquals(0x0C0D0E0F, buffer.readInt());
            assertEquals(0x10111213, buffer.readIntLE());
            assertEquals(0x1415161718191A1BL, buffer.readLong());
            assertEquals(0x1C1D1E1F20212223L, buffer.readLongLE());
            assertEquals(1.5f, buffer.readFloat());
            assertEquals(2.5, buffer.readDoubleLE());
        }
        lease.release();
        close();
    }

    @Test
    void aSliceOfABufferThatNobodyElseHasPasses() throws Exception {
        ByteBuf whole = fill(leases.allocate(9000), 9000, 2);
        byte[] expected = ByteBufUtil.getBytes(whole, 100, 5000);
        ByteBuf slice = whole.retainedSlice(100, 5000);
        assertFalse(leases.pass(slice), "the other reference could change it later");
        whole.release();
        assertTrue(leases.pass(slice));
        ByteBuf lease = leases.next();
        assertArrayEquals(expected, ByteBufUtil.getBytes(lease));
        lease.release();
        close();
    }

    @Test
    void whatIsNotAsItShouldBeIsCopied() throws Exception {
        ByteBuf small = fill(leases.allocate(THRESHOLD), THRESHOLD - 1, 3);
        ByteBuf elsewhere = fill(Unpooled.directBuffer(5000), 5000, 4);
        TestLeases others = new TestLeases(1, SLOTS, THRESHOLD);
        ByteBuf ofAnother = fill(others.allocate(5000), 5000, 5);
        ByteBuf retained = fill(leases.allocate(5000), 5000, 6).retain();
        ByteBuf composite =
                Unpooled.wrappedBuffer(fill(leases.allocate(5000), 5000, 6), fill(leases.allocate(5000), 5000, 7));
        for (ByteBuf message : List.of(small, elsewhere, ofAnother, retained, composite)) {
            assertFalse(leases.pass(message), message::toString);
            message.release();
        }
        retained.release();
        assertEquals(0, leases.sender.bytesInUse());
        others.sendingSide.close();
        others.receivingSide.close();
        close();
    }

    @Test
    void aBufferMayGrowBeyondItsPagesAndOutOfTheSlots() throws Exception {
        ByteBuf buffer = fill(leases.allocate(THRESHOLD), THRESHOLD, 8);
        fill(buffer, 100_000, 9);
        assertFilled(buffer.readSlice(THRESHOLD), THRESHOLD, 8);
        assertTrue(leases.pass(buffer));
        ByteBuf lease = leases.next();
        assertFilled(lease, 100_000, 9);
        lease.release();
        ByteBuf large = fill(leases.allocate(THRESHOLD), THRESHOLD, 10);
        fill(large, 2 * SLOTS, 11);
        assertFilled(large.readSlice(THRESHOLD), THRESHOLD, 10);
        assertFilled(large, 2 * SLOTS, 11);
        assertFalse(leases.pass(large));
        large.capacity(4 * SLOTS);
        large.release();
        assertEquals(0, leases.sender.bytesInUse());
        close();
    }

    @Test
    void aSenderWithoutRoomSaysSoOnceAndAllocatesElsewhere() throws Exception {
        List<ByteBuf> buffers = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            buffers.add(leases.allocate(SLOTS / 10));
        }
        assertEquals(List.of(LeaseListener.Limit.MEMORY), leases.limits);
        assertFalse(leases.pass(buffers.get(11).writeZero(5000)));
        buffers.forEach(ByteBuf::release);
        for (int i = 0; i < 12; i++) {
            buffers.set(i, leases.allocate(SLOTS / 10));
        }
        assertEquals(List.of(LeaseListener.Limit.MEMORY, LeaseListener.Limit.MEMORY), leases.limits);
        buffers.forEach(ByteBuf::release);
        close();
    }

    @Test
    void aPeerThatHoldsAllLeasesGetsCopiesAndBothSidesHearOfIt() throws Exception {
        List<ByteBuf> held = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            assertTrue(leases.pass(fill(leases.allocate(THRESHOLD), THRESHOLD, i)));
            held.add(leases.next());
        }
        assertEquals(List.of(LeaseListener.Limit.LEASES_HELD), leases.limits);
        ByteBuf message = fill(leases.allocate(THRESHOLD), THRESHOLD, 9);
        assertFalse(leases.pass(message));
        assertFalse(leases.pass(message));
        assertEquals(List.of(LeaseListener.Limit.LEASES_HELD, LeaseListener.Limit.LEASES_OUT), leases.limits);
        held.remove(3).release();
        assertTrue(leases.pass(message));
        held.add(leases.next());
        held.forEach(ByteBuf::release);
        close();
    }

    @Test
    void memoryStaysMappedForBuffersThatOutliveTheConnection() throws Exception {
        assertTrue(leases.pass(fill(leases.allocate(5000), 5000, 1)));
        ByteBuf lease = leases.next();
        ByteBuf unsent = fill(leases.allocate(5000), 5000, 2);
        leases.sendingSide.close();
        leases.receivingSide.close();
        assertEquals(0, leases.senders.timesClosed() + leases.sendersSeen.timesClosed());
        assertFilled(lease, 5000, 1);
        assertFilled(unsent, 5000, 2);
        assertFalse(leases.sender.canPass(unsent));
        ByteBuf late = leases.allocate(5000);
        late.writeZero(5000).release();
        lease.release();
        assertEquals(1, leases.receivers.timesClosed());
        assertEquals(1, leases.sendersSeen.timesClosed());
        assertEquals(0, leases.senders.timesClosed());
        unsent.release();
        assertEquals(1, leases.senders.timesClosed());
        assertEquals(1, leases.receiversSeen.timesClosed());
    }

    @Test
    void aLeaseCanBeReadAndNotWritten() throws Exception {
        leases.pass(fill(leases.allocate(5000), 5000, 1));
        ByteBuf lease = leases.next();
        assertTrue(lease.asReadOnly().isReadOnly());
        assertFalse(lease.isWritable());
        assertTrue(lease.slice(10, 20).isReadOnly());
        assertTrue(lease.nioBuffer().isReadOnly());
        assertThrows(ReadOnlyBufferException.class, () -> lease.setByte(0, 1));
        assertThrows(ReadOnlyBufferException.class, () -> lease.setLong(0, 1));
        assertThrows(ReadOnlyBufferException.class, () -> lease.setBytes(0, new byte[10]));
        ByteBuf direct = Unpooled.directBuffer(8).writeLong(1);
        assertThrows(ReadOnlyBufferException.class, () -> lease.setBytes(0, direct));
        direct.release();
        assertThrows(ReadOnlyBufferException.class, () -> lease.ensureWritable(1));
        assertThrows(ReadOnlyBufferException.class, () -> lease.capacity(1));
        assertEquals(1, lease.ensureWritable(1, true));
        assertFilled(lease, 5000, 1);
        ByteBuf copy = lease.copy();
        lease.release();
        assertFilled(copy.setByte(0, copy.getByte(0)), 5000, 1);
        copy.release();
        assertThrows(IllegalReferenceCountException.class, () -> lease.getByte(0));
        close();
    }

    /** Netty's buffers copy to an address without a look at whether they may: into a mapping that ends the JVM. */
    @Test
    void noOtherBufferWritesToALease() throws Exception {
        leases.pass(fill(leases.allocate(5000), 5000, 1));
        ByteBuf lease = leases.next();
        ByteBuf array = Unpooled.buffer(8).writeLong(1);
        ByteBuf direct = Unpooled.directBuffer(8).writeLong(1);
        ByteBuf pooled = PooledByteBufAllocator.DEFAULT.directBuffer(8).writeLong(1);
        ByteBuf composite = Unpooled.wrappedBuffer(direct.retainedSlice(0, 4), pooled.retainedSlice(0, 4));
        for (ByteBuf part : List.of(lease, lease.slice(100, 1000), lease.duplicate())) {
            for (ByteBuf source : List.of(array, direct, pooled, composite)) {
                assertThrows(ReadOnlyBufferException.class, () -> source.getBytes(0, part, 0, 8));
            }
            assertThrows(ReadOnlyBufferException.class, () -> part.setCharSequence(0, "text", StandardCharsets.UTF_8));
        }
        assertFilled(lease, 5000, 1);
        List.of(array, composite, direct, pooled, lease).forEach(ByteBuf::release);
        close();
    }

    @Test
    void nothingIsAllocatedForEachMessage() throws Exception {
        Set<ByteBuf> objects = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int i = 0; i < 40; i++) {
            leases.pass(leases.allocate(5000).writeZero(5000));
            ByteBuf lease = leases.next();
            boolean isNew = objects.add(lease instanceof LeaseBuf ? lease : lease.unwrap());
            assertTrue(!isNew || i < 20, "allocated for message " + i);
            lease.release();
        }
        close();
    }

    @Test
    void aLeaseThatIsLostIsReportedWithThePlaceWhereItWasTaken() throws Exception {
        leases.pass(leases.allocate(5000).writeZero(5000));
        loseALease();
        String lost =
                assertThrows(AssertionError.class, LeakDetection::failOnLeaks).getMessage();
        assertTrue(lost.contains("LeaseReceiver.take") && lost.contains("loseALease"), lost);
        assertEquals(1, leases.receiver.held());
    }

    private void loseALease() throws CorruptRingException {
        leases.next().getByte(0);
    }

    @Test
    void aMessageThatIsNeitherWrittenNorReleasedIsReportedWithThePlaceWhereItWasAllocated() throws Exception {
        loseAMessage();
        String lost =
                assertThrows(AssertionError.class, LeakDetection::failOnLeaks).getMessage();
        assertTrue(lost.contains("LeaseAllocator.newDirectBuffer") && lost.contains("loseAMessage"), lost);
    }

    private void loseAMessage() {
        leases.allocate(5000).writeZero(5000);
    }

    @Test
    void aReturnThatCannotBeIsReported() throws CorruptRingException {
        leases.pass(fill(leases.allocate(5000), 5000, 1));
        leases.receivers.store(LeaseLayout.returnOf(0), 2L);
        ByteBuf elsewhere = leases.allocate(5000);
        leases.sender.leasesOut();
        assertEquals(
                "the peer has given lease 0 back 2 times; it had it 1 times",
                leases.failures.remove(0).getMessage());
        assertFalse(leases.sender.canPass(elsewhere));
        elsewhere.release();
        leases.sendingSide.close();
        leases.receivingSide.close();
    }
}
