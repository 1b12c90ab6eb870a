/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.unix.DomainSocketAddress;
import io.nettyipc.base.os.Platform;
import io.nettyipc.base.os.RuntimeDirectory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of every platform are tested on each, except where a path of this machine's file system is needed. */
class NamedPipeAddressTest {
    private static final String[] SPELLINGS = {
        "orders",
        "\\\\.\\pipe\\orders",
        "\\\\?\\pipe\\orders",
        "//./pipe/orders",
        "//?/pipe/orders",
        "\\\\.\\PIPE\\orders",
        "npipe:////./pipe/orders",
        "NPIPE:////./pipe/orders",
        "npipe://./pipe/orders",
        "npipe:\\\\.\\pipe\\orders",
    };

    @Test
    void everySpellingOfANameIsTheSamePipeOnWindows() {
        for (String spelling : SPELLINGS) {
            NamedPipeAddress address = windows(spelling);
            assertEquals("\\\\.\\pipe\\orders", address.path(), spelling);
            assertEquals("orders", address.name(), spelling);
            assertEquals(windows("orders"), address, spelling);
            assertEquals(windows("orders").hashCode(), address.hashCode(), spelling);
            assertEquals("\\\\.\\pipe\\orders", address.toString(), spelling);
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void everySpellingOfANameIsTheSameSocketOnUnix() {
        for (String spelling : SPELLINGS) {
            NamedPipeAddress address = linux(spelling);
            assertEquals(directory().socketPath("orders").toString(), address.path(), spelling);
            assertEquals("orders", address.name(), spelling);
            assertEquals(linux("orders"), address, spelling);
            assertEquals(linux("orders").hashCode(), address.hashCode(), spelling);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/run/app/orders.sock", "unix:///run/app/orders.sock", "UNIX:///run/app/orders.sock"})
    void anAbsolutePathIsThatSocketOnUnix(String text) {
        NamedPipeAddress address = linux(text);
        assertEquals("/run/app/orders.sock", address.path());
        assertEquals("/run/app/orders.sock", address.toString());
        assertNull(address.name());
        assertEquals(new DomainSocketAddress("/run/app/orders.sock"), address);
    }

    @Test
    void urlsAreTakenLiterally() {
        assertEquals("/run/a%20b?c#d", linux("unix:///run/a%20b?c#d").path());
        assertEquals(
                "\\\\.\\pipe\\a%20b?c#d", windows("npipe:////./pipe/a%20b?c#d").path());
    }

    @ParameterizedTest
    @CsvSource({"Orders,orders", "ÄPFEL,äpfel", "ΣΊΓΜΑ,σίγμα"})
    void caseMakesNoDifferenceOnWindowsAndTheSpellingIsKept(String one, String other) {
        assertEquals(windows(one), windows(other));
        assertEquals(windows(one).hashCode(), windows(other).hashCode());
        assertEquals(one, windows(one).name());
        assertEquals("\\\\.\\pipe\\" + one, windows(one).path());
    }

    @Test
    void lettersThatOnlyJavaFoldsToAsciiStayDifferentOnWindows() {
        assertNotEquals(windows("k"), windows("\u212A"));
        assertNotEquals(windows("i"), windows("\u0131"));
        assertNotEquals(windows("s"), windows("\u017F"));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void caseMakesADifferenceOnUnix() {
        assertNotEquals(linux("Orders"), linux("orders"));
    }

    @Test
    void equalityWithNettysAddressIsSymmetric() {
        DomainSocketAddress plain = new DomainSocketAddress("\\\\.\\pipe\\orders");
        assertTrue(plain.equals(windows("Orders")) && windows("Orders").equals(plain));
        assertEquals(plain.hashCode(), windows("Orders").hashCode());
        DomainSocketAddress upper = new DomainSocketAddress("\\\\.\\pipe\\Orders");
        assertEquals(upper.equals(windows("Orders")), windows("Orders").equals(upper));
    }

    @Test
    void aWindowsPathMayHave256Characters() {
        String name = "x".repeat(256 - "\\\\.\\pipe\\".length());
        assertEquals(256, windows(name).path().length());
        assertRefused(Platform.WINDOWS, name + 'x', "257", "256", "247");
        assertRefused(Platform.WINDOWS, "\\\\?\\pipe\\" + name + 'x', "257", "256", "247");
    }

    @Test
    void aSocketPathMayHaveTheKernelsBytesAndNoMore() {
        assertEquals(107, linux("/" + "x".repeat(106)).path().length());
        assertRefused(Platform.LINUX, "/" + "x".repeat(107), "108", "107");
        assertEquals(
                103,
                NamedPipeAddress.of("/" + "x".repeat(102), Platform.BSD, null)
                        .path()
                        .length());
        assertRefused(Platform.BSD, "/" + "x".repeat(103), "104", "103");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aSocketPathIsMeasuredInBytes() {
        assertEquals("/" + "ä".repeat(53), linux("/" + "ä".repeat(53)).path());
        assertRefused(Platform.LINUX, "/x" + "ä".repeat(53), "108 bytes", "107");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void aNameTooLongForItsSocketSaysByHowMuch() {
        int room = 107 - directory().socketPath("").toString().length();
        assertEquals(107, linux("x".repeat(room)).path().length());
        assertRefused(
                Platform.LINUX,
                "x".repeat(room + 3),
                "110 bytes",
                "107",
                "shorten the name by 3",
                directory().socketPath("x".repeat(room + 3)).toString());
    }

    @Test
    void nullIsRefusedWithAnExample() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> NamedPipeAddress.of(null));
        assertTrue(e.getMessage().contains("null") && e.getMessage().contains("orders"), e.getMessage());
    }

    @Test
    void emptyIsRefusedWithAnExample() {
        assertRefused("", "empty", "orders");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // text | what was seen | what to write instead
                "a\\b|backslash|'.' or '-'",
                "\\orders|backslash|'.' or '-'",
                "\\\\.\\pipe\\a\\b|backslash|'.' or '-'",
                "a/b|slash|'.' or '-'",
                "./orders.sock|slash|'.' or '-'",
                "//./pipe/a/b|slash|'.' or '-'",
                "npipe:////./pipe/a/b|slash|'.' or '-'",
                ".|directory|orders",
                "..|directory|orders",
                "\\\\.\\pipe\\..|directory|orders",
                "orders.|dot|remove",
                "`orders `|space|remove",
                "\\\\.\\pipe\\|no pipe name|orders",
                "npipe:////./pipe/|no pipe name|orders",
                "\\\\.\\pipe|not below|\\\\.\\pipe\\orders",
                "\\\\.\\mailslot\\orders|not below|\\\\.\\pipe\\orders",
                "//tmp/orders.sock|not below|single slash",
                "C:\\orders|drive|\\\\.\\pipe\\orders",
                "c:/orders.sock|drive|\\\\.\\pipe\\orders",
                "http://orders|'http'|npipe:////./pipe/orders",
                "tcp://127.0.0.1:80|'tcp'|unix:///run/orders.sock",
                "file:///run/orders.sock|'file'|unix:///run/orders.sock",
                "npipe:orders|not an npipe URL|npipe:////./pipe/orders",
                "npipe://orders|not an npipe URL|npipe:////./pipe/orders",
                "npipe:////server/pipe/orders|not an npipe URL|npipe:////./pipe/orders",
                "npipe:////./mailslot/orders|not an npipe URL|npipe:////./pipe/orders",
                "\\\\server\\pipe\\orders|machine 'server'|\\\\.\\pipe\\orders",
                "//server/pipe/orders|machine 'server'|\\\\.\\pipe\\orders",
                "localhost:8080|host and port of a TCP server|\\\\.\\pipe\\localhost:8080",
                "127.0.0.1:80|host and port of a TCP server|InetSocketAddress",
                "[::1]:80|host and port of a TCP server|orders",
                "*:80|host and port of a TCP server|orders",
                ":8080|host and port of a TCP server|orders",
                "shm:orders|'shm'|ShmAddress",
                "shm:/run/orders.sock|'shm'|leave it out",
                "unix:orders|not a unix URL|unix:///run/orders.sock",
                "unix:/var/orders.sock|not a unix URL|unix:///var/orders.sock",
                "unix://run/orders.sock|not a unix URL|unix:///run/orders.sock",
                "unix:////run/orders.sock|not a unix URL|unix:///run/orders.sock",
            })
    void aWrongFormSaysWhatWasSeenAndWhatToWrite(String text, String finding, String advice) {
        assertRefused(text, finding, advice);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "127.0.0.1",
                "orders:1",
                "orders.example:8080",
                "localhost:http",
                "localhost:8080:1",
                "relative.sock",
                "unix",
                "shm-orders",
                "http:orders"
            })
    void aNameThatOnlyResemblesAnotherAddressIsAName(String name) {
        assertEquals(name, windows(name).name());
        assertEquals(name, NamedPipeAddress.of(name).name());
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:8080", "127.0.0.1:80", "shm:orders"})
    void whatIsRefusedAsAMistakeIsANameIfItIsSpelledAsAPipes(String name) {
        for (String prefix : new String[] {"\\\\.\\pipe\\", "npipe:////./pipe/"}) {
            assertEquals(name, windows(prefix + name).name());
            assertEquals(name, NamedPipeAddress.of(prefix + name).name());
        }
    }

    @Test
    void controlCharactersAreRefusedByName() {
        assertRefused("a\nb", "U+000A", "remove");
        assertRefused("a\0b", "NUL", "index 1", "orders");
        assertRefused("\0orders", "NUL", "abstract sockets");
        assertRefused("/run/\0", "NUL");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/run/orders.sock", "unix:///run/orders.sock"})
    void aSocketPathIsRefusedOnWindows(String text) {
        assertRefused(Platform.WINDOWS, text, "Unix domain socket", "Windows", "orders");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/run/", "/run/.", "/run/..", "unix:///"})
    void aDirectoryIsRefusedAsASocketPath(String text) {
        assertRefused(Platform.LINUX, text, "directory", "/run/orders.sock");
    }

    @Test
    void aHugeTextIsShortenedInTheMessage() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> windows("x".repeat(1_000_000)));
        assertTrue(
                e.getMessage().length() < 1000, () -> "length " + e.getMessage().length());
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void theRuntimeDirectoryIsUsedIfItIsAnAbsoluteDirectoryOfOurs() throws Exception {
        Path own = Files.createTempDirectory("xdg");
        int user = (int) Files.getAttribute(own, "unix:uid");
        String fallback = "/tmp/nettyipc-" + user + "/orders.sock";
        assertEquals(
                own + "/nettyipc/orders.sock",
                RuntimeDirectory.locate(own.toString(), "/tmp", user)
                        .socketPath("orders")
                        .toString());
        assertEquals(
                fallback,
                RuntimeDirectory.locate(null, "/tmp", user).socketPath("orders").toString());
        assertEquals(
                fallback,
                RuntimeDirectory.locate("", "/tmp", user).socketPath("orders").toString());
        assertEquals(
                fallback,
                RuntimeDirectory.locate("relative", "/tmp", user)
                        .socketPath("orders")
                        .toString());
        assertEquals(
                fallback,
                RuntimeDirectory.locate(own + "/missing", "/tmp", user)
                        .socketPath("orders")
                        .toString());
        String foreign = RuntimeDirectory.locate(own.toString(), "/tmp", user + 1)
                .socketPath("orders")
                .toString();
        assertEquals("/tmp/nettyipc-" + (user + 1) + "/orders.sock", foreign);
        Files.delete(own);
    }

    private static NamedPipeAddress windows(String text) {
        return NamedPipeAddress.of(text, Platform.WINDOWS, null);
    }

    private static NamedPipeAddress linux(String text) {
        return NamedPipeAddress.of(text, Platform.LINUX, Platform.current() == Platform.WINDOWS ? null : directory());
    }

    private static RuntimeDirectory directory() {
        return RuntimeDirectory.current();
    }

    private static void assertRefused(String text, String... parts) {
        assertRefused(Platform.WINDOWS, text, parts);
        assertRefused(Platform.LINUX, text, parts);
    }

    private static void assertRefused(Platform platform, String text, String... parts) {
        RuntimeDirectory directory = Platform.current() == Platform.WINDOWS ? null : directory();
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> NamedPipeAddress.of(text, platform, directory),
                platform + " took " + text);
        for (String part : parts) {
            assertTrue(e.getMessage().contains(part), () -> platform + ": '" + part + "' is not in: " + e.getMessage());
        }
    }
}
