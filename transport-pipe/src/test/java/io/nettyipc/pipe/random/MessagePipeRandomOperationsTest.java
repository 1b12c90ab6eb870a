/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.random;

import io.netty.util.internal.PlatformDependent;
import io.nettyipc.pipe.testing.MessagePipes;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Over pipes that carry messages. */
@DisabledOnOs(value = OS.MAC, disabledReason = "macOS has no sockets that carry messages")
class MessagePipeRandomOperationsTest extends AbstractRandomOperationsTest {

    @Override
    protected ChannelPairs open() {
        return new BootstrapPairs(new MessagePipes(), traits(), (channel, settings) -> {});
    }

    private static Set<Trait> traits() {
        Set<Trait> traits = EnumSet.of(
                Trait.MESSAGES,
                Trait.INPUT_SHUTDOWN,
                Trait.READS_AFTER_END,
                Trait.LIMITED_READS,
                Trait.HALF_CLOSURE_OPTION);
        if (!PlatformDependent.isWindows()) {
            traits.add(Trait.OUTPUT_SHUTDOWN);
        }
        return traits;
    }
}
