/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process;

import io.nettyipc.base.testing.ChildJvm;
import io.nettyipc.mailslot.Mailslot;
import io.nettyipc.pipe.NamedPipe;
import java.util.List;

/** Started by {@link ChildJvm}: tells why each transport can't be used, or {@code null}. */
final class AvailabilityProgram {
    private AvailabilityProgram() {}

    public static void main(String[] arguments) {
        ChildJvm.answer(NamedPipe.unavailabilityCause());
        for (Throwable cause : List.of(
                Fifo.isAvailable() ? new AssertionError() : Fifo.unavailabilityCause(),
                Mailslot.isAvailable() ? new AssertionError() : Mailslot.unavailabilityCause(),
                ChildProcess.isAvailable() ? new AssertionError() : ChildProcess.unavailabilityCause(),
                Stdio.isAvailable() ? new AssertionError() : Stdio.unavailabilityCause())) {
            ChildJvm.answer(cause);
        }
        try {
            Fifo.channelType();
        } catch (UnsatisfiedLinkError e) {
            ChildJvm.answer(e);
        }
        try {
            NamedPipe.messageChannelType();
        } catch (UnsatisfiedLinkError | UnsupportedOperationException e) {
            ChildJvm.answer(e);
        }
    }
}
