/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.NativeLong;
import io.nettyipc.base.os.LibC.VariadicInstance;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "it is Unix's")
class LibCTest {

    /** On Linux both ways work, so that the one of macOS is shown to mean the same. */
    @Test
    void functionsWithAVariableNumberOfArgumentsGetTheirArguments() throws Exception {
        Descriptor[] pipe = LibC.pipe();
        int input = pipe[0].number();
        int flags = LibC.fcntl(input, LibC.F_GETFL, 0);
        assertEquals(0, flags & LibC.O_NONBLOCK);

        assertEquals(0, VariadicInstance.INSTANCE.fcntl(input, LibC.F_SETFL, flags | LibC.O_NONBLOCK));

        assertEquals(LibC.O_NONBLOCK, LibC.fcntl(input, LibC.F_GETFL, 0) & LibC.O_NONBLOCK);
        assertEquals(LibC.O_NONBLOCK, VariadicInstance.INSTANCE.fcntl(input, LibC.F_GETFL, 0) & LibC.O_NONBLOCK);

        ByteBuffer bytes = ByteBuffer.allocateDirect(7);
        assertEquals(7, pipe[1].write(DirectMemory.addressOf(bytes), 7));
        int[] available = new int[1];
        assertEquals(0, VariadicInstance.INSTANCE.ioctl(input, new NativeLong(LibC.FIONREAD), available));
        assertEquals(7, available[0]);
        assertEquals(7, pipe[0].available());
        pipe[0].close();
        pipe[1].close();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void theKernelsLinksAreReadAsFarAsTheyAreOfInterest() throws Exception {
        Descriptor[] pipe = LibC.pipe();
        String target = LibC.readLink("/proc/self/fd/" + pipe[0].number());
        assertTrue(target.matches("pipe:\\[\\d+]"), target);
        pipe[0].close();
        pipe[1].close();
        String missing = "/proc/self/fd/1000000000";
        assertEquals(
                "readlink " + missing + ": No such file or directory (errno 2)",
                assertThrows(IOException.class, () -> LibC.readLink(missing)).getMessage());
    }
}
