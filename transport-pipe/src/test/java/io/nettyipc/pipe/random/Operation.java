/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.random;

/** One call of a script, on the channel of the step's end. */
sealed interface Operation {

    /** Who learns of a write's outcome. */
    enum Promise {
        /** A listener is added to what {@code write} returns. */
        RETURNED,
        /** The listener is there before the write. */
        GIVEN,
        PROGRESSIVE,
        VOID
    }

    /** What happens to a message right after it was written. */
    enum Fate {
        NONE,
        CANCELLED,
        /** By somebody who is not its owner any more. */
        RELEASED
    }

    /** What a write's listener does, on the event loop. */
    enum Reaction {
        NONE,
        FLUSH,
        WRITE_AND_FLUSH,
        CLOSE,
        SHUT_DOWN_OUTPUT
    }

    /** Writes, and flushes if so. */
    record Write(int length, Payload payload, Promise promise, Fate fate, Reaction reaction, boolean flush)
            implements Operation {
        @Override
        public String toString() {
            StringBuilder text = new StringBuilder(flush ? "writeAndFlush(" : "write(");
            text.append(length)
                    .append(" B ")
                    .append(payload)
                    .append(", ")
                    .append(promise)
                    .append(')');
            if (fate != Fate.NONE) {
                text.append(" then ").append(fate);
            }
            if (reaction != Reaction.NONE) {
                text.append(" whose listener does ").append(reaction);
            }
            return text.toString();
        }
    }

    /** Writes and flushes whenever the channel becomes writable, so many times. */
    record RefillWhenWritable(int times, int length) implements Operation {}

    /** Writes and flushes an answer to each of the next reads. */
    record AnswerReads(int times, int length) implements Operation {}

    record Flush() implements Operation {}

    record Read() implements Operation {}

    record AutoRead(boolean on) implements Operation {}

    record ShutDownOutput() implements Operation {}

    record ShutDownInput() implements Operation {}

    /** Leaves the event loop and comes back. */
    record Reregister() implements Operation {}

    record Close() implements Operation {}
}
