/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.unix.DomainSocketAddress;
import io.nettyipc.pipe.NamedPipeAddress;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class ShmAddressTest {

    private final ShmAddress address = ShmAddress.of("orders");
    private final NamedPipeAddress pipe = NamedPipeAddress.of("orders");

    @Test
    void pathIsThatOfTheControlConnection() {
        assertEquals(pipe, address.control());
        assertEquals(pipe.path(), address.path());
        assertEquals("shm:" + pipe.path(), address.toString());
    }

    @Test
    void addressesOfOnePathAreEqualOfWhateverClass() {
        List<DomainSocketAddress> same =
                List.of(address, ShmAddress.of(address.path()), pipe, new DomainSocketAddress(pipe.path()));

        for (DomainSocketAddress one : same) {
            for (DomainSocketAddress other : same) {
                assertEquals(one, other);
                assertEquals(one.hashCode(), other.hashCode());
            }
            assertTrue(Set.of(address).contains(one), one.getClass().getName());
        }
    }

    @Test
    void addressesOfOtherPathsDiffer() {
        ShmAddress other = ShmAddress.of("orders2");

        assertNotEquals(address, other);
        assertNotEquals(pipe, other);
        assertNotEquals(other, new DomainSocketAddress(address.path()));
    }

    @Test
    @EnabledOnOs(OS.WINDOWS)
    void caseMakesNoDifferenceOnWindowsAndTheSpellingIsKept() {
        ShmAddress spelled = ShmAddress.of("Orders");

        assertEquals(address, spelled);
        assertEquals(address.hashCode(), spelled.hashCode());
        assertEquals(pipe, spelled);
        assertEquals(spelled, pipe);
        assertEquals(new DomainSocketAddress("\\\\.\\pipe\\orders"), spelled);
        assertEquals("\\\\.\\pipe\\Orders", spelled.path());
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void caseMakesADifferenceOnUnix() {
        assertNotEquals(address, ShmAddress.of("Orders"));
    }

    @Test
    void serializedAddressIsTheSameAgain() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(address);
        }
        ShmAddress read;
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            read = (ShmAddress) in.readObject();
        }

        assertEquals(address, read);
        assertEquals(address.hashCode(), read.hashCode());
        assertEquals(address.path(), read.path());
        assertEquals("orders", read.control().name());
    }

    @Test
    void everyDomainSocketAddressCanBeBoundAndConnectedTo() {
        assertSame(address, ShmAddress.require(address));
        assertEquals(address, ShmAddress.require(pipe));
        assertEquals(address, ShmAddress.require(new DomainSocketAddress(address.path())));
        assertEquals(address, ShmAddress.require(new DomainSocketAddress("orders")));
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "a pipe's path is no path of a file")
    void theJdksAddressOfTheSocketCanBeBoundAndConnectedTo() {
        assertEquals(address, ShmAddress.require(UnixDomainSocketAddress.of(address.path())));
    }

    @Test
    void anAddressOfAnotherKindIsRefusedWithAnExample() {
        InetSocketAddress inet = InetSocketAddress.createUnresolved("localhost", 8080);

        for (var wrong : new InetSocketAddress[] {inet, null}) {
            String message = assertThrows(IllegalArgumentException.class, () -> ShmAddress.require(wrong))
                    .getMessage();
            assertTrue(message.contains("ShmAddress.of(\"orders\")"), message);
            assertTrue(message.contains(String.valueOf(wrong)), message);
        }
    }
}
