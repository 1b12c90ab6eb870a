/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.unix;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.Map;

/** Names of users, as far as the JDK tells them without native code of our own. */
final class UnixUsers {
    private static final UnixSystem SELF = new UnixSystem();

    private UnixUsers() {}

    static int ownId() {
        return (int) SELF.getUid();
    }

    /** Returns a user's name, or {@code null} if it is not known. The process, if known, belongs to that user. */
    static String nameOf(int userId, long processId) {
        if (userId == ownId() && SELF.getUsername() != null) {
            return SELF.getUsername();
        }
        if (processId <= 0) {
            return null;
        }
        try {
            Map<String, Object> process =
                    Files.readAttributes(Path.of("/proc", Long.toString(processId)), "unix:uid,owner");
            String name = ((UserPrincipal) process.get("owner")).getName();
            // The process may have ended, and its number may be another one's by now. A user without a name has digits.
            boolean known = (int) process.get("uid") == userId && !name.equals(Integer.toUnsignedString(userId));
            return known ? name : null;
        } catch (IOException e) {
            return null;
        }
    }

    /** Returns our own user id if that is our name, else -1: the JDK cannot look up others. */
    static int idOf(String name) {
        return name.equals(SELF.getUsername()) ? ownId() : -1;
    }
}
