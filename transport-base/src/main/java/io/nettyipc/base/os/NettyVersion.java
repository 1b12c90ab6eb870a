/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.os;

import io.netty.channel.IoHandle;
import io.netty.util.Version;

/**
 * Whether Netty on the class path is recent enough. With an older one shared memory would hang in its bind, and a
 * server of a pipe couldn't take the place of one that has died.
 */
public final class NettyVersion {
    /** The oldest that the transports work with. */
    static final String OLDEST = "4.2.7.Final";

    @SuppressWarnings("StaticAssignmentOfThrowable") // made once: the reason doesn't change
    private static final Throwable UNAVAILABILITY_CAUSE = probe();

    private NettyVersion() {}

    /** Returns why the transports can't work with this Netty, or {@code null} if they can. Never throws. */
    public static Throwable unavailabilityCause() {
        return UNAVAILABILITY_CAUSE;
    }

    private static Throwable probe() {
        try {
            // The newest method that the transports can't do without.
            IoHandle.class.getMethod("registered");
            return null;
        } catch (NoSuchMethodException | LinkageError e) {
            Version transport = Version.identify().get("netty-transport");
            return new UnsupportedOperationException(
                    "Netty " + OLDEST + " or later is needed, but the class path has "
                            + (transport == null ? "an older one" : transport.artifactVersion())
                            + ": import the io.netty:netty-bom of a later version, or set the framework's property for"
                            + " Netty's version",
                    e);
        }
    }
}
