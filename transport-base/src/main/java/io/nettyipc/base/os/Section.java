/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.os;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.WString;
import java.io.IOException;

/** Windows' sections of the page file, by their handles, and views of them. */
public final class Section {

    /** The right to map a section for reading. */
    public static final int SECTION_MAP_READ = 4;

    private static final int SECTION_MAP_WRITE = 2;
    private static final int PAGE_READWRITE = 4;

    static {
        Native.register(Section.class, "kernel32");
    }

    private Section() {}

    /**
     * Pages of one kind, from an address on.
     *
     * @param size in bytes; whole pages
     */
    public record Region(long size, int state, int type) {

        public static final int MEM_COMMIT = 0x1000;
        public static final int MEM_MAPPED = 0x40000;

        /** MEMORY_BASIC_INFORMATION on 64-bit Windows: its size, and where RegionSize, State and Type are in it. */
        private static final int INFORMATION_SIZE = 48;

        private static final int REGION_SIZE = 24;
        private static final int STATE = 32;
        private static final int TYPE = 40;

        public static Region at(long address) throws IOException {
            try (Memory information = new Memory(INFORMATION_SIZE)) {
                if (VirtualQuery(address, Pointer.nativeValue(information), INFORMATION_SIZE) == 0) {
                    throw error("VirtualQuery");
                }
                return new Region(
                        information.getLong(REGION_SIZE), information.getInt(STATE), information.getInt(TYPE));
            }
        }
    }

    /**
     * Creates a section, committed, which no child process inherits.
     *
     * @param sddl who may open it
     * @throws IOException also if there is one of that name
     */
    public static long create(String name, int size, String sddl) throws IOException {
        try (SecurityAttributes attributes = SecurityAttributes.ofSddl(sddl)) {
            long section = CreateFileMappingW(
                    Kernel32.INVALID_HANDLE_VALUE, attributes.address(), PAGE_READWRITE, 0, size, new WString(name));
            Win32Error error = Win32Error.last();
            if (section == 0) {
                throw new IOException(error.describe("CreateFileMapping of " + size + " bytes"));
            }
            if (error.code() == Win32Error.ALREADY_EXISTS) {
                Kernel32.CloseHandle(section);
                throw new IOException(error.describe("CreateFileMapping"));
            }
            return section;
        }
    }

    /** Opens another process's section, for reading only. */
    public static long open(String name) throws IOException {
        long section = OpenFileMappingW(SECTION_MAP_READ, false, new WString(name));
        if (section == 0) {
            Win32Error error = Win32Error.last();
            String found = error.code() == Win32Error.FILE_NOT_FOUND
                    ? "ERROR_FILE_NOT_FOUND (2), no section of that name exists"
                    : error.toString();
            throw new IOException("OpenFileMapping(" + name + "): " + found);
        }
        return section;
    }

    /** Maps all of a section, whatever its size. */
    public static long map(long section, boolean writable) throws IOException {
        int access = writable ? SECTION_MAP_READ | SECTION_MAP_WRITE : SECTION_MAP_READ;
        long address = MapViewOfFile(section, access, 0, 0, 0);
        if (address == 0) {
            throw error("MapViewOfFile");
        }
        return address;
    }

    public static void unmap(long address) {
        if (!UnmapViewOfFile(address)) {
            throw new IllegalStateException(error("UnmapViewOfFile"));
        }
    }

    private static IOException error(String call) {
        return new IOException(Win32Error.last().describe(call));
    }

    private static native long CreateFileMappingW(
            long file, long securityAttributes, int protection, int sizeHigh, int sizeLow, WString name);

    private static native long OpenFileMappingW(int access, boolean inherit, WString name);

    private static native long MapViewOfFile(long section, int access, int offsetHigh, int offsetLow, long size);

    private static native boolean UnmapViewOfFile(long address);

    private static native long VirtualQuery(long address, long information, long length);
}
