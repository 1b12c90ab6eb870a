/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.os;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class UnixUsersTest {

    private static final String ALL = "         0          0 4294967295\n";

    @Test
    void nobodyIsManyOnlyWhereSomeUsersHaveNoId() {
        assertFalse(UnixUsers.isAmbiguous(65534, "65534\n", ALL), "no user namespace but the first");
        assertTrue(UnixUsers.isAmbiguous(65534, "65534\n", ""), "nobody is mapped");
        assertTrue(UnixUsers.isAmbiguous(65534, "65534\n", "0 100000 65536\n"), "nobody is mapped too");
        assertTrue(UnixUsers.isAmbiguous(65534, "65534\n", "0 1000 1\n1 100000 65535\n"));
        assertFalse(UnixUsers.isAmbiguous(65534, "65534\n", "0 0 65536\n65536 65536 4294901759\n"));
        assertFalse(UnixUsers.isAmbiguous(1000, "65534\n", "1000 1000 1\n"));
        assertTrue(UnixUsers.isAmbiguous(1000, "1000\n", "1000 1000 1\n"), "a system with another number for nobody");
    }
}
