/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.nettyipc.pipe.NamedPipePeer;
import io.nettyipc.shm.control.HandshakeException;
import io.nettyipc.shm.control.PeerUser;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {

    private static final PeerUser OWN_USER = new PeerUser("1000", true);

    private final ShmServerChannel server = new ShmServerChannel();
    private final MemoryBudget budget = server.memory();

    @AfterEach
    void closeServer() {
        server.unsafe().closeForcibly();
    }

    private static NamedPipePeer process(long id) {
        return new NamedPipePeer(id, -1, null, -1);
    }

    private MemoryBudget.Reservation own(long process, long bytes) throws HandshakeException {
        return budget.reserve(process(process), OWN_USER, bytes);
    }

    private static void assertRefused(String limit, Action action) {
        String message = assertThrows(HandshakeException.class, action::run).getMessage();
        assertEquals(limit, message.replaceAll(".*\\((.*)\\)", "$1"));
    }

    private interface Action {
        void run() throws HandshakeException;
    }

    @Test
    void allTogetherMayHaveTheMaximum() throws Exception {
        server.config().setMaxMemory(100);
        MemoryBudget.Reservation first = own(1, 60);
        own(2, 40);
        assertRefused("SHM_MAX_MEMORY", () -> own(3, 1));
        first.release();
        own(3, 60);
        assertRefused("SHM_MAX_MEMORY", () -> own(4, Long.MAX_VALUE));
    }

    @Test
    void aProcessOfTheSameUserMayHaveItsOwnMaximum() throws Exception {
        server.config().setMaxMemory(1000).setMaxMemoryPerPeer(100);
        MemoryBudget.Reservation first = own(1, 60);
        own(1, 40);
        assertRefused("SHM_MAX_MEMORY_PER_PEER", () -> own(1, 1));
        own(2, 100);
        first.release();
        own(1, 60);
        assertRefused("SHM_MAX_MEMORY_PER_PEER", () -> own(1, 1));
    }

    @Test
    void allProcessesOfAnotherUserHaveOneMaximum() throws Exception {
        server.config().setMaxMemory(1000).setMaxMemoryPerPeer(100);
        PeerUser other = new PeerUser("4711", false);
        budget.reserve(process(1), other, 60);
        assertRefused("SHM_MAX_MEMORY_PER_PEER", () -> budget.reserve(process(2), other, 60));
        budget.reserve(process(2), new PeerUser("4712", false), 60);
    }

    /** Whoever runs the process that has the id now, or nobody once the process has ended. */
    @Test
    void whatThePeersProcessIsCalledNowDoesNotMatter() throws Exception {
        server.config().setMaxMemory(1000).setMaxMemoryPerPeer(100);
        PeerUser other = new PeerUser("S-1-5-21-1-2-3-1001", false);
        budget.reserve(new NamedPipePeer(5, 1, "MACHINE\\one", -1), other, 60);
        for (String name : new String[] {"MACHINE\\another", null}) {
            NamedPipePeer ended = new NamedPipePeer(5, 1, name, -1);
            assertRefused("SHM_MAX_MEMORY_PER_PEER", () -> budget.reserve(ended, other, 60));
        }
        PeerUser third = new PeerUser("S-1-5-21-1-2-3-1002", false);
        budget.reserve(new NamedPipePeer(5, 1, "MACHINE\\one", -1), third, 60);
    }

    @Test
    void processesThatTheSystemDoesNotTellApartHaveOneMaximum() throws Exception {
        server.config().setMaxMemory(1000).setMaxMemoryPerPeer(100);
        own(-1, 60);
        assertRefused("SHM_MAX_MEMORY_PER_PEER", () -> own(0, 60));
    }

    /** One that fits is not refused because of another that does not. */
    @Test
    void ofTwoAtOnceTheOneThatFitsIsGranted() throws Exception {
        server.config().setMaxMemory(100);
        int rounds = 20_000;
        CyclicBarrier barrier = new CyclicBarrier(2);
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            Future<Integer> others = other.submit(() -> grants(2, rounds, barrier));
            int granted = grants(1, rounds, barrier);
            assertEquals(rounds, granted + others.get());
        } finally {
            other.shutdown();
        }
    }

    private int grants(long process, int rounds, CyclicBarrier barrier) throws Exception {
        int granted = 0;
        for (int round = 0; round < rounds; round++) {
            barrier.await();
            MemoryBudget.Reservation reservation = null;
            try {
                reservation = own(process, 60);
                granted++;
            } catch (HandshakeException e) {
                // The other one has it.
            }
            barrier.await();
            if (reservation != null) {
                reservation.release();
            }
        }
        return granted;
    }
}
