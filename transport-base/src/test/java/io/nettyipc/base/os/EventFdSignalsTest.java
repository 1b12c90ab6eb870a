/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import io.nettyipc.base.testing.OpenHandles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What a signal is worth, whatever others do to the eventfd. */
@EnabledOnOs(OS.LINUX)
@Timeout(60)
class EventFdSignalsTest {

    private static final int NONBLOCK = 0x800;
    private static final int CLOEXEC = 0x80000;
    /** As much as can be written. */
    private static final long FULL = -2;

    private final ByteBuffer counter = ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.nativeOrder());
    private final long address = DirectMemory.addressOf(counter);
    private EventFdSignals signals;
    private int eventFd;

    @BeforeEach
    void open() throws IOException {
        signals = EventFdSignals.open();
        eventFd = eventfd(0, NONBLOCK | CLOEXEC);
    }

    @AfterEach
    void close() {
        LibC.close(eventFd);
    }

    static {
        Native.register(EventFdSignalsTest.class, NativeLibrary.getProcess());
    }

    private static native int eventfd(int initial, int flags);

    private long take() {
        return LibC.read(eventFd, address, Long.BYTES) == Long.BYTES ? counter.getLong(0) : 0;
    }

    @Test
    void eachSignalCounts() {
        assertEquals(0, take());
        for (int i = 0; i < 100_000; i++) {
            assertNull(signals.signal(eventFd));
        }
        assertEquals(100_000, take());
    }

    @Test
    void aFullCounterThatWouldBlockAWriterIsNotWaitedFor() throws IOException {
        counter.putLong(0, FULL);
        assertEquals(Long.BYTES, LibC.write(eventFd, address, Long.BYTES));
        LibC.fcntl(eventFd, LibC.F_SETFL, 0);
        for (int i = 0; i < 1_000; i++) {
            assertNull(signals.signal(eventFd));
        }
        assertEquals(FULL + 1, take());
    }

    @Test
    void anEventFdIsToldFromOtherDescriptorsWithoutASignal() {
        int file = LibC.open("/dev/null", LibC.O_RDWR | LibC.O_CLOEXEC);
        int directory = LibC.open("/", LibC.O_CLOEXEC);
        assertFalse(signals.isEventFd(file));
        assertFalse(signals.isEventFd(directory));
        assertFalse(signals.isEventFd(-1));
        for (int i = 0; i < 1_000; i++) {
            assertTrue(signals.isEventFd(eventFd));
        }
        assertEquals(0, take());
        assertNull(signals.signal(eventFd));
        assertEquals(1, take());
        LibC.close(directory);
        LibC.close(file);
    }

    @Test
    void somethingElseIsNotSignalled() {
        int file = LibC.open("/dev/null", LibC.O_RDWR | LibC.O_CLOEXEC);
        assertEquals(
                "io_submit: Invalid argument (errno 22)", signals.signal(file).getMessage());
        LibC.close(file);
        assertEquals(
                "io_submit: Bad file descriptor (errno 9)", signals.signal(-1).getMessage());
        assertNull(signals.signal(eventFd));
        assertEquals(1, take());
    }

    @Test
    void moreThreadsThanThereAreContextsLoseNoSignal() throws Exception {
        int threads = 2 * Runtime.getRuntime().availableProcessors() + 1;
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<IOException>> tasks = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                EventFdSignals own = EventFdSignals.open();
                tasks.add(() -> {
                    IOException failure = null;
                    for (int signal = 0; signal < 20_000 && failure == null; signal++) {
                        failure = own.signal(eventFd);
                    }
                    return failure;
                });
            }
            for (Future<IOException> task : executor.invokeAll(tasks)) {
                assertNull(task.get());
            }
        } finally {
            executor.shutdown();
        }
        assertEquals(20_000L * threads, take());
    }

    @Test
    void oneThatIsForgottenLeavesNothingOpen() throws IOException {
        int before = OpenHandles.count();
        for (int i = 0; i < 1_000; i++) {
            EventFdSignals.open();
        }
        int after = OpenHandles.count();
        assertTrue(after <= before, () -> after + " handles are open, " + before + " were");
    }
}
