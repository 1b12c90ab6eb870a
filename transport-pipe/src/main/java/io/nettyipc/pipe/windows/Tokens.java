/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import com.sun.jna.platform.win32.Advapi32Util;
import com.sun.jna.platform.win32.WinNT;
import java.io.IOException;

/** Access tokens: who a process runs as. */
final class Tokens {

    private Tokens() {}

    /** The token of this process, to be closed. */
    static WinNT.HANDLE openOwn() throws IOException {
        return open(com.sun.jna.platform.win32.Kernel32.INSTANCE.GetCurrentProcess());
    }

    /** The token of another process, to be closed. */
    static WinNT.HANDLE open(WinNT.HANDLE process) throws IOException {
        WinNT.HANDLEByReference token = new WinNT.HANDLEByReference();
        if (!com.sun.jna.platform.win32.Advapi32.INSTANCE.OpenProcessToken(process, WinNT.TOKEN_QUERY, token)) {
            throw new IOException(Win32Error.last().describe("OpenProcessToken"));
        }
        return token.getValue();
    }

    static Advapi32Util.Account user(WinNT.HANDLE token) {
        return Advapi32Util.getTokenAccount(token);
    }

    static void close(WinNT.HANDLE token) {
        com.sun.jna.platform.win32.Kernel32.INSTANCE.CloseHandle(token);
    }
}
