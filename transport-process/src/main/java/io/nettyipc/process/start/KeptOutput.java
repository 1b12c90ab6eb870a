/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process.start;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The output of a child that other processes have too, and keep open when the child has ended: it counts as ended some
 * time later, but not before nothing is left in it to be read.
 */
public final class KeptOutput implements Runnable {
    /** How often a pipe is looked at that somebody is reading, or not. */
    private static final int LOOK_AGAIN_MILLIS = 50;

    private final Channel output;
    private final BooleanSupplier empty;
    private final Runnable end;

    private KeptOutput(Channel output, BooleanSupplier empty, Runnable end) {
        this.output = output;
        this.empty = empty;
        this.end = end;
    }

    /**
     * Ends an output after the child.
     *
     * @param exit the child's end
     * @param output reads what the child writes; what follows is called by its event loop while it is open
     * @param empty whether nothing is there to be read; asked again after a while if something is
     * @param end takes the output for ended
     */
    public static void endAfter(
            Future<Integer> exit, ProcessChannelConfig config, Channel output, BooleanSupplier empty, Runnable end) {
        KeptOutput kept = new KeptOutput(output, empty, end);
        exit.addListener(ended -> {
            int millis = config.drainTimeoutMillis();
            if (millis >= 0 && output.isOpen()) {
                try {
                    kept.lookIn(millis);
                } catch (RejectedExecutionException e) {
                    // The loop has ended, and the channel with it.
                }
            }
        });
    }

    private void lookIn(int millis) {
        output.eventLoop().schedule(this, millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void run() {
        if (!output.isOpen()) {
            return;
        }
        if (output.isRegistered() && empty.getAsBoolean()) {
            end.run();
        } else {
            lookIn(LOOK_AGAIN_MILLIS);
        }
    }
}
