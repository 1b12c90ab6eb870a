/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.random;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.util.internal.PlatformDependent;
import io.nettyipc.base.testing.TestSize;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Plays random scripts on channels of one kind, and checks after each that the contract holds ({@code CONTRACT.md}). A
 * failure tells its seed, the script and a shorter one that fails as well.
 *
 * <p>{@code -Dnettyipc.seed=N} plays that script only, {@code -Dnettyipc.scripts=N} so many instead of for some
 * seconds, {@code -Dnettyipc.full=true} 20,000.
 */
@Timeout(1200)
public abstract class AbstractRandomOperationsTest {

    private static final int PATIENCE_SECONDS = 20;
    private static final int FULL = 20_000;
    private static final Long SEED = Long.getLong("nettyipc.seed");
    private static final int SCRIPTS = Integer.getInteger("nettyipc.scripts", TestSize.of(0, FULL));
    private static final int SECONDS = Integer.getInteger("nettyipc.seconds", 2);

    /** Opens what the scripts run on. */
    protected abstract ChannelPairs open() throws Exception;

    @Test
    void randomScriptsGoAsTheContractSays() throws Exception {
        assumeTrue(
                SEED != null || SCRIPTS > 0 || !PlatformDependent.isWindows(),
                "on Windows with -Dnettyipc.scripts=N only: few have been played there, so that the next may find"
                        + " something");
        try (ChannelPairs pairs = open()) {
            if (SEED != null) {
                play(SEED, pairs);
                return;
            }
            long begin = System.nanoTime();
            long seed = System.currentTimeMillis() * 1_000_000;
            int played = 0;
            while (SCRIPTS > 0 ? played < SCRIPTS : System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(SECONDS)) {
                play(seed + played++, pairs);
            }
            System.out.printf("%s: %d scripts from seed %d%n", getClass().getSimpleName(), played, seed);
        }
    }

    private static void play(long seed, ChannelPairs pairs) throws Exception {
        Script script = ScriptGenerator.generate(seed, pairs.traits());
        List<String> findings = ScriptRun.play(script, pairs, PATIENCE_SECONDS);
        if (!findings.isEmpty()) {
            String shorter = new Shrinker(pairs, script, findings).shrink();
            fail("-Dnettyipc.seed=" + seed + ' ' + script + "\n" + String.join("\n", findings) + "\n---- shorter: "
                    + shorter);
        }
    }
}
