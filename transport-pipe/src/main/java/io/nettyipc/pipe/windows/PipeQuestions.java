/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import io.netty.channel.ChannelException;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.nettyipc.base.os.Kernel32;
import io.nettyipc.base.os.Win32Error;
import io.nettyipc.base.overlapped.OverlappedReader;
import io.nettyipc.pipe.NamedPipeAvailable;
import io.nettyipc.pipe.NamedPipeInfo;
import io.nettyipc.pipe.NamedPipeMode;
import java.io.IOException;
import java.nio.channels.NotYetConnectedException;

/** What Windows tells about a pipe and what is in it. */
final class PipeQuestions {

    private PipeQuestions() {}

    /** As {@link io.nettyipc.pipe.NamedPipeChannel#available}. */
    static Future<NamedPipeAvailable> available(WindowsNamedPipeChannel channel) {
        Promise<NamedPipeAvailable> promise = channel.eventLoop().newPromise();
        channel.onLoop(
                () -> {
                    try {
                        promise.setSuccess(peek(channel));
                    } catch (ChannelException | NotYetConnectedException | IOException e) {
                        promise.setFailure(e);
                    }
                },
                promise);
        return promise;
    }

    private static NamedPipeAvailable peek(WindowsNamedPipeChannel channel) throws IOException {
        int[] bytes = new int[1];
        int[] leftInMessage = new int[1];
        OverlappedReader reader = channel.reader();
        int ahead;
        boolean endsMessage;
        // Again if a read that is under way has taken something meanwhile.
        do {
            ahead = reader == null ? 0 : reader.bytesAhead();
            int error = channel.withHandle(handle -> Kernel32.PeekNamedPipe(handle, 0, 0, null, bytes, leftInMessage)
                    ? Win32Error.SUCCESS
                    : Win32Error.last().code());
            // With the peer gone, what is here can still be read.
            if (error != 0 && !(Win32Error.isPeerGone(error) && reader.hasData())) {
                throw channel.failure("PeekNamedPipe", error);
            }
            endsMessage = reader.aheadEndsMessage();
        } while (ahead != reader.bytesAhead());
        return new NamedPipeAvailable(
                bytes[0] + ahead, endsMessage ? ahead : channel.hasMessages() ? leftInMessage[0] + ahead : 0);
    }

    /** As {@link io.nettyipc.pipe.NamedPipeChannel#info}. */
    static NamedPipeInfo info(WindowsNamedPipeChannel channel) {
        int[] flags = new int[1];
        int[] outQuota = new int[1];
        int[] inQuota = new int[1];
        int[] maxInstances = new int[1];
        int[] state = new int[1];
        int[] instances = new int[1];
        int error =
                channel.withHandle(handle -> Kernel32.GetNamedPipeInfo(handle, flags, outQuota, inQuota, maxInstances)
                                && Kernel32.GetNamedPipeHandleStateW(handle, state, instances, null, null, 0, 0)
                        ? Win32Error.SUCCESS
                        : Win32Error.last().code());
        if (error != 0) {
            throw new ChannelException(channel.failure("GetNamedPipeInfo", error));
        }
        return new NamedPipeInfo(
                mode(flags[0], Kernel32.PIPE_TYPE_MESSAGE),
                mode(state[0], Kernel32.PIPE_READMODE_MESSAGE),
                (flags[0] & Kernel32.PIPE_SERVER_END) != 0,
                inQuota[0],
                outQuota[0],
                // Wine says 0xffffffff for no limit.
                Math.min(maxInstances[0] & 0x7fffffff, Kernel32.PIPE_UNLIMITED_INSTANCES),
                instances[0]);
    }

    private static NamedPipeMode mode(int flags, int messageFlag) {
        return (flags & messageFlag) == 0 ? NamedPipeMode.BYTE : NamedPipeMode.MESSAGE;
    }
}
