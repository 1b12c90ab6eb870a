/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.os;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Users, as far as the JDK tells them without native code of our own. Its {@code UnixSystem} is no help: for a user
 * without an entry in the user database, as in many containers, it says 0.
 */
public final class UnixUsers {
    private static final Path PROC = Path.of("/proc");

    private UnixUsers() {}

    /** Returns the effective user id of this process. */
    public static int ownId() {
        return Self.ID;
    }

    /** Returns a user's name, or {@code null} if it is not known. The process, if known, belongs to that user. */
    public static String nameOf(int userId, long processId) {
        if (userId == Self.ID) {
            return Self.NAME;
        }
        return processId > 0 ? ownerName(PROC.resolve(Long.toString(processId)), userId) : null;
    }

    /** Returns our own user id if that is our name, else -1: the JDK cannot look up others. */
    public static int idOf(String name) {
        return name.equals(Self.NAME) ? Self.ID : -1;
    }

    /** Returns the name of a file's owner if that is the given user and has a name. */
    private static String ownerName(Path file, int userId) {
        try {
            Map<String, Object> attributes = Files.readAttributes(file, "unix:uid,owner");
            String name = ((UserPrincipal) attributes.get("owner")).getName();
            // A process may have ended, and its number may be another one's by now. A user without a name has digits.
            boolean known = (int) attributes.get("uid") == userId && !name.equals(Integer.toUnsignedString(userId));
            return known ? name : null;
        } catch (IOException e) {
            return null;
        }
    }

    private static final class Self {
        /** The line has the real, effective, saved and file system's id. */
        private static final Pattern EFFECTIVE_ID = Pattern.compile("^Uid:\\s+\\d+\\s+(\\d+)", Pattern.MULTILINE);

        static final int ID;
        static final String NAME;

        static {
            Path status = PROC.resolve("self").resolve("status");
            try {
                if (Files.exists(status)) {
                    ID = effectiveId(status);
                    NAME = ownerName(PROC.resolve("self"), ID);
                } else {
                    Path file = Files.createTempFile("nettyipc", null);
                    try {
                        ID = (int) Files.getAttribute(file, "unix:uid");
                        NAME = ownerName(file, ID);
                    } finally {
                        Files.delete(file);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException("the id of this process's user cannot be found", e);
            }
        }

        private static int effectiveId(Path status) throws IOException {
            Matcher matcher = EFFECTIVE_ID.matcher(Files.readString(status));
            if (!matcher.find()) {
                throw new IOException("no Uid in " + status);
            }
            return Integer.parseUnsignedInt(matcher.group(1));
        }
    }
}
