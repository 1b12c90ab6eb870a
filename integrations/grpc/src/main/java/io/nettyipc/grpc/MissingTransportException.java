/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.grpc;

/** A scheme's transport is not on the class path, or cannot be used in this JVM. The message says what to add. */
@SuppressWarnings("serial") // Never leaves this package but as its message.
final class MissingTransportException extends Exception {

    MissingTransportException(String scheme, Throwable cause) {
        super(scheme + ": " + reason(scheme, cause), cause);
    }

    private static String reason(String scheme, Throwable cause) {
        String missing = String.valueOf(cause.getMessage()).replace('.', '/');
        if (cause instanceof NoClassDefFoundError && missing.startsWith("io/grpc/netty/")) {
            return "needs io.grpc:grpc-netty, and it is not on the class path. What grpc-netty-shaded contains is a"
                    + " copy of Netty under other names, whose event loops cannot serve these channels: add grpc-netty"
                    + " beside it";
        }
        if (cause instanceof NoClassDefFoundError && missing.startsWith("io/nettyipc/")) {
            String module = scheme.equals(LocalScheme.SHM) ? "nettyipc-transport-shm" : "nettyipc-transport-pipe";
            return "needs io.nettyipc:" + module + ", and " + cause.getMessage() + " is not on the class path: add it";
        }
        return "cannot be used in this JVM: " + cause;
    }
}
