/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.os;

import java.util.Locale;

/** The operating systems whose rules for names and paths differ. */
public enum Platform {
    WINDOWS(0),
    /** {@code sun_path} has 108 bytes, the last one for the terminating NUL. */
    LINUX(107),
    /** macOS and the BSDs: {@code sun_path} has 104 bytes. */
    BSD(103);

    private static final Platform CURRENT = of(System.getProperty("os.name", ""));

    private final int maxSocketPathBytes;

    Platform(int maxSocketPathBytes) {
        this.maxSocketPathBytes = maxSocketPathBytes;
    }

    public static Platform current() {
        return CURRENT;
    }

    static Platform of(String osName) {
        String os = osName.toLowerCase(Locale.ROOT);
        if (os.startsWith("windows")) {
            return WINDOWS;
        }
        return os.startsWith("mac") || os.contains("bsd") || os.contains("darwin") ? BSD : LINUX;
    }

    /** Returns how many bytes of path a socket address can hold. */
    public int maxSocketPathBytes() {
        return maxSocketPathBytes;
    }
}
