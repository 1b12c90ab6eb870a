/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.testsuite;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.nettyipc.base.testing.Variation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * Methods are overridden only to say where they cannot hold: a Windows byte pipe has no half-close (its peer either is
 * there or has gone), and Netty's domain socket channels of NIO and io_uring do not know {@code ALLOW_HALF_CLOSURE}.
 */
class NamedPipeHalfClosedTest extends AbstractHalfClosedTest {
    private static final String NO_HALF_CLOSE = "a byte pipe has no half-close";

    NamedPipeHalfClosedTest() {
        super(NamedPipeTestPermutation.INSTANCE);
    }

    private static void assumeHalfClosureOption() {
        assumeTrue(NamedPipeTestPermutation.noHalfClosure() == null, NamedPipeTestPermutation::noHalfClosure);
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = NO_HALF_CLOSE)
    @Override
    public void testAllDataReadEventTriggeredAfterHalfClosure(TestInfo testInfo) throws Throwable {
        assumeHalfClosureOption();
        super.testAllDataReadEventTriggeredAfterHalfClosure(testInfo);
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = NO_HALF_CLOSE)
    @Override
    public void testAllDataReadAfterHalfClosure(TestInfo testInfo) throws Throwable {
        assumeHalfClosureOption();
        super.testAllDataReadAfterHalfClosure(testInfo);
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = NO_HALF_CLOSE)
    @Override
    public void testHalfClosureOnlyOneEventWhenAutoRead(TestInfo testInfo) throws Throwable {
        assumeHalfClosureOption();
        super.testHalfClosureOnlyOneEventWhenAutoRead(testInfo);
    }

    /** Netty has it disabled for its own io_uring channels. */
    @Test
    @Override
    public void testAutoCloseFalseDoesShutdownOutput(TestInfo testInfo) throws Throwable {
        assumeTrue(Variation.CURRENT != Variation.URING, "as in Netty's own tests");
        super.testAutoCloseFalseDoesShutdownOutput(testInfo);
    }

    /** {@link NamedPipeDetectPeerCloseWithoutReadTest} has the part of this that is about a full close. */
    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = NO_HALF_CLOSE)
    @Override
    public void testAllDataReadClosure(TestInfo testInfo) throws Throwable {
        assumeHalfClosureOption();
        super.testAllDataReadClosure(testInfo);
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = NO_HALF_CLOSE)
    @Override
    public void testHalfClosureReceiveDataOnFinalWait2StateWhenSoLingerSet(TestInfo testInfo) throws Throwable {
        assumeHalfClosureOption();
        super.testHalfClosureReceiveDataOnFinalWait2StateWhenSoLingerSet(testInfo);
    }
}
