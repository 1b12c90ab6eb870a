/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nettyipc.base.os.EventFdSignals;
import io.nettyipc.base.os.UnixUsers;
import io.nettyipc.pipe.NamedPipePeer;
import io.nettyipc.shm.ring.RingLayout;
import io.nettyipc.shm.segment.Segment;
import io.nettyipc.shm.segment.SystemResources;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@Timeout(60)
@EnabledOnOs(value = OS.LINUX, disabledReason = "memory is kept where it is sealed and populated bit by bit")
class KeptMemoryTest {

    private static final int CAPACITY = 4 << 10;

    private final KeptMemory kept = new KeptMemory(5, 3);
    private final SystemResources before = SystemResources.count();

    @BeforeEach
    void sealedMemoryIsThere() {
        assertEquals(Segment.Kind.MEMFD, Segment.kindOfThisSystem());
    }

    @AfterEach
    void nothingIsLeft() {
        kept.closeEach();
        SystemResources.count().assertNotMoreThan(before);
    }

    private static NamedPipePeer process(long id) {
        return process(id, UnixUsers.ownId());
    }

    private static NamedPipePeer process(long id, int user) {
        return new NamedPipePeer(id, -1, null, user);
    }

    private static ConnectionMemory memory(boolean eventFd) throws IOException {
        Segment own = Segment.create(RingLayout.segmentSize(CAPACITY));
        Segment others = Segment.create(RingLayout.segmentSize(2 * CAPACITY));
        return new ConnectionMemory(
                own,
                CAPACITY,
                others,
                2 * CAPACITY,
                eventFd ? EventFdSignals.newEventFd() : -1,
                eventFd ? EventFdSignals.newEventFd() : -1);
    }

    private MemoryName keep(NamedPipePeer peer) throws IOException {
        MemoryName name = MemoryName.next();
        kept.keep(name, peer, memory(true));
        return name;
    }

    private boolean gives(MemoryName name, NamedPipePeer peer) {
        ConnectionMemory memory = kept.take(name, peer, CAPACITY, 2 * CAPACITY, true);
        if (memory != null) {
            memory.close();
        }
        return memory != null;
    }

    @Test
    void memoryIsForTheSameProcessAndUserAndNameOnce() throws Exception {
        MemoryName name = keep(process(5));
        assertFalse(gives(name, process(6)));
        assertFalse(gives(name, process(5, UnixUsers.ownId() + 1)));
        assertFalse(gives(new MemoryName(name.server(), name.number() + 1), process(5)));
        assertFalse(gives(new MemoryName(name.server() + 1, name.number()), process(5)));
        assertTrue(gives(name, process(5)));
        assertFalse(gives(name, process(5)));
    }

    @Test
    void memoryIsForTheSameCapacitiesAndDoorbells() throws Exception {
        ConnectionMemory bytes = memory(false);
        MemoryName name = MemoryName.next();
        kept.keep(name, process(5), bytes);
        assertNull(kept.take(name, process(5), CAPACITY, 2 * CAPACITY, true));
        assertNull(kept.take(name, process(5), 2 * CAPACITY, 2 * CAPACITY, false));
        assertNull(kept.take(name, process(5), CAPACITY, CAPACITY, false));
        assertNull(kept.take(process(5), CAPACITY, 2 * CAPACITY, true));
        assertNull(kept.take(process(6), CAPACITY, 2 * CAPACITY, false));
        KeptMemory.Named named = kept.take(process(5), CAPACITY, 2 * CAPACITY, false);
        assertEquals(name, named.name());
        assertSame(bytes, named.memory());
        bytes.close();
    }

    @Test
    void theOldestGoesFirst() throws Exception {
        MemoryName first = keep(process(5));
        MemoryName second = keep(process(5));
        KeptMemory.Named named = kept.take(process(5), CAPACITY, 2 * CAPACITY, true);
        assertEquals(first, named.name());
        named.memory().close();
        MemoryName third = keep(process(5));
        MemoryName fourth = keep(process(5));
        keep(process(5));
        assertFalse(gives(second, process(5)), "three of one process");
        keep(process(6));
        keep(process(6));
        assertTrue(SystemResources.count().mappings() > before.mappings());
        keep(process(7));
        assertFalse(gives(third, process(5)), "five in all");
        assertTrue(gives(fourth, process(5)));
    }

    @Test
    void peersThatCannotBeToldApartKeepNone() {
        PeerUser own = new PeerUser("1", true);
        assertTrue(KeptMemory.keepsOf(process(5), own));
        assertFalse(KeptMemory.keepsOf(process(-1), own));
        assertFalse(KeptMemory.keepsOf(process(0), own));
        assertFalse(KeptMemory.keepsOf(process(5), new PeerUser("1", false)));
        assertFalse(KeptMemory.keepsOf(process(5), PeerUser.UNKNOWN));
    }
}
