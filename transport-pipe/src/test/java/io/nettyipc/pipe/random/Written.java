/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.random;

import io.netty.util.ReferenceCounted;

/** A write, and what became of it. Guarded by the run's lock. */
final class Written {

    enum Outcome {
        PENDING,
        SUCCESS,
        FAILED,
        CANCELLED,
        /** It had a void promise. */
        UNKNOWN
    }

    final int number;
    final Operation.Write operation;
    Object message;
    Outcome outcome;
    Throwable cause;
    /** What the last progress said, or -1. */
    long progress = -1;

    Written(int number, Operation.Write operation) {
        this.number = number;
        this.operation = operation;
        outcome = operation.promise() == Operation.Promise.VOID ? Outcome.UNKNOWN : Outcome.PENDING;
    }

    int length() {
        return operation.length();
    }

    int begin() {
        return Pattern.begin(number, length());
    }

    boolean wasReleasedEarly() {
        return operation.fate() == Operation.Fate.RELEASED;
    }

    /** Whether somebody still has a reference; of a recycled buffer nobody can tell. */
    boolean isHeld() {
        return operation.payload() != Payload.ALLOCATED && ((ReferenceCounted) message).refCnt() != 0;
    }

    @Override
    public String toString() {
        return "#" + number + ' ' + operation + ": " + outcome + (cause == null ? "" : " (" + cause + ')');
    }
}
