/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.segment;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.WString;
import com.sun.jna.platform.win32.Kernel32Util;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.HexFormat;

/** {@link Segment.Kind#SECTION}. */
final class SectionSegment extends Segment {

    /** Names of this logon session; creating global ones needs a privilege. */
    private static final String PREFIX = "Local\\nettyipc-";

    private static final int PAGE = 4096;

    /** MEMORY_BASIC_INFORMATION on 64-bit Windows: its size, and where RegionSize, State, Protect and Type are in it. */
    private static final int INFORMATION_SIZE = 48;

    private static final int REGION_SIZE = 24;
    private static final int STATE = 32;
    private static final int TYPE = 40;

    private final String name;
    private long section;

    private SectionSegment(long address, int size, boolean writable, String name, long section) {
        super(Kind.SECTION, address, size, writable);
        this.name = name;
        this.section = section;
    }

    static Segment newSegment(int size) throws IOException {
        // Nobody can guess the name, to take it first or to open it.
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        String name = PREFIX + HexFormat.of().formatHex(random);
        long section = createSection(name, size);
        try {
            return new SectionSegment(map(section, true), size, true, name, section);
        } catch (IOException | RuntimeException e) {
            Kernel32.CloseHandle(section);
            throw e;
        }
    }

    private static long createSection(String name, int size) throws IOException {
        long descriptor = ReadOnlyForUser.create();
        // SECURITY_ATTRIBUTES: length, descriptor, and that no child process inherits the handle.
        try (Memory attributes = new Memory(24)) {
            attributes.clear();
            attributes.setInt(0, (int) attributes.size());
            attributes.setLong(8, descriptor);
            long section = Kernel32.CreateFileMappingW(
                    Kernel32.INVALID_HANDLE_VALUE,
                    Pointer.nativeValue(attributes),
                    Kernel32.PAGE_READWRITE,
                    0,
                    size,
                    new WString(name));
            int error = Native.getLastError();
            if (section == 0) {
                throw error("CreateFileMapping of " + size + " bytes", error);
            }
            if (error == Kernel32.ERROR_ALREADY_EXISTS) {
                Kernel32.CloseHandle(section);
                throw error("CreateFileMapping", error);
            }
            return section;
        } finally {
            Kernel32.LocalFree(descriptor);
        }
    }

    static Segment open(String name, int size) throws IOException {
        if (!name.startsWith(PREFIX)) {
            throw new InvalidSegmentException("not the name of a ring's memory: " + name);
        }
        long section = Kernel32.OpenFileMappingW(Kernel32.SECTION_MAP_READ, false, new WString(name));
        if (section == 0) {
            throw error("OpenFileMapping(" + name + ')');
        }
        try {
            long address = map(section, false);
            try {
                check(address, size);
                return new SectionSegment(address, size, false, null, 0);
            } catch (IOException | RuntimeException e) {
                Kernel32.UnmapViewOfFile(address);
                throw e;
            }
        } finally {
            // The view keeps the section.
            Kernel32.CloseHandle(section);
        }
    }

    /** Maps all of it: an opener has to see its real size. */
    private static long map(long section, boolean writable) throws IOException {
        int access = writable ? Kernel32.SECTION_MAP_READ | Kernel32.SECTION_MAP_WRITE : Kernel32.SECTION_MAP_READ;
        long address = Kernel32.MapViewOfFile(section, access, 0, 0, 0);
        if (address == 0) {
            throw error("MapViewOfFile");
        }
        return address;
    }

    /** A page that is only reserved would be an access violation, which ends the JVM; a committed one stays committed. */
    private static void check(long address, int size) throws IOException {
        try (Memory information = new Memory(INFORMATION_SIZE)) {
            if (Kernel32.VirtualQuery(address, Pointer.nativeValue(information), INFORMATION_SIZE) == 0) {
                throw error("VirtualQuery");
            }
            long found = information.getLong(REGION_SIZE);
            int state = information.getInt(STATE);
            int type = information.getInt(TYPE);
            if (state != Kernel32.MEM_COMMIT || type != Kernel32.MEM_MAPPED) {
                throw new InvalidSegmentException("the peer's memory is not all committed (state 0x"
                        + Integer.toHexString(state) + ", type 0x" + Integer.toHexString(type) + ')');
            }
            // Windows tells the size in pages.
            long expected = (size + PAGE - 1L) / PAGE * PAGE;
            if (found != expected) {
                throw new InvalidSegmentException(
                        "the peer's memory has " + found + " bytes, not " + expected + " as it said");
            }
        }
    }

    /** The error of the call that this thread made last. */
    static IOException error(String call) {
        return error(call, Native.getLastError());
    }

    private static IOException error(String call, int error) {
        return new IOException(call + ": " + Kernel32Util.formatMessage(error).trim() + " (Win32 error " + error + ')');
    }

    @Override
    public String name() {
        return section != 0 ? name : super.name();
    }

    @Override
    public void withdraw() {
        if (section != 0) {
            Kernel32.CloseHandle(section);
            section = 0;
        }
    }

    @Override
    void unmap(long address, int size) {
        if (!Kernel32.UnmapViewOfFile(address)) {
            throw new IllegalStateException(error("UnmapViewOfFile"));
        }
    }
}
