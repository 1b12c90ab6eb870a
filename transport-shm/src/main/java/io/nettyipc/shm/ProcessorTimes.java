/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;

/**
 * How long each processor was idle since the last time it was asked, in the kernel's ticks of 10 ms.
 *
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_stat.5.html">proc_stat(5)</a>
 */
final class ProcessorTimes {

    private static final Path STAT = Path.of("/proc/stat");
    /** Fields of a processor's line. */
    private static final int IDLE = 4;

    private static final int IO_WAIT = 5;
    private static final int STEAL = 8;
    /** Idle is what was so for four fifths of the time. */
    private static final int IDLE_PARTS = 4;

    private static final int PARTS = 5;

    private long[] idle = {};
    private long[] total = {};

    /**
     * Returns the processors that were idle since the last call; none at the first, and none if the system doesn't
     * tell.
     */
    BitSet idleSinceLastCall() {
        BitSet idleOnes = new BitSet();
        try {
            long[] idleBefore = idle;
            long[] totalBefore = total;
            // One read: it is a new file each time it is opened, and has no length.
            read(new String(Files.readAllBytes(STAT), StandardCharsets.US_ASCII));
            for (int i = 0; i < Math.min(idle.length, idleBefore.length); i++) {
                long ticks = total[i] - totalBefore[i];
                if (ticks > 0 && (idle[i] - idleBefore[i]) * PARTS >= ticks * IDLE_PARTS) {
                    idleOnes.set(i);
                }
            }
        } catch (IOException | RuntimeException e) {
            idle = new long[0];
            total = new long[0];
        }
        return idleOnes;
    }

    private void read(String text) {
        long[] newIdle = new long[0];
        long[] newTotal = new long[0];
        for (String line : text.split("\n", -1)) {
            if (!line.startsWith("cpu")) {
                break;
            }
            String[] fields = line.split(" +", -1);
            if (fields[0].length() == "cpu".length()) {
                // The sum of all.
                continue;
            }
            int processor = Integer.parseInt(fields[0].substring("cpu".length()));
            newIdle = Arrays.copyOf(newIdle, processor + 1);
            newTotal = Arrays.copyOf(newTotal, processor + 1);
            for (int i = 1; i <= STEAL; i++) {
                newTotal[processor] += Long.parseLong(fields[i]);
            }
            newIdle[processor] = Long.parseLong(fields[IDLE]) + Long.parseLong(fields[IO_WAIT]);
        }
        idle = newIdle;
        total = newTotal;
    }
}
