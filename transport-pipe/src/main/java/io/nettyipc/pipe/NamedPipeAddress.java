/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe;

import io.netty.channel.unix.DomainSocketAddress;
import io.nettyipc.base.os.Platform;
import io.nettyipc.base.os.RuntimeDirectory;
import io.nettyipc.base.socket.FileNames;
import io.nettyipc.base.socket.TcpNames;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * The address of a named pipe: a pipe on this machine on Windows, a Unix domain socket elsewhere.
 *
 * <table>
 * <caption>What {@link #of(String)} takes</caption>
 * <tr><th>text</th><th>Windows</th><th>Unix</th></tr>
 * <tr><td>{@code orders}, a portable name</td><td>{@code \\.\pipe\orders}</td>
 *     <td>{@code $XDG_RUNTIME_DIR/nettyipc/orders.sock}</td></tr>
 * <tr><td>{@code \\.\pipe\orders}, {@code \\?\pipe\orders}, {@code //./pipe/orders},
 *     {@code npipe:////./pipe/orders}</td><td>the same as {@code orders}</td><td>the same as {@code orders}</td></tr>
 * <tr><td>{@code /run/orders.sock}, {@code unix:///run/orders.sock}</td><td>refused</td><td>that socket</td></tr>
 * </table>
 *
 * <p>On Unix, if {@code XDG_RUNTIME_DIR} is unset, or is not an absolute path to a directory of the current user,
 * {@code /run/user/<uid>} stands for it; where that isn't there either, or makes the path too long for the kernel, the
 * socket is {@code /tmp/nettyipc-<uid>/orders.sock}, whatever {@code java.io.tmpdir} is. Not all processes of a user
 * have the variable: a client that finds no socket where its own environment says looks in the other places, and a
 * server doesn't bind a name that another one serves there. So a portable name belongs to one user; users who share a
 * pipe name its socket path, in a directory they share. The directory is created by the server when it binds, with
 * access for its user only.
 *
 * <p>A socket path may have as many bytes as the kernel allows, 107 on Linux and 103 on macOS. The JDK's sockets allow
 * one less, so with NIO the longest path fails at bind or connect.
 *
 * <p>A host with a port, such as {@code localhost:8080}, and a name that begins with {@code shm:} are refused, since
 * they are mistakes as a rule; spelled {@code \\.\pipe\localhost:8080} they are names like any other.
 *
 * <p>URLs are taken literally: a percent sign is a percent sign. A name of another machine ({@code
 * \\server\pipe\orders}) is refused, because opening one can block an event loop for as long as the network takes.
 *
 * <p><b>Equality.</b> Two addresses are equal if they name the same pipe by the same rules: all spellings of a name are
 * equal, and on Windows upper and lower case are equal, as they are to Windows. Socket paths are compared as they are
 * written. An address also equals a plain {@link DomainSocketAddress} of the same path, as that class's contract has
 * it; on Windows that is the path in lower case.
 *
 * <p>Immutable and safe for use by any thread.
 */
public final class NamedPipeAddress extends DomainSocketAddress {
    private static final long serialVersionUID = 4586157301298435712L;

    private static final String WINDOWS_PREFIX = "\\\\.\\pipe\\";
    /** The limit of {@code CreateNamedPipe} for the whole of {@code \\.\pipe\name}. */
    private static final int MAX_WINDOWS_PATH = 256;

    private static final Pattern PIPE_PREFIX =
            Pattern.compile("[/\\\\]{2}[.?][/\\\\]pipe[/\\\\]", Pattern.CASE_INSENSITIVE);
    private static final Pattern REMOTE_PIPE =
            Pattern.compile("[/\\\\]{2}([^/\\\\]+)[/\\\\]pipe[/\\\\](.*)", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern DRIVE_PATH = Pattern.compile("[A-Za-z]:[/\\\\].*", Pattern.DOTALL);
    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:/.*", Pattern.DOTALL);

    private static final String EXAMPLES = "a name such as orders";

    /** The path as the user spelled it; the superclass holds the form that is compared. */
    private final String path;

    private final String name;

    private NamedPipeAddress(String path, String comparedPath, String name) {
        super(comparedPath);
        this.path = path;
        this.name = name;
    }

    /**
     * Returns the address for a portable name, a Windows pipe path, an {@code npipe:} URL, a {@code unix:} URL or an
     * absolute socket path.
     *
     * @param text one of the forms above
     * @throws IllegalArgumentException if it is none of them, is too long, or cannot be used on this platform; the
     *     message says what was found and what to write instead
     */
    public static NamedPipeAddress of(String text) {
        Platform platform = Platform.current();
        return of(text, platform, platform == Platform.WINDOWS ? null : RuntimeDirectory.current());
    }

    static NamedPipeAddress of(String text, Platform platform, RuntimeDirectory directory) {
        if (text == null) {
            throw new IllegalArgumentException("the pipe address is null: give " + EXAMPLES);
        }
        if (text.isEmpty()) {
            throw new IllegalArgumentException("the pipe address is empty: give " + EXAMPLES);
        }
        int nul = text.indexOf('\0');
        if (nul >= 0) {
            throw bad(
                    text,
                    "has a NUL character at index " + nul + " (abstract sockets are not supported)",
                    "give " + EXAMPLES + " or a socket path");
        }
        if (hasScheme(text, "npipe:")) {
            return ofNpipe(text, platform, directory);
        }
        if (hasScheme(text, "unix:")) {
            return ofUnixUrl(text, platform);
        }
        int prefix = pipePrefixLength(text);
        if (prefix > 0) {
            return ofName(text, text.substring(prefix), platform, directory);
        }
        checkNoOtherForm(text);
        return text.charAt(0) == '/' ? ofSocketPath(text, text, platform) : ofName(text, text, platform, directory);
    }

    private static NamedPipeAddress ofNpipe(String text, Platform platform, RuntimeDirectory directory) {
        String rest = text.substring("npipe:".length());
        String path = rest.startsWith("////") ? rest.substring(2) : rest;
        int prefix = pipePrefixLength(path);
        if (prefix == 0) {
            throw bad(text, "is not an npipe URL of a pipe on this machine", "write npipe:////./pipe/orders");
        }
        return ofName(text, path.substring(prefix), platform, directory);
    }

    private static NamedPipeAddress ofUnixUrl(String text, Platform platform) {
        if (!text.startsWith("///", "unix:".length()) || text.startsWith("////", "unix:".length())) {
            boolean absolute = text.startsWith("/", "unix:".length()) && !text.startsWith("//", "unix:".length());
            throw bad(
                    text,
                    "is not a unix URL with an absolute path",
                    "write unix://" + (absolute ? text.substring("unix:".length()) : "/run/orders.sock"));
        }
        return ofSocketPath(text, text.substring("unix://".length()), platform);
    }

    private static int pipePrefixLength(String text) {
        var matcher = PIPE_PREFIX.matcher(text);
        return matcher.lookingAt() ? matcher.end() : 0;
    }

    private static boolean hasScheme(String text, String scheme) {
        return text.regionMatches(true, 0, scheme, 0, scheme.length());
    }

    /** Rejects what looks like something else before it is judged as a name or a socket path. */
    private static void checkNoOtherForm(String text) {
        if (DRIVE_PATH.matcher(text).matches()) {
            throw bad(
                    text,
                    "is a path on a Windows drive, and pipes are not files",
                    "write \\\\.\\pipe\\orders, or orders");
        }
        var remote = REMOTE_PIPE.matcher(text);
        if (remote.matches()) {
            throw bad(
                    text,
                    "names a pipe on the machine '" + remote.group(1) + "', which this transport does not open because"
                            + " that can block the event loop",
                    "use TCP, or name a pipe on this machine, \\\\.\\pipe\\" + remote.group(2));
        }
        if (text.startsWith("//") || text.startsWith("\\\\")) {
            throw bad(
                    text,
                    "starts like a network path but is not below \\\\.\\pipe\\",
                    "write \\\\.\\pipe\\orders, or orders; a socket path starts with a single slash");
        }
        if (TcpNames.isHostAndPort(text)) {
            throw bad(
                    text,
                    TcpNames.FINDING,
                    "give " + EXAMPLES
                            + ", or for TCP an InetSocketAddress and a channel of TCP; a pipe of this name is"
                            + " \\\\.\\pipe\\" + text);
        }
        if (hasScheme(text, "shm:")) {
            throw bad(
                    text,
                    "has the scheme 'shm', which gRPC's targets and logs have",
                    "leave it out, and use ShmAddress for shared memory; a pipe of this name is \\\\.\\pipe\\" + text);
        }
        if (SCHEME.matcher(text).matches()) {
            throw bad(
                    text,
                    "has the scheme '" + text.substring(0, text.indexOf(':')) + "', which is not a pipe's",
                    "use npipe:////./pipe/orders, unix:///run/orders.sock, or " + EXAMPLES);
        }
    }

    private static NamedPipeAddress ofName(String text, String name, Platform platform, RuntimeDirectory directory) {
        if (name.isEmpty()) {
            throw bad(text, "has no pipe name after the prefix", "write \\\\.\\pipe\\orders, or orders");
        }
        if (name.equals(".") || name.equals("..")) {
            throw bad(text, "names a directory", "give " + EXAMPLES);
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '\\') {
                throw bad(text, "has a backslash in the pipe name", "use another character, such as '.' or '-'");
            }
            if (c == '/') {
                throw bad(
                        text,
                        "has a slash in the pipe name",
                        "use another character, such as '.' or '-'"
                                + (platform == Platform.WINDOWS
                                        ? ""
                                        : ", or give an absolute path to name a socket file"));
            }
            if (Character.isISOControl(c)) {
                throw bad(text, "has the control character U+%04X in the pipe name".formatted((int) c), "remove it");
            }
        }
        char last = name.charAt(name.length() - 1);
        if (last == '.' || last == ' ') {
            throw bad(
                    text,
                    "ends with a " + (last == '.' ? "dot" : "space") + ", which Windows would remove",
                    "remove it");
        }
        String windowsPath = WINDOWS_PREFIX + name;
        if (windowsPath.length() > MAX_WINDOWS_PATH) {
            throw bad(
                    text,
                    "is too long: \\\\.\\pipe\\ and the name are " + windowsPath.length() + " characters, and Windows"
                            + " allows " + MAX_WINDOWS_PATH,
                    "use a name of at most " + (MAX_WINDOWS_PATH - WINDOWS_PREFIX.length()) + " characters");
        }
        if (platform == Platform.WINDOWS) {
            return new NamedPipeAddress(windowsPath, FileNames.foldAsWindows(windowsPath), name);
        }
        String path = directory.socketPath(name).toString();
        int excess = checkEncoding(text, path) - platform.maxSocketPathBytes();
        if (excess > 0) {
            throw bad(
                    text,
                    "is too long: its socket " + path + " has " + (platform.maxSocketPathBytes() + excess)
                            + " bytes, and the kernel allows " + platform.maxSocketPathBytes(),
                    "shorten the name by " + excess);
        }
        return new NamedPipeAddress(path, path, name);
    }

    private static NamedPipeAddress ofSocketPath(String text, String path, Platform platform) {
        if (platform == Platform.WINDOWS) {
            throw bad(
                    text,
                    "is the path of a Unix domain socket, and this is Windows",
                    "give a name that works on both, such as orders, or \\\\.\\pipe\\orders");
        }
        if (path.endsWith("/") || path.endsWith("/.") || path.endsWith("/..")) {
            throw bad(text, "is the path of a directory", "give the path of a socket, such as /run/orders.sock");
        }
        int bytes = checkEncoding(text, path);
        if (bytes > platform.maxSocketPathBytes()) {
            throw bad(
                    text,
                    "is too long: the path has " + bytes + " bytes, and the kernel allows "
                            + platform.maxSocketPathBytes(),
                    "use a shorter directory or name");
        }
        return new NamedPipeAddress(path, path, null);
    }

    /** Returns how many bytes the kernel sees. */
    private static int checkEncoding(String text, String path) {
        String problem = FileNames.problem(path);
        if (problem != null) {
            throw bad(text, problem);
        }
        return path.getBytes(StandardCharsets.UTF_8).length;
    }

    private static IllegalArgumentException bad(String text, String finding, String advice) {
        return bad(text, finding + ": " + advice);
    }

    private static IllegalArgumentException bad(String text, String problem) {
        String shown = text.length() <= 300 ? text : text.substring(0, 300) + "…";
        return new IllegalArgumentException("pipe address '" + shown.replace('\0', '�') + "' " + problem);
    }

    /**
     * Returns the portable name, spelled as it was given, or {@code null} if this is the address of a socket path.
     */
    public String name() {
        return name;
    }

    /**
     * Returns what the operating system is asked for: {@code \\.\pipe\orders} on Windows, the path of the socket on
     * Unix. Also the text of {@link #toString()}.
     */
    @Override
    public String path() {
        return path;
    }
}
