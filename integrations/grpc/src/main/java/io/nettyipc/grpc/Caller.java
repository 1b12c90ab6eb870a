/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.grpc;

import io.grpc.Attributes;
import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.ServerCall;
import io.nettyipc.pipe.NamedPipePeer;

/**
 * Who is at the other end of a call's connection, as the operating system told the server when the connection came.
 * Servers of {@link LocalGrpc} have it in the transport's attributes ({@link #TRANSPORT_ATTRIBUTE});
 * {@link AdmitCallers} puts it into the context of each call and decides by it.
 *
 * <p>{@link #user()} and {@link #sid()} are fit for decisions. On Windows they are those of the token that the client
 * opened the pipe with, and with shared memory, which connects processes of one user only, those of the client's
 * process; on Unix they are the socket's credentials. What is not known is {@code null}.
 *
 * @param process what {@link io.nettyipc.pipe.NamedPipe#peer} says; its process id may have been reused since, and is
 *     for logs
 * @param user the user's name, {@code DOMAIN\name} on Windows
 * @param sid the user's security identifier on Windows pipes
 */
public record Caller(NamedPipePeer process, String user, String sid) {

    /** Where {@link ServerCall#getAttributes()} and a {@link io.grpc.ServerTransportFilter} have it. */
    @Grpc.TransportAttr
    public static final Attributes.Key<Caller> TRANSPORT_ATTRIBUTE = Attributes.Key.create("io.nettyipc.grpc.caller");

    /** Where a service has it that is behind {@link AdmitCallers}. */
    public static final Context.Key<Caller> CONTEXT_KEY = Context.key("io.nettyipc.grpc.caller");

    /**
     * Returns who makes the current call, or {@code null} if the server has no {@link AdmitCallers} or no local
     * transport.
     */
    public static Caller current() {
        return CONTEXT_KEY.get();
    }

    /** Returns who makes a call, or {@code null} if the system doesn't say, as of TCP. */
    public static Caller of(ServerCall<?, ?> call) {
        return call.getAttributes().get(TRANSPORT_ATTRIBUTE);
    }

    /**
     * Returns whether it is a user of this name or, on Windows, of this security identifier. Windows names are compared
     * without regard to case.
     */
    public boolean isUser(String nameOrSid) {
        if (nameOrSid.equals(sid)) {
            return true;
        }
        return user != null && (user.indexOf('\\') >= 0 ? user.equalsIgnoreCase(nameOrSid) : user.equals(nameOrSid));
    }
}
