/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.nettyipc.base.os.Kernel32;
import io.nettyipc.base.os.ObjectOwner;
import io.nettyipc.base.os.Tokens;
import io.nettyipc.pipe.NamedPipePeer;
import java.io.IOException;

/**
 * Asks Windows who is at the other end of a pipe: the process that opened it, that process's session, and the user it
 * runs as now.
 */
final class PipePeers {

    private PipePeers() {}

    static NamedPipePeer of(Channel channel) {
        if (!(channel instanceof WindowsNamedPipeChannel pipe)) {
            throw new IllegalArgumentException(
                    "not a named pipe: " + channel.getClass().getName() + ' ' + channel);
        }
        int[] processId = {-1};
        int[] sessionId = {-1};
        pipe.withHandle(handle -> ask(handle, pipe.parent() != null, processId, sessionId));
        String user = processId[0] == -1 ? null : Tokens.processUserName(processId[0]);
        return new NamedPipePeer(processId[0], sessionId[0], user, -1);
    }

    /**
     * The SID of the other end's user. Of a client the system recorded it when it connected. Of a server it is the
     * owner of the pipe: nobody can create a pipe for another user, and the process id of whoever did may be somebody
     * else's by now.
     */
    static Future<String> sid(WindowsNamedPipeChannel pipe) {
        if (pipe.parent() != null) {
            return ClientIdentity.sid(pipe);
        }
        EventLoop loop = pipe.eventLoop();
        return pipe.withHandle(handle -> {
            try {
                return loop.newSucceededFuture(ObjectOwner.sid(handle));
            } catch (IOException e) {
                return loop.newFailedFuture(e);
            }
        });
    }

    private static boolean ask(long handle, boolean server, int[] processId, int[] sessionId) {
        // A client on another machine has no process here: the calls fail and nothing is known.
        if (server) {
            Kernel32.GetNamedPipeClientProcessId(handle, processId);
            return Kernel32.GetNamedPipeClientSessionId(handle, sessionId);
        }
        Kernel32.GetNamedPipeServerProcessId(handle, processId);
        return Kernel32.GetNamedPipeServerSessionId(handle, sessionId);
    }
}
