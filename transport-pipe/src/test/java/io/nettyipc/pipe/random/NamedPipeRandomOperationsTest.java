/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.random;

import io.netty.util.internal.PlatformDependent;
import io.nettyipc.pipe.NamedPipe;
import io.nettyipc.pipe.testing.Pipes;
import java.util.EnumSet;
import java.util.Set;

/**
 * Over whatever {@link NamedPipe} chooses on this machine. On Unix that is one of Netty's own: what is found there is
 * Netty's.
 */
class NamedPipeRandomOperationsTest extends AbstractRandomOperationsTest {

    @Override
    protected ChannelPairs open() {
        return new BootstrapPairs(new Pipes(), traits(), (channel, settings) -> {});
    }

    private static Set<Trait> traits() {
        Set<Trait> traits = EnumSet.of(Trait.INPUT_SHUTDOWN, Trait.FILE_REGIONS);
        if (PlatformDependent.isWindows()) {
            traits.addAll(EnumSet.of(Trait.READS_AFTER_END, Trait.LIMITED_READS));
        } else {
            traits.add(Trait.OUTPUT_SHUTDOWN);
            if (!NamedPipe.channelType().getSimpleName().startsWith("Nio")) {
                traits.add(Trait.HALF_CLOSURE_OPTION);
            }
        }
        return traits;
    }
}
