/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.platform.win32.Kernel32;
import com.sun.jna.platform.win32.WinBase;
import com.sun.jna.platform.win32.WinNT;
import io.nettyipc.base.os.Section.Region;
import io.nettyipc.shm.segment.Segment.Kind;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.WINDOWS)
class SectionSegmentTest {

    private static final int SIZE = 64 << 10;

    @Test
    void itsNameIsRandomAndEndsWithTheLastHandle() throws Exception {
        Segment segment = Segment.create(SIZE);
        assertEquals(Kind.SECTION, segment.kind());
        String name = segment.name();
        assertTrue(name.matches("Local\\\\nettyipc-[0-9a-f]{32}"), name);
        segment.close();
        String message = assertThrows(IOException.class, () -> Segment.openSection(name, SIZE))
                .getMessage();
        assertTrue(message.startsWith("OpenFileMapping(" + name + "): ERROR_FILE_NOT_FOUND (2)"), message);
    }

    @Test
    void itsAccessListLetsThisUserReadAndNobodyElse() throws Exception {
        String sddl = ReadOnlyForUser.sddl();
        assertTrue(sddl.matches("D:P\\(A;;0x4;;;S-1-[-0-9]+\\)\\(A;;0x4;;;OW\\)"), sddl);
    }

    @Test
    void memoryThatIsOnlyReservedIsRefused() throws Exception {
        String name = "Local\\nettyipc-reserved";
        int secReserve = 0x04000000;
        WinNT.HANDLE section = Kernel32.INSTANCE.CreateFileMapping(
                WinBase.INVALID_HANDLE_VALUE, null, WinNT.PAGE_READWRITE | secReserve, 0, SIZE, name);
        try {
            String message = assertThrows(InvalidSegmentException.class, () -> Segment.openSection(name, SIZE))
                    .getMessage();
            assertTrue(message.startsWith("the peer's memory is not all committed"), message);
        } finally {
            Kernel32.INSTANCE.CloseHandle(section);
        }
    }

    @Test
    void closingUnmapsBothViews() throws Exception {
        Segment created = Segment.create(SIZE);
        Segment opened = Segment.openSection(created.name(), SIZE);
        long writable = Pointer.nativeValue(Native.getDirectBufferPointer(created.buffer()));
        long readable = Pointer.nativeValue(Native.getDirectBufferPointer(opened.buffer()));
        assertEquals(Region.MEM_COMMIT, state(writable));
        assertEquals(Region.MEM_COMMIT, state(readable));
        created.close();
        assertEquals(Region.MEM_COMMIT, state(readable));
        opened.close();
        int memFree = 0x10000;
        assertEquals(memFree, state(writable));
        assertEquals(memFree, state(readable));
    }

    private static int state(long address) throws IOException {
        return Region.at(address).state();
    }

    @Test
    void aNameThatIsNotOursIsRefused() {
        assertThrows(InvalidSegmentException.class, () -> Segment.openSection("Global\\other", SIZE));
    }
}
