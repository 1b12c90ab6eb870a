/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.nettyipc.base.os.Advapi32;
import io.nettyipc.base.os.Kernel32;
import io.nettyipc.base.os.Tokens;
import io.nettyipc.base.os.Win32Error;
import io.nettyipc.pipe.NamedPipeImpersonation;
import io.nettyipc.pipe.NamedPipeUser;
import java.io.IOException;
import java.util.concurrent.Callable;

/**
 * Puts on a client's identity. Each use has a thread of its own that ends with it: should {@code RevertToSelf} fail,
 * the client's token goes with the thread, and nobody else's work ever runs on it.
 */
final class ClientIdentity {

    private static final long CURRENT_THREAD = -2;

    private ClientIdentity() {}

    /** Runs an action as the client. */
    static <T> Future<T> run(WindowsNamedPipeChannel channel, Callable<T> action) {
        return onThread(channel, () -> {
            impersonate(channel);
            try {
                return action.call();
            } finally {
                revert();
            }
        });
    }

    /** Who the client is. */
    static Future<NamedPipeUser> user(WindowsNamedPipeChannel channel) {
        return onThread(channel, () -> {
            long token = clientToken(channel);
            try {
                // As ourselves again: a client that lets itself be identified only may not look up names.
                return describe(channel, token);
            } finally {
                Kernel32.CloseHandle(token);
            }
        });
    }

    /** The SID of the client's user. No domain controller is asked. */
    static Future<String> sid(WindowsNamedPipeChannel channel) {
        return onThread(channel, () -> {
            long token = clientToken(channel);
            try {
                return Tokens.userSid(token);
            } finally {
                Kernel32.CloseHandle(token);
            }
        });
    }

    private static <T> Future<T> onThread(WindowsNamedPipeChannel channel, Callable<T> work) {
        Promise<T> promise = channel.eventLoop().newPromise();
        if (channel.parent() == null) {
            return promise.setFailure(new UnsupportedOperationException(channel.remoteAddress()
                    + ": this is the client's end; only a server can use its client's identity"));
        }
        Thread thread = new Thread(
                () -> {
                    try {
                        promise.trySuccess(work.call());
                    } catch (Throwable t) {
                        promise.tryFailure(t);
                    }
                },
                "nettyipc-pipe-client-identity");
        thread.setDaemon(true);
        try {
            thread.start();
        } catch (Throwable t) {
            // No more threads, for example.
            promise.tryFailure(t);
        }
        return promise;
    }

    private static void impersonate(WindowsNamedPipeChannel channel) throws IOException {
        int error = channel.withHandle(handle -> Advapi32.ImpersonateNamedPipeClient(handle)
                ? Win32Error.SUCCESS
                : Win32Error.last().code());
        if (error != Win32Error.SUCCESS) {
            throw channel.failure("ImpersonateNamedPipeClient", error);
        }
    }

    private static void revert() throws IOException {
        if (!Advapi32.RevertToSelf()) {
            throw new IOException(Win32Error.last().describe("RevertToSelf"));
        }
    }

    private static long clientToken(WindowsNamedPipeChannel channel) throws IOException {
        long[] token = new long[1];
        impersonate(channel);
        try {
            if (!Advapi32.OpenThreadToken(CURRENT_THREAD, Advapi32.TOKEN_QUERY, true, token)) {
                throw channel.failure("OpenThreadToken", Win32Error.last().code());
            }
        } finally {
            revert();
        }
        return token[0];
    }

    private static NamedPipeUser describe(WindowsNamedPipeChannel channel, long token) throws IOException {
        int[] level = new int[1];
        if (!Advapi32.GetTokenInformation(
                token, Advapi32.TOKEN_IMPERSONATION_LEVEL, level, Integer.BYTES, new int[1])) {
            throw channel.failure(
                    "GetTokenInformation(TokenImpersonationLevel)",
                    Win32Error.last().code());
        }
        return new NamedPipeUser(Tokens.userName(token), Tokens.userSid(token), level(level[0]));
    }

    /** SECURITY_IMPERSONATION_LEVEL. */
    private static NamedPipeImpersonation level(int level) {
        return switch (level) {
            case 0 -> NamedPipeImpersonation.ANONYMOUS;
            case 1 -> NamedPipeImpersonation.IDENTIFICATION;
            case 2 -> NamedPipeImpersonation.IMPERSONATION;
            default -> NamedPipeImpersonation.DELEGATION;
        };
    }
}
