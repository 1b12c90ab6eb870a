/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.codec.call;

import java.util.Objects;

/** How a call ended: one of gRPC's codes, and a description for people. */
public final class CallStatus {

    /** The call ended as it should. */
    public static final CallStatus OK = new CallStatus(Code.OK, "");
    /** The client cancelled the call. */
    public static final CallStatus CANCELLED = new CallStatus(Code.CANCELLED, "");
    /** The call's time was over. */
    public static final CallStatus DEADLINE_EXCEEDED = new CallStatus(Code.DEADLINE_EXCEEDED, "");

    private final Code code;
    private final String description;

    private CallStatus(Code code, String description) {
        this.code = code;
        this.description = description;
    }

    /**
     * Returns a status.
     *
     * @param code the code
     * @param description what the peer shall read; of more than 1,024 bytes of UTF-8 the peer gets the first ones
     * @return the status
     */
    public static CallStatus of(Code code, String description) {
        return new CallStatus(Objects.requireNonNull(code, "code"), Objects.requireNonNull(description, "description"));
    }

    /** {@return the code} */
    public Code code() {
        return code;
    }

    /** {@return the description, which may be empty} */
    public String description() {
        return description;
    }

    /** {@return whether the code is {@link Code#OK}} */
    public boolean isOk() {
        return code == Code.OK;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CallStatus status && status.code == code && status.description.equals(description);
    }

    @Override
    public int hashCode() {
        return code.hashCode() * 31 + description.hashCode();
    }

    @Override
    public String toString() {
        return description.isEmpty() ? code.toString() : code + ": " + description;
    }

    /** gRPC's codes. gRPC's documentation says when to use which. */
    public enum Code {
        /** No error. */
        OK(0),
        /** The caller cancelled the call. */
        CANCELLED(1),
        /** An error that fits nowhere else, or a code that this side doesn't know. */
        UNKNOWN(2),
        /** The request makes no sense, whatever the system's state is. */
        INVALID_ARGUMENT(3),
        /** The deadline passed. */
        DEADLINE_EXCEEDED(4),
        /** What was asked for doesn't exist. */
        NOT_FOUND(5),
        /** What was to be created exists. */
        ALREADY_EXISTS(6),
        /** The caller may not do that. */
        PERMISSION_DENIED(7),
        /** Too much of something: of calls, of bytes in a message, of a quota. */
        RESOURCE_EXHAUSTED(8),
        /** The system isn't in the state that the request needs. */
        FAILED_PRECONDITION(9),
        /** A conflict with something concurrent. */
        ABORTED(10),
        /** Beyond the end. */
        OUT_OF_RANGE(11),
        /** There is no such method. */
        UNIMPLEMENTED(12),
        /** Something is broken. */
        INTERNAL(13),
        /** No connection, or the server takes no more calls. */
        UNAVAILABLE(14),
        /** Lost or damaged data. */
        DATA_LOSS(15),
        /** The caller has not said who it is. */
        UNAUTHENTICATED(16);

        /** At the index of their numbers. */
        private static final Code[] CODES = values();

        private final int number;

        Code(int number) {
            this.number = number;
        }

        /** {@return gRPC's number of the code} */
        public int number() {
            return number;
        }

        static Code of(int number) {
            return number < CODES.length ? CODES[number] : UNKNOWN;
        }
    }
}
