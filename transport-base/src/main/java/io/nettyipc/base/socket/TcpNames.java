/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.socket;

import java.util.regex.Pattern;

/** Texts that address a TCP server, which somebody who moves from TCP gives where a name is expected. */
public final class TcpNames {

    private static final Pattern HOST_AND_PORT = Pattern.compile(
            "(localhost|\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-f:.%]*]|\\*|):\\d{1,5}", Pattern.CASE_INSENSITIVE);

    /** What such a text is. */
    public static final String FINDING = "is the host and port of a TCP server";

    private TcpNames() {}

    /**
     * Returns whether a text can hardly be anything but a host and a port: {@code localhost}, a numeric address,
     * {@code *} or nothing, and a number. Other names may have a colon and a number as well.
     */
    public static boolean isHostAndPort(String text) {
        return HOST_AND_PORT.matcher(text).matches();
    }
}
