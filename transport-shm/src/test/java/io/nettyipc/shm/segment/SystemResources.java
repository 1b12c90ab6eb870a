/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.segment;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.WString;
import io.nettyipc.base.os.Kernel32;
import io.nettyipc.shm.control.KeptMemory;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What this process holds of the system.
 *
 * @param descriptors open files; on Windows the number of the next handle
 * @param shared      those of shared memory; counted on Linux only
 * @param mappings    of shared memory; counted on Linux only
 * @param files       of ours in the temporary directory
 */
public record SystemResources(long descriptors, long shared, long mappings, long files) {

    /** Counts now, without the memory that is kept for the next connections. */
    public static SystemResources count() {
        KeptMemory.closeAll();
        try {
            return new SystemResources(descriptorsNow(), sharedNow(), mappingsNow(), filesNow());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long descriptorsNow() {
        if (Platform.isWindows()) {
            // Numbers of closed handles are used again, in steps of four, so that a leak makes new ones grow. (Wine's
            // GetProcessHandleCount tells nothing.)
            long handle = Events.CreateEventW(0, true, false, null);
            Kernel32.CloseHandle(handle);
            return handle / 4;
        }
        return Objects.requireNonNull(new File("/dev/fd").list()).length;
    }

    private static long sharedNow() {
        return Stream.of(Objects.requireNonNullElse(new File("/proc/self/fd").list(), new String[0]))
                .filter(descriptor -> {
                    try {
                        return isShared(Files.readSymbolicLink(Path.of("/proc/self/fd", descriptor))
                                .toString());
                    } catch (IOException e) {
                        // That of the listing itself, or of another thread.
                        return false;
                    }
                })
                .count();
    }

    private static boolean isShared(String file) {
        return file.contains("nettyipc-") || file.contains("/memfd:");
    }

    private static long mappingsNow() throws IOException {
        Path maps = Path.of("/proc/self/maps");
        if (!Files.exists(maps)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(maps)) {
            return lines.filter(SystemResources::isShared).count();
        }
    }

    private static long filesNow() throws IOException {
        String prefix = "nettyipc-" + ProcessHandle.current().pid() + '-';
        long count = 0;
        for (Path directory : FileSegment.directories(null)) {
            try (Stream<Path> files = Files.list(directory)) {
                count += files.filter(file -> file.getFileName().toString().startsWith(prefix))
                        .count();
            }
        }
        return count;
    }

    /** Fails if there is more of anything. */
    public void assertNotMoreThan(SystemResources before) {
        // The JVM opens files when it likes. The next handle may be any that it closed: on Windows this shows a leak in
        // a
        // thousand repetitions only.
        int allowed = Platform.isWindows() ? 500 : 20;
        if (descriptors > before.descriptors + allowed
                || shared > before.shared
                || mappings > before.mappings
                || files > before.files) {
            throw new AssertionError("before: " + before + ", now: " + this);
        }
    }

    private static final class Events {
        static {
            Native.register(Events.class, "kernel32");
        }

        static native long CreateEventW(long attributes, boolean manualReset, boolean initialState, WString name);
    }
}
