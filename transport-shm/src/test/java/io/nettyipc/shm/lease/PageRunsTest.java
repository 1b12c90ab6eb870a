/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PageRunsTest {

    private record Run(int first, int count) {}

    /** As a set of pages does that are looked at one by one. */
    @Test
    void theFirstPagesThatFitAreTakenWhateverWasGivenBackBefore() {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 500; round++) {
            int size = random.nextInt(1, 100);
            PageRuns runs = new PageRuns(size);
            BitSet used = new BitSet();
            List<Run> taken = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                if (random.nextBoolean()) {
                    int count = random.nextInt(1, 2 + random.nextInt(size));
                    int expected = firstFit(used, size, count);
                    assertEquals(expected, runs.take(count), "seed " + seed);
                    if (expected >= 0) {
                        used.set(expected, expected + count);
                        taken.add(new Run(expected, count));
                    }
                } else if (!taken.isEmpty()) {
                    Run run = taken.remove(random.nextInt(taken.size()));
                    runs.giveBack(run.first(), run.count());
                    used.clear(run.first(), run.first() + run.count());
                }
                assertEquals(size - used.cardinality(), runs.free());
            }
            taken.forEach(run -> runs.giveBack(run.first(), run.count()));
            assertEquals(0, runs.take(size));
        }
    }

    private static int firstFit(BitSet used, int size, int count) {
        for (int first = 0; first + count <= size; first++) {
            int next = used.nextSetBit(first);
            if (next < 0 || next >= first + count) {
                return first;
            }
        }
        return -1;
    }

    @Test
    void pagesThatAreNotInUseTogetherAreNotTakenBack() {
        PageRuns runs = new PageRuns(10);
        int first = runs.take(3);
        int second = runs.take(2);
        for (Run wrong : List.of(
                new Run(first, 5),
                new Run(first + 1, 2),
                new Run(second, 1),
                new Run(second + 2, 5),
                new Run(-1, 1),
                new Run(10, 1))) {
            assertTrue(assertThrows(IllegalStateException.class, () -> runs.giveBack(wrong.first(), wrong.count()))
                    .getMessage()
                    .startsWith(wrong.count() + " pages from " + wrong.first() + " on "));
        }
        runs.giveBack(first, 3);
        assertThrows(IllegalStateException.class, () -> runs.giveBack(first, 3));
        runs.giveBack(second, 2);
        assertEquals(10, runs.free());
    }

    @Test
    void noPagesAreGivenOutWhereThereAreNone() {
        PageRuns runs = new PageRuns(4);
        assertEquals(0, runs.take(4));
        assertEquals(-1, runs.take(1));
        runs.giveBack(0, 4);
        assertEquals(-1, runs.take(5));
    }
}
