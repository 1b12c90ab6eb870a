/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.mailslot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailslotAddressTest {

    @Test
    void aNameAndItsWindowsPathAreTheSameMailslot() {
        MailslotAddress name = MailslotAddress.of("news");

        assertEquals(name, MailslotAddress.of("\\\\.\\Mailslot\\news"));
        assertEquals("news", name.name());
        assertFalse(name.isBroadcast());
        assertNotEquals(name, MailslotAddress.of("newer"));
    }

    @Test
    void aStarInPlaceOfTheMachineIsABroadcast() {
        assertTrue(MailslotAddress.of("\\\\*\\mailslot\\news").isBroadcast());
        assertEquals(MailslotAddress.broadcast("news"), MailslotAddress.of("\\\\*\\mailslot\\news"));
    }

    @Test
    @EnabledOnOs(OS.WINDOWS)
    void windowsPathsIgnoreCase() {
        assertEquals("\\\\.\\mailslot\\News", MailslotAddress.of("News").path());
        assertEquals(MailslotAddress.of("news"), MailslotAddress.of("NEWS"));
        assertEquals("\\\\*\\mailslot\\news", MailslotAddress.broadcast("news").path());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "a/b",
                "a\\b",
                "\\\\server\\mailslot\\a",
                "a\tb",
                "\\\\.\\mailslot\\",
                "localhost:80"
            })
    void aWrongNameIsRefusedAndNamed(String text) {
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> MailslotAddress.of(text));

        assertTrue(refused.getMessage().startsWith("mailslot name '"), refused.getMessage());
    }

    @Test
    void aHostAndPortIsANameIfItIsSpelledAsAMailslots() {
        assertEquals(
                "localhost:80",
                MailslotAddress.of("\\\\.\\mailslot\\localhost:80").name());
        assertEquals("orders:80", MailslotAddress.of("orders:80").name());
    }

    @Test
    void aNameThatIsTooLongIsRefused() {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> MailslotAddress.of("x".repeat(300)));

        assertTrue(refused.getMessage().contains("too long"), refused.getMessage());
    }
}
