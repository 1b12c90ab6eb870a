/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.os;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
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
    /** The last of 32 bits is none. */
    private static final long ALL_IDS = 0xFFFF_FFFFL;

    private UnixUsers() {}

    /** Returns the effective user id of this process. */
    public static int ownId() {
        return Self.ID;
    }

    /**
     * Returns whether that is this process's user, and no other. Never so where {@link #isOwnIdAmbiguous()}.
     *
     * @param userId of a process, as the kernel told it to this one; -1 if it didn't
     */
    public static boolean isOwn(int userId) {
        return userId != -1 && userId == Self.ID && !Self.AMBIGUOUS;
    }

    /**
     * Returns whether this process's user id is the one (65534 as a rule, nobody) that Linux tells for each user whom
     * the process's user namespace doesn't map: then others can have it too.
     *
     * @see <a href="https://man7.org/linux/man-pages/man7/user_namespaces.7.html">user_namespaces(7), Unmapped user and
     *     group IDs</a>
     */
    public static boolean isOwnIdAmbiguous() {
        return Self.AMBIGUOUS;
    }

    /**
     * Returns whether an id can be that of users who are not in a map.
     *
     * @param overflowId of {@code /proc/sys/kernel/overflowuid}
     * @param map        of {@code /proc/self/uid_map}: lines of the first id inside, the first outside, and how many
     */
    static boolean isAmbiguous(int userId, String overflowId, String map) {
        if (userId != Integer.parseUnsignedInt(overflowId.strip())) {
            return false;
        }
        long mapped = map.lines()
                .mapToLong(line -> Long.parseLong(line.strip().split("\\s+", -1)[2]))
                .sum();
        return mapped < ALL_IDS;
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
        static final boolean AMBIGUOUS;

        static {
            Path status = PROC.resolve("self").resolve("status");
            try {
                if (Files.exists(status)) {
                    ID = effectiveId(status);
                    NAME = ownerName(PROC.resolve("self"), ID);
                    AMBIGUOUS = isAmbiguousHere();
                } else {
                    Path file = Files.createTempFile("nettyipc", null);
                    try {
                        ID = (int) Files.getAttribute(file, "unix:uid");
                        NAME = ownerName(file, ID);
                        AMBIGUOUS = false;
                    } finally {
                        Files.delete(file);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException("the id of this process's user cannot be found", e);
            }
        }

        private static boolean isAmbiguousHere() throws IOException {
            Path map = PROC.resolve("self").resolve("uid_map");
            // A kernel without user namespaces has no such file.
            return Files.exists(map) && isAmbiguous(ID, overflowId(), Files.readString(map));
        }

        /** The kernel gives this file's text to the first read only, and readString() begins with one byte. */
        private static String overflowId() throws IOException {
            Path file = PROC.resolve("sys").resolve("kernel").resolve("overflowuid");
            try (InputStream in = Files.newInputStream(file)) {
                return new String(in.readNBytes(16), StandardCharsets.US_ASCII);
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
