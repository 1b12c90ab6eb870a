/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.testing;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.WString;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** How many operating-system handles this process holds. */
public final class OpenHandles {
    private static final int OPEN_EXISTING = 3;
    private static final int SYSTEM_EXTENDED_HANDLE_INFORMATION = 64;
    private static final int STATUS_INFO_LENGTH_MISMATCH = 0xC0000004;
    /**
     * SYSTEM_HANDLE_TABLE_ENTRY_INFO_EX in a 64-bit process: object, process, handle, access, trace, type, attributes.
     */
    private static final int ENTRY_SIZE = 40;

    public static int count() throws IOException {
        return PlatformDependent.isWindows() ? processHandles() : descriptors();
    }

    /** Descriptors of a kind that a transport opens; the JVM opens jar files whenever it likes. */
    private static int descriptors() throws IOException {
        Path directory = Path.of(PlatformDependent.isOsx() ? "/dev/fd" : "/proc/self/fd");
        int count = 0;
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(directory)) {
            for (Path descriptor : descriptors) {
                String target;
                try {
                    target = Files.readSymbolicLink(descriptor).toString();
                } catch (IOException e) {
                    // The directory stream's own descriptor, or macOS, which has no links here.
                    target = PlatformDependent.isOsx() ? "socket:" : "";
                }
                if (target.startsWith("socket:") || target.startsWith("anon_inode:") || target.startsWith("pipe:")) {
                    count++;
                }
            }
        }
        return count;
    }

    /**
     * Windows events of this process. The JVM opens some for each of its threads and keeps them for the next, so this
     * grows a little by itself; one event for each of thousands of connections shows all the same.
     */
    public static int events() {
        return PlatformDependent.isWindows()
                ? handlesOfTypes(call("CreateEventW", new Object[] {null, 1, 0, null}))
                : 0;
    }

    /** Windows jobs of this process. */
    public static int jobs() {
        return handlesOfTypes(call("CreateJobObjectW", new Object[] {null, null}));
    }

    /**
     * This process's handles of the types that a pipe and a completion port have. The process's own counter would also
     * count what the JVM opens for its threads, and under Wine it is always 0.
     */
    private static int processHandles() {
        return handlesOfTypes(
                call("CreateIoCompletionPort", new Object[] {Pointer.createConstant(-1L), null, null, 1}),
                call("CreateFileW", new Object[] {new WString("NUL"), 0, 0, null, OPEN_EXISTING, 0, null}));
    }

    private static long call(String function, Object[] arguments) {
        return Pointer.nativeValue(kernel32(function).invokePointer(arguments));
    }

    private static Function kernel32(String function) {
        return NativeLibrary.getInstance("kernel32").getFunction(function);
    }

    private static int handlesOfTypes(Long... samples) {
        try {
            return handlesOfTypes(Set.of(samples));
        } finally {
            for (long sample : samples) {
                kernel32("CloseHandle").invokeInt(new Object[] {new Pointer(sample)});
            }
        }
    }

    /** How many handles of this process have the type of one of these, apart from these. */
    private static int handlesOfTypes(Set<Long> samples) {
        Function query = NativeLibrary.getInstance("ntdll").getFunction("NtQuerySystemInformation");
        for (long size = 1 << 20; ; size *= 2) {
            try (Memory buffer = new Memory(size)) {
                int status =
                        query.invokeInt(new Object[] {SYSTEM_EXTENDED_HANDLE_INFORMATION, buffer, (int) size, null});
                if (status == STATUS_INFO_LENGTH_MISMATCH) {
                    continue;
                }
                if (status != 0) {
                    throw new AssertionError("NtQuerySystemInformation: 0x" + Integer.toHexString(status));
                }
                long self = ProcessHandle.current().pid();
                Map<Integer, Integer> countOfType = new HashMap<>();
                Set<Integer> types = new HashSet<>();
                for (long i = 0, entry = 16; i < buffer.getLong(0); i++, entry += ENTRY_SIZE) {
                    if (buffer.getLong(entry + 8) == self) {
                        int type = buffer.getShort(entry + 30);
                        countOfType.merge(type, 1, Integer::sum);
                        if (samples.contains(buffer.getLong(entry + 16))) {
                            types.add(type);
                        }
                    }
                }
                if (types.size() != samples.size()) {
                    throw new AssertionError("no types in the system's list of handles");
                }
                return types.stream().mapToInt(countOfType::get).sum() - samples.size();
            }
        }
    }

    private OpenHandles() {}
}
