/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.testsuite;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * Methods are overridden only to say where they cannot hold: a Windows byte pipe has no half-close (its peer either is
 * there or has gone), and Netty's NIO domain socket channel does not know {@code ALLOW_HALF_CLOSURE}.
 */
class NamedPipeHalfClosedTest extends AbstractHalfClosedTest {
    private static final String NO_HALF_CLOSE = "a byte pipe has no half-close";

    NamedPipeHalfClosedTest() {
        super(NamedPipeTestPermutation.INSTANCE);
    }

    private static void assumeHalfClosureOption() {
        assumeFalse(NamedPipeTestPermutation.isNio(), "NioDomainSocketChannel has no ALLOW_HALF_CLOSURE");
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
