/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.platform.win32.Advapi32Util;
import io.nettyipc.base.os.Tokens;
import io.nettyipc.pipe.NamedPipeSecurity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The text of the ready-made security descriptors. */
@EnabledOnOs(OS.WINDOWS)
class SecurityAttributesTest {

    @Test
    void theReadyMadeDescriptorsNameThisProcessesUserAndLogonSession() throws Exception {
        Advapi32Util.Account account = Advapi32Util.getAccountByName(Advapi32Util.getUserName());
        String user = account.sidString;
        assertEquals(user, Tokens.ownUserSid());
        assertEquals(account.fqn, Tokens.processUserName((int)
                ProcessHandle.current().pid()));
        assertEquals("O:" + user + "D:P(A;;GA;;;SY)(A;;GA;;;" + user + ')', NamedPipeSecurity.CURRENT_USER.toSddl());
        assertEquals(
                "O:" + user + "D:P(A;;GA;;;SY)(A;;GA;;;" + user + ")(A;;0x12019b;;;AU)",
                NamedPipeSecurity.AUTHENTICATED_USERS.toSddl());
        String logon = NamedPipeSecurity.LOGON_SESSION.toSddl();
        assertTrue(logon.matches("O:" + user + "D:P\\(A;;GA;;;SY\\)\\(A;;GA;;;S-1-5-5-\\d+-\\d+\\)"), logon);
    }
}
