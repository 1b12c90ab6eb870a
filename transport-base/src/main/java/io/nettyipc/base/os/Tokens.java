/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.os;

import com.sun.jna.Structure;
import com.sun.jna.platform.win32.Advapi32Util;
import com.sun.jna.platform.win32.Kernel32Util;
import com.sun.jna.platform.win32.Win32Exception;
import com.sun.jna.platform.win32.WinNT;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import java.io.IOException;
import java.util.function.IntFunction;

/** Access tokens: who a process runs as. */
public final class Tokens {

    private static final int SE_GROUP_LOGON_ID = 0xC0000000;

    private Tokens() {}

    /** The token of this process, to be closed. */
    public static WinNT.HANDLE openOwn() throws IOException {
        return open(com.sun.jna.platform.win32.Kernel32.INSTANCE.GetCurrentProcess());
    }

    /** The token of another process, to be closed. */
    public static WinNT.HANDLE open(WinNT.HANDLE process) throws IOException {
        WinNT.HANDLEByReference token = new WinNT.HANDLEByReference();
        if (!com.sun.jna.platform.win32.Advapi32.INSTANCE.OpenProcessToken(process, WinNT.TOKEN_QUERY, token)) {
            throw new IOException(Win32Error.last().describe("OpenProcessToken"));
        }
        return token.getValue();
    }

    /** The user's SID, for example {@code S-1-5-18}. Only this machine is asked. */
    public static String userSid(WinNT.HANDLE token) throws IOException {
        return text(user(token).User.Sid);
    }

    /**
     * The user's name, for example {@code MACHINE\someone}; null if Windows doesn't tell. It may have to ask a domain
     * controller, which can take its time.
     */
    public static String userName(WinNT.HANDLE token) throws IOException {
        WinNT.TOKEN_USER user = user(token);
        try {
            Advapi32Util.Account account = Advapi32Util.getAccountBySid(user.User.Sid);
            return account.accountType == WinNT.SID_NAME_USE.SidTypeUnknown ? null : account.fqn;
        } catch (Win32Exception e) {
            return null;
        }
    }

    /** The SID of the logon session, or null if the token has none. */
    public static String logonSid(WinNT.HANDLE token) throws IOException {
        WinNT.TOKEN_GROUPS groups =
                ask(token, WinNT.TOKEN_INFORMATION_CLASS.TokenGroups, "TokenGroups", WinNT.TOKEN_GROUPS::new);
        for (WinNT.SID_AND_ATTRIBUTES group : groups.getGroups()) {
            if ((group.Attributes & SE_GROUP_LOGON_ID) == SE_GROUP_LOGON_ID) {
                return text(group.Sid);
            }
        }
        return null;
    }

    /** The SID of the user that this process runs as. */
    public static String ownUserSid() throws IOException {
        WinNT.HANDLE token = openOwn();
        try {
            return userSid(token);
        } finally {
            close(token);
        }
    }

    /** The SID of this process's logon session, or null if its token has none. */
    public static String ownLogonSid() throws IOException {
        WinNT.HANDLE token = openOwn();
        try {
            return logonSid(token);
        } finally {
            close(token);
        }
    }

    private static WinNT.TOKEN_USER user(WinNT.HANDLE token) throws IOException {
        return ask(token, WinNT.TOKEN_INFORMATION_CLASS.TokenUser, "TokenUser", WinNT.TOKEN_USER::new);
    }

    private static <T extends Structure> T ask(
            WinNT.HANDLE token, int information, String name, IntFunction<T> newStructure) throws IOException {
        IntByReference size = new IntByReference();
        com.sun.jna.platform.win32.Advapi32.INSTANCE.GetTokenInformation(token, information, null, 0, size);
        T structure = newStructure.apply(size.getValue());
        if (!com.sun.jna.platform.win32.Advapi32.INSTANCE.GetTokenInformation(
                token, information, structure, size.getValue(), size)) {
            throw new IOException(Win32Error.last().describe("GetTokenInformation(" + name + ')'));
        }
        return structure;
    }

    static String text(WinNT.PSID sid) throws IOException {
        PointerByReference text = new PointerByReference();
        if (!com.sun.jna.platform.win32.Advapi32.INSTANCE.ConvertSidToStringSid(sid, text)) {
            throw new IOException(Win32Error.last().describe("ConvertSidToStringSid"));
        }
        try {
            return text.getValue().getWideString(0);
        } finally {
            Kernel32Util.freeLocalMemory(text.getValue());
        }
    }

    public static void close(WinNT.HANDLE token) {
        com.sun.jna.platform.win32.Kernel32.INSTANCE.CloseHandle(token);
    }
}
