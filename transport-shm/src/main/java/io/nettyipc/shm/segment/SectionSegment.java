/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.segment;

import io.nettyipc.base.os.Kernel32;
import io.nettyipc.base.os.Section;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.HexFormat;

/** {@link Segment.Kind#SECTION}. */
final class SectionSegment extends Segment {

    /** Names of this logon session; creating global ones needs a privilege. */
    private static final String PREFIX = "Local\\nettyipc-";

    private static final int PAGE = 4096;

    private final String name;
    private long section;

    private SectionSegment(long address, int size, boolean writable, String name, long section) {
        super(Kind.SECTION, address, size, size, writable);
        this.name = name;
        this.section = section;
    }

    static Segment newSegment(int size) throws IOException {
        // The name can't be guessed, so that no other process takes it first or opens it.
        byte[] random = new byte[16];
        new SecureRandom().nextBytes(random);
        String name = PREFIX + HexFormat.of().formatHex(random);
        long section = Section.create(name, size, ReadOnlyForUser.sddl());
        try {
            return new SectionSegment(Section.map(section, true), size, true, name, section);
        } catch (IOException | RuntimeException e) {
            Kernel32.CloseHandle(section);
            throw e;
        }
    }

    static Segment open(String name, int size) throws IOException {
        if (!name.startsWith(PREFIX)) {
            throw new InvalidSegmentException("not the name of a ring's memory: " + name);
        }
        long section = Section.open(name);
        try {
            // All of it, to see its real size.
            long address = Section.map(section, false);
            try {
                check(address, size);
                return new SectionSegment(address, size, false, null, 0);
            } catch (IOException | RuntimeException e) {
                Section.unmap(address);
                throw e;
            }
        } finally {
            // The view keeps the section.
            Kernel32.CloseHandle(section);
        }
    }

    /**
     * A page that is only reserved would be an access violation, which ends the JVM; a committed one stays committed.
     */
    private static void check(long address, int size) throws IOException {
        Section.Region region = Section.Region.at(address);
        if (region.state() != Section.Region.MEM_COMMIT || region.type() != Section.Region.MEM_MAPPED) {
            throw new InvalidSegmentException("the peer's memory is not all committed (state 0x"
                    + Integer.toHexString(region.state()) + ", type 0x" + Integer.toHexString(region.type()) + ')');
        }
        // Windows tells the size in pages.
        checkSize(region.size(), (size + PAGE - 1L) / PAGE * PAGE);
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
        Section.unmap(address);
    }
}
