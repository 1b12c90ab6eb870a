/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.os;

import com.sun.jna.Native;
import java.lang.invoke.MethodHandles;

/** Whether the system's functions that the transports need can be called in this JVM: libc's, or those of Windows. */
public final class NativeAccess {
    @SuppressWarnings("StaticAssignmentOfThrowable") // the reason at the time of the attempt is what users need
    private static final Throwable UNAVAILABILITY_CAUSE = probe();

    private NativeAccess() {}

    /** Returns why they can't be called, or {@code null} if they can. Never throws. */
    public static Throwable unavailabilityCause() {
        return UNAVAILABILITY_CAUSE;
    }

    private static Throwable probe() {
        if (NettyVersion.unavailabilityCause() != null) {
            return NettyVersion.unavailabilityCause();
        }
        try {
            if (Platform.current() == Platform.WINDOWS) {
                return probeWindows();
            }
            LibC.describe(0);
            return null;
        } catch (UnsatisfiedLinkError e) {
            return new UnsatisfiedLinkError("JNA can't load its library (" + e.getMessage()
                            + "): set -Djna.tmpdir to a directory of this user"
                            + " on a file system that isn't mounted noexec, or -Djna.boot.library.path to one with the"
                            + " library for this system")
                    .initCause(e);
        } catch (Throwable t) {
            // JNA is missing, has no library for this system, or may not load it.
            String denial = DeniedAccess.describe(t, () -> Native.class);
            return denial == null ? t : new UnsupportedOperationException(denial, t);
        }
    }

    private static Throwable probeWindows() throws IllegalAccessException {
        if (Native.POINTER_SIZE != Long.BYTES) {
            return new UnsupportedOperationException("only 64-bit Windows is supported");
        }
        long port = Kernel32.CreateIoCompletionPort(Kernel32.INVALID_HANDLE_VALUE, 0, 0, 1);
        if (port == 0) {
            return new IllegalStateException(Win32Error.last().describe("CreateIoCompletionPort"));
        }
        Kernel32.CloseHandle(port);
        // Needed later, where a failure to load them would meet a channel.
        MethodHandles.lookup().ensureInitialized(NtDll.class);
        MethodHandles.lookup().ensureInitialized(Advapi32.class);
        return null;
    }
}
