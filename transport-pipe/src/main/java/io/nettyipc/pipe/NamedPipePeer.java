/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe;

import java.util.Arrays;
import java.util.Objects;

/**
 * Who is at the other end of a pipe, as the operating system tells it. Immutable.
 *
 * <p>The values describe the process that opened the connection (seen from the server) or that listens (seen from the
 * client). A process id may have been reused since: it is for logs.
 *
 * <p>Decisions need a user that was recorded when the process did so. On Unix that is {@link #userId()}. On Windows
 * {@link #user()} is whoever runs the process that has the id now, and no better than the id: there a server asks
 * {@link NamedPipeChannel#clientUser()}.
 *
 * <table>
 * <caption>What each platform knows</caption>
 * <tr><th></th><th>Windows</th><th>Linux, epoll</th><th>macOS, kqueue</th><th>NIO</th></tr>
 * <tr><td>process id</td><td>yes</td><td>yes</td><td>no</td><td>no</td></tr>
 * <tr><td>session id</td><td>yes</td><td>no</td><td>no</td><td>no</td></tr>
 * <tr><td>user name</td><td>yes</td><td>yes</td><td>if it is our own user</td><td>yes</td></tr>
 * <tr><td>user id</td><td>no</td><td>yes</td><td>yes</td><td>if it is our own user</td></tr>
 * <tr><td>group ids</td><td>no</td><td>all</td><td>yes</td><td>no</td></tr>
 * </table>
 *
 * @see NamedPipe#peer(io.netty.channel.Channel)
 */
public final class NamedPipePeer {
    private final long processId;
    private final int sessionId;
    private final String user;
    private final int userId;
    private final int[] groupIds;

    /**
     * Creates a description of a peer.
     *
     * @param processId the process id, or -1 if it is not known
     * @param sessionId the Windows session id, or -1
     * @param user      the user's name, or {@code null} if it is not known
     * @param userId    the Unix user id, or -1
     * @param groupIds  the Unix group ids, may be empty
     */
    public NamedPipePeer(long processId, int sessionId, String user, int userId, int... groupIds) {
        this.processId = processId;
        this.sessionId = sessionId;
        this.user = user;
        this.userId = userId;
        this.groupIds = groupIds.clone();
    }

    /** Returns the peer's process id, or -1 if it is not known. */
    public long processId() {
        return processId;
    }

    /** Returns the peer's Windows session id, or -1 if it is not known and on Unix. */
    public int sessionId() {
        return sessionId;
    }

    /**
     * Returns the peer's user, {@code DOMAIN\name} on Windows, where it is for logs only, and the user name on Unix;
     * {@code null} if unknown.
     */
    public String user() {
        return user;
    }

    /** Returns the peer's effective user id on Unix, or -1 if it is not known and on Windows. */
    public int userId() {
        return userId;
    }

    /** Returns the peer's group ids on Unix as far as they are known; empty on Windows. */
    public int[] groupIds() {
        return groupIds.clone();
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof NamedPipePeer peer
                && processId == peer.processId
                && sessionId == peer.sessionId
                && userId == peer.userId
                && Objects.equals(user, peer.user)
                && Arrays.equals(groupIds, peer.groupIds);
    }

    @Override
    public int hashCode() {
        return Objects.hash(processId, sessionId, user, userId, Arrays.hashCode(groupIds));
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(96).append("NamedPipePeer[user=").append(user);
        if (processId != -1) {
            text.append(", processId=").append(processId);
        }
        if (sessionId != -1) {
            text.append(", sessionId=").append(sessionId);
        }
        if (userId != -1) {
            text.append(", userId=").append(userId);
        }
        if (groupIds.length != 0) {
            text.append(", groupIds=").append(Arrays.toString(groupIds));
        }
        return text.append(']').toString();
    }
}
