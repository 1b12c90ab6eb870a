/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.segment;

import io.nettyipc.base.os.Section;
import io.nettyipc.base.os.Tokens;
import java.io.IOException;

/**
 * Lets processes of this user map a section for reading, and nobody do anything else with it. The creator's own handle
 * has all rights without being listed. The owner, who is this user, could otherwise change the list: OWNER RIGHTS takes
 * that away.
 *
 * @see <a href="https://learn.microsoft.com/windows/win32/secauthz/well-known-sids">OWNER RIGHTS (S-1-3-4)</a>
 */
final class ReadOnlyForUser {

    private ReadOnlyForUser() {}

    static String sddl() throws IOException {
        String right = "(A;;0x" + Integer.toHexString(Section.SECTION_MAP_READ) + ";;;";
        return "D:P" + right + Tokens.ownUserSid() + ')' + right + "OW)";
    }
}
