/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import com.sun.jna.Native;
import io.netty.channel.Channel;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.util.internal.PlatformDependent;
import io.nettyipc.base.loop.CompletionPortIoHandle;
import io.nettyipc.base.loop.CompletionPortIoHandler;
import io.nettyipc.base.os.Advapi32;
import io.nettyipc.base.os.Kernel32;
import io.nettyipc.base.os.NtDll;
import io.nettyipc.base.os.Win32Error;
import io.nettyipc.pipe.NamedPipePeer;
import java.lang.invoke.MethodHandles;
import java.util.Optional;

/** Entry to the Windows transport: whether it works here, and its parts. Loading this class never fails. */
public final class WindowsNamedPipe {

    private static final Optional<Throwable> UNAVAILABILITY_CAUSE = Optional.ofNullable(probe());

    private WindowsNamedPipe() {}

    private static Throwable probe() {
        if (!PlatformDependent.isWindows()) {
            return new UnsupportedOperationException("this is not Windows");
        }
        try {
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
        } catch (Throwable t) {
            return t;
        }
    }

    /** Why named pipes can't be used in this process, or null if they can. */
    public static Throwable unavailabilityCause() {
        return UNAVAILABILITY_CAUSE.orElse(null);
    }

    /** A factory for event loops that pipes live on. */
    public static IoHandlerFactory newIoHandlerFactory() {
        return CompletionPortIoHandler.newFactory();
    }

    /** Whether pipes can live on the loop of that handler. */
    public static boolean isServedBy(IoHandler handler) {
        return handler.isCompatible(CompletionPortIoHandle.class);
    }

    /** Who is at the other end. */
    public static NamedPipePeer peer(Channel channel) {
        return PipePeers.of(channel);
    }
}
