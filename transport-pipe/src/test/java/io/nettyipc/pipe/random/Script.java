/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.random;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What is done to a connection.
 *
 * @param seed       makes the same script again
 * @param settings   the connection's options
 * @param steps      in order
 * @param closeFirst who closes at the end, if nobody has before
 */
record Script(long seed, Settings settings, List<Step> steps, End closeFirst) {

    Script with(List<Step> others) {
        return new Script(seed, settings, others, closeFirst);
    }

    @Override
    public String toString() {
        return settings
                + steps.stream().map(step -> "\n  " + step).collect(Collectors.joining())
                + "\n  settle, " + closeFirst + " closes";
    }
}
