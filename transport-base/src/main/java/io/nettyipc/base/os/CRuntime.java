/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.os;

import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A C library of this Windows process. Each has descriptors of its own, with handles behind them. */
public final class CRuntime {
    /** The JDK's, and that of libraries made with MinGW. */
    private static final String[] NAMES = {"ucrtbase", "msvcrt"};

    private static final int O_TEXT = 0x4000;

    private final NativeLibrary library;

    private CRuntime(NativeLibrary library) {
        this.library = library;
    }

    /** The C runtimes that the process has loaded by now. */
    public static List<CRuntime> loaded() {
        List<CRuntime> loaded = new ArrayList<>();
        for (String name : NAMES) {
            if (Kernel32.GetModuleHandle(name + ".dll") != 0) {
                loaded.add(new CRuntime(NativeLibrary.getInstance(name)));
            }
        }
        return loaded;
    }

    /** Puts a handle, which the library takes over also if that fails, behind a descriptor; the old one is closed. */
    public void replace(int descriptor, long handle) throws IOException {
        int opened = call("_open_osfhandle", handle, O_TEXT);
        if (opened < 0) {
            Kernel32.CloseHandle(handle);
            throw new IOException(library.getName() + ": _open_osfhandle failed");
        }
        int replaced = call("_dup2", opened, descriptor);
        call("_close", opened);
        if (replaced < 0) {
            throw new IOException(library.getName() + ": _dup2 to descriptor " + descriptor + " failed");
        }
    }

    private int call(String function, Object... arguments) {
        return library.getFunction(function).invokeInt(arguments);
    }
}
