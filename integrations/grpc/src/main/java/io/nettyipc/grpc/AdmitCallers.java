/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.grpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Lets calls through by who makes them, and tells the service by {@link Caller#current()}. Who isn't admitted gets
 * {@code PERMISSION_DENIED}; where the system doesn't say who calls, {@code UNAUTHENTICATED}.
 *
 * <pre>{@code
 * LocalGrpc.serverBuilder("npipe:orders", InsecureServerCredentials.create())
 *     .intercept(AdmitCallers.users("www-data", "CORP\\webserver"))
 * }</pre>
 *
 * <p>Who can connect at all is a matter of the pipe's access list or the socket's mode: by default this user alone.
 */
public final class AdmitCallers implements ServerInterceptor {

    private final Predicate<Caller> admitted;

    private AdmitCallers(Predicate<Caller> admitted) {
        this.admitted = admitted;
    }

    /** Refuses nobody, not even who is unknown: {@link Caller#current()} is {@code null} then. */
    public static AdmitCallers all() {
        return new AdmitCallers(null);
    }

    /**
     * Admits these users.
     *
     * @param namesOrSids names as {@link Caller#user()} has them, or Windows security identifiers; others are refused
     */
    public static AdmitCallers users(String... namesOrSids) {
        Set<String> users = Set.of(namesOrSids);
        return matching(caller -> users.stream().anyMatch(caller::isUser));
    }

    /** Admits callers of whom the test is true. It may run on any thread of the server's executor. */
    public static AdmitCallers matching(Predicate<Caller> test) {
        return new AdmitCallers(java.util.Objects.requireNonNull(test, "test"));
    }

    @Override
    public <A, B> ServerCall.Listener<A> interceptCall(
            ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
        Caller caller = Caller.of(call);
        if (admitted != null) {
            if (caller == null) {
                return refuse(
                        call,
                        Status.UNAUTHENTICATED.withDescription(
                                "the system doesn't say who calls: only named pipes and shared memory can be asked"));
            }
            if (!admitted.test(caller)) {
                return refuse(
                        call,
                        Status.PERMISSION_DENIED.withDescription("this server doesn't admit "
                                + (caller.user() == null ? "unknown users" : "user " + caller.user())));
            }
        }
        return Contexts.interceptCall(Context.current().withValue(Caller.CONTEXT_KEY, caller), call, headers, next);
    }

    private static <A> ServerCall.Listener<A> refuse(ServerCall<A, ?> call, Status status) {
        call.close(status, new Metadata());
        return new ServerCall.Listener<>() {};
    }
}
