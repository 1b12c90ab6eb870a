/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.os;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;

/**
 * A Windows job: processes, and with them those that they start, that end when the job is closed. The system closes it
 * with this process, however that ends. A process can be in a job that is in another one, since Windows 8.
 *
 * <p>All methods may be called by any thread.
 */
public final class JobObject implements AutoCloseable {
    private static final int BASIC_PROCESS_ID_LIST = 3;
    private static final int EXTENDED_LIMIT_INFORMATION = 9;

    /** JOBOBJECT_EXTENDED_LIMIT_INFORMATION on 64-bit Windows: its size, and where LimitFlags is in it. */
    private static final int LIMITS_SIZE = 144;

    private static final int LIMIT_FLAGS = 16;
    private static final int JOB_OBJECT_LIMIT_BREAKAWAY_OK = 0x0800;
    private static final int JOB_OBJECT_LIMIT_SILENT_BREAKAWAY_OK = 0x1000;
    private static final int JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE = 0x2000;

    /** JOBOBJECT_BASIC_PROCESS_ID_LIST: where NumberOfProcessIdsInList and the ids are in it. */
    private static final int ID_COUNT = 4;

    private static final int IDS = 8;
    private static final int ID_SIZE = 8;

    private static final int PROCESS_TERMINATE = 0x0001;
    private static final int PROCESS_SET_QUOTA = 0x0100;

    static {
        Native.register(JobObject.class, "kernel32");
    }

    /** Or 0 once it is closed. */
    private long handle;

    private JobObject(long handle) {
        this.handle = handle;
    }

    /**
     * Creates a job, which no child process inherits.
     *
     * @param withStarted whether processes that those in the job start are in it too. They may leave it by asking for
     *     that, since starting them would fail otherwise
     */
    public static JobObject create(boolean withStarted) throws IOException {
        long handle = CreateJobObjectW(0, 0);
        if (handle == 0) {
            throw error("CreateJobObject");
        }
        try (Memory limits = new Memory(LIMITS_SIZE)) {
            limits.clear();
            limits.setInt(
                    LIMIT_FLAGS,
                    JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
                            | (withStarted ? JOB_OBJECT_LIMIT_BREAKAWAY_OK : JOB_OBJECT_LIMIT_SILENT_BREAKAWAY_OK));
            if (!SetInformationJobObject(
                    handle, EXTENDED_LIMIT_INFORMATION, Pointer.nativeValue(limits), LIMITS_SIZE)) {
                IOException error = error("SetInformationJobObject");
                Kernel32.CloseHandle(handle);
                throw error;
            }
        }
        return new JobObject(handle);
    }

    /** Adds a process, and not what it has started before. Refused for one that has ended. */
    public synchronized void add(long processId) throws IOException {
        long process = Kernel32.OpenProcess(PROCESS_SET_QUOTA | PROCESS_TERMINATE, false, (int) processId);
        if (process == 0) {
            throw error("OpenProcess");
        }
        try {
            if (!AssignProcessToJobObject(handle, process)) {
                throw error("AssignProcessToJobObject");
            }
        } finally {
            Kernel32.CloseHandle(process);
        }
    }

    /** The processes that are in it and live; none once it is closed. */
    public synchronized long[] processIds() throws IOException {
        if (handle == 0) {
            return new long[0];
        }
        for (int capacity = 4; ; capacity *= 2) {
            int size = IDS + capacity * ID_SIZE;
            try (Memory list = new Memory(size)) {
                if (QueryInformationJobObject(handle, BASIC_PROCESS_ID_LIST, Pointer.nativeValue(list), size, 0)) {
                    return list.getLongArray(IDS, list.getInt(ID_COUNT));
                }
                if (Win32Error.last().code() != Win32Error.MORE_DATA) {
                    throw error("QueryInformationJobObject");
                }
            }
        }
    }

    /** Ends all processes in it, at once. */
    public synchronized void terminate(int exitCode) throws IOException {
        if (handle != 0 && !TerminateJobObject(handle, exitCode)) {
            throw error("TerminateJobObject");
        }
    }

    @Override
    public synchronized void close() {
        if (handle != 0) {
            Kernel32.CloseHandle(handle);
            handle = 0;
        }
    }

    private static IOException error(String call) {
        return new IOException(Win32Error.last().describe(call));
    }

    private static native long CreateJobObjectW(long securityAttributes, long name);

    private static native boolean SetInformationJobObject(long job, int kind, long information, int length);

    private static native boolean QueryInformationJobObject(
            long job, int kind, long information, int length, long returned);

    private static native boolean AssignProcessToJobObject(long job, long process);

    private static native boolean TerminateJobObject(long job, int exitCode);
}
