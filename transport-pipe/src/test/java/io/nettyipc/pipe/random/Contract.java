/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.random;

import io.netty.util.IllegalReferenceCountException;
import io.nettyipc.pipe.MessageTooLongException;
import io.nettyipc.pipe.random.Operation.Fate;
import io.nettyipc.pipe.random.Operation.Promise;
import io.nettyipc.pipe.random.Written.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What must hold at the end of every script; in words it is in {@code CONTRACT.md}. */
final class Contract {

    private final Set<Trait> traits;
    private final Settings settings;
    /** The script didn't come to its end. */
    private final boolean stuck;

    private final List<String> findings = new ArrayList<>();

    Contract(Set<Trait> traits, Settings settings, boolean stuck) {
        this.traits = traits;
        this.settings = settings;
        this.stuck = stuck;
    }

    /**
     * Checks one direction.
     *
     * @return what was wrong
     */
    List<String> check(Recorder from, Recorder to) {
        findings.clear();
        findings.addAll(from.violations);
        boolean quiet = isQuiet(from) && isQuiet(to);
        from.writes.forEach(written -> checkWrite(written, from, quiet));
        checkOrderOfFailures(from);
        checkExceptions(from, quiet);
        checkBytes(from, to);
        if (!stuck && (from.active != 1 || from.inactive != 1)) {
            findings.add(from.end + " was " + from.active + " times active and " + from.inactive + " times inactive");
        }
        return List.copyOf(findings);
    }

    /** Whether the script did nothing to this end that lets something fail. */
    private static boolean isQuiet(Recorder recorder) {
        return !recorder.hasEndedOutput() && !recorder.inputShutDown;
    }

    private void checkWrite(Written written, Recorder from, boolean quiet) {
        switch (written.outcome) {
            case PENDING -> {
                if (!stuck) {
                    findings.add("never ended: " + written);
                }
            }
            case FAILED -> {
                if (!mayFailWith(written.cause, from) || (quiet && !isRefused(written))) {
                    findings.add("failed: " + written + '\n' + ScriptRun.stackTrace(written.cause));
                }
            }
            case CANCELLED -> {
                if (written.operation.fate() != Fate.CANCELLED) {
                    findings.add("cancelled by nobody: " + written);
                }
            }
            case SUCCESS -> {
                boolean tellsProgress = written.operation.promise() == Promise.PROGRESSIVE && written.length() > 0;
                if (tellsProgress && written.progress != written.length()) {
                    findings.add("its last progress was " + written.progress + ": " + written);
                }
            }
            case UNKNOWN -> {}
        }
    }

    private boolean mayFailWith(Throwable cause, Recorder from) {
        return cause instanceof IOException
                || (cause instanceof IllegalReferenceCountException && from.releasedEarly)
                || (cause instanceof UnsupportedOperationException && traits.contains(Trait.MESSAGES));
    }

    /** Whether the channel refused this one message, and goes on. */
    private static boolean isRefused(Written written) {
        return written.cause instanceof MessageTooLongException
                || written.cause instanceof UnsupportedOperationException
                || written.wasReleasedEarly();
    }

    private void checkOrderOfFailures(Recorder from) {
        Written failed = null;
        for (Written written : from.writes) {
            if (written.outcome == Outcome.FAILED && !isRefused(written)) {
                failed = written;
            } else if (written.outcome == Outcome.SUCCESS && failed != null && hasContent(written)) {
                findings.add("a write succeeded after one had failed: " + written + " after " + failed);
            }
        }
    }

    /** Whether the peer would have seen anything of it: a channel of bytes has nothing to do for an empty write. */
    private boolean hasContent(Written written) {
        return written.length() > 0 || traits.contains(Trait.MESSAGES);
    }

    private void checkExceptions(Recorder end, boolean quiet) {
        for (Throwable cause : end.exceptions) {
            if ((quiet && !stuck) || !mayFailWith(cause, end)) {
                findings.add(end.end + "'s exceptionCaught: " + ScriptRun.stackTrace(cause));
            }
        }
    }

    /** Whether the receiver has thrown away what it had not read. */
    private boolean hasAbandoned(Recorder to) {
        return to.closed || to.inputShutDown || (to.hasFailedWrite() && settings.autoClose());
    }

    // ---- the bytes

    private void checkBytes(Recorder from, Recorder to) {
        byte[] received = to.received.toByteArray();
        // Where the next write's bytes can begin: of a write that failed all can have arrived, or nothing.
        TreeSet<Integer> places = new TreeSet<>(Set.of(0));
        boolean cutShort = false;
        for (Written written : from.writes) {
            if (written.outcome == Outcome.CANCELLED) {
                continue;
            }
            TreeSet<Integer> next = new TreeSet<>();
            for (int place : places) {
                int same = same(written, received, place);
                if (same == written.length()) {
                    next.add(place + same);
                } else if (place + same == received.length) {
                    cutShort |= !isOptional(written, from) || same > 0;
                    next.add(isOptional(written, from) ? place + same : -1);
                }
                if (isOptional(written, from)) {
                    next.add(place);
                }
            }
            next.remove(-1);
            if (next.isEmpty()) {
                checkCutShort(written, from, to, places, cutShort);
                return;
            }
            places = next;
        }
        if (!places.contains(received.length)) {
            findings.add(to.end + " received " + received.length + " bytes, and only " + places.last()
                    + " of them were sent");
        }
        if (traits.contains(Trait.MESSAGES)) {
            checkMessages(from, to);
        }
    }

    private void checkCutShort(Written written, Recorder from, Recorder to, Set<Integer> places, boolean cutShort) {
        String what = "of " + written + ", written at byte " + places;
        if (!cutShort) {
            findings.add(to.end + " received wrong bytes instead " + what);
        } else if (!stuck && (written.outcome == Outcome.SUCCESS || !from.hasEndedOutput()) && !hasAbandoned(to)) {
            findings.add(to.end + " received " + to.received.size() + " bytes, not all " + what);
        }
    }

    /** Whether its bytes need not arrive, all or in part. */
    private static boolean isOptional(Written written, Recorder from) {
        return written.outcome == Outcome.FAILED
                || written.outcome == Outcome.PENDING
                || (written.outcome == Outcome.UNKNOWN && !from.wasSent(written))
                || written.wasReleasedEarly();
    }

    private static int same(Written written, byte[] received, int place) {
        int most = Math.min(written.length(), received.length - place);
        for (int i = 0; i < most; i++) {
            if (received[place + i] != Pattern.BYTES[written.begin() + i]) {
                return i;
            }
        }
        return most;
    }

    /** Empty messages are left out: the last ones before the end need not arrive. */
    private void checkMessages(Recorder from, Recorder to) {
        if (stuck || hasAbandoned(to) || from.writes.stream().anyMatch(written -> isOptional(written, from))) {
            return;
        }
        List<Integer> sent = from.writes.stream()
                .filter(written -> written.outcome != Outcome.CANCELLED && written.length() > 0)
                .map(Written::length)
                .toList();
        List<Integer> arrived =
                to.messages.stream().filter(length -> length > 0).toList();
        if (!arrived.equals(sent)) {
            findings.add(to.end + " received messages of " + arrived + " bytes, and not of " + sent);
        }
    }
}
