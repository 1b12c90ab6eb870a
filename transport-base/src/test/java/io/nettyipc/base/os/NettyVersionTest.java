/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.os;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.util.Version;
import java.lang.module.ModuleDescriptor;
import org.junit.jupiter.api.Test;

/** On the class path's Netty; {@code .ci/oldest-netty} runs it on the oldest one that works and on the one before. */
class NettyVersionTest {

    @Test
    void aNettyThatIsTooOldIsNamedWithTheOldestThatWorks() {
        String version = Version.identify().get("netty-transport").artifactVersion();
        Throwable cause = NettyVersion.unavailabilityCause();
        if (parse(version).compareTo(parse(NettyVersion.OLDEST)) < 0) {
            String message = String.valueOf(cause.getMessage());
            assertTrue(message.startsWith("Netty 4.2.7.Final or later is needed, but the class path has " + version));
            assertTrue(NativeAccess.unavailabilityCause() == cause, "the transports are not available");
        } else {
            assertNull(cause);
        }
    }

    private static ModuleDescriptor.Version parse(String version) {
        return ModuleDescriptor.Version.parse(version);
    }
}
