/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.os;

import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.platform.win32.Advapi32Util;
import com.sun.jna.platform.win32.Kernel32Util;
import com.sun.jna.platform.win32.Win32Exception;
import com.sun.jna.platform.win32.WinNT;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import java.io.IOException;
import java.util.function.IntFunction;

/** Access tokens, by their handles: who a process or a thread runs as. */
public final class Tokens {

    private static final int SE_GROUP_LOGON_ID = 0xC0000000;

    private Tokens() {}

    /** The SID of the user that this process runs as. */
    public static String ownUserSid() throws IOException {
        return ofProcess(Kernel32.CURRENT_PROCESS, Tokens::userSid);
    }

    /** The SID of this process's logon session, or null if its token has none. */
    public static String ownLogonSid() throws IOException {
        return ofProcess(Kernel32.CURRENT_PROCESS, Tokens::logonSid);
    }

    /** The {@link #userName} of a process's user; null also if the process has ended or isn't ours to look at. */
    public static String processUserName(int processId) {
        long process = Kernel32.OpenProcess(Kernel32.PROCESS_QUERY_LIMITED_INFORMATION, false, processId);
        if (process == 0) {
            return null;
        }
        try {
            return ofProcess(process, Tokens::userName);
        } catch (IOException e) {
            return null;
        } finally {
            Kernel32.CloseHandle(process);
        }
    }

    /** The user's SID, for example {@code S-1-5-18}. Only this machine is asked. */
    public static String userSid(long token) throws IOException {
        return text(user(token).User.Sid);
    }

    /**
     * The user's name, for example {@code MACHINE\someone}; null if Windows doesn't tell. It may have to ask a domain
     * controller, which can take its time.
     */
    public static String userName(long token) throws IOException {
        WinNT.TOKEN_USER user = user(token);
        try {
            Advapi32Util.Account account = Advapi32Util.getAccountBySid(user.User.Sid);
            return account.accountType == WinNT.SID_NAME_USE.SidTypeUnknown ? null : account.fqn;
        } catch (Win32Exception e) {
            return null;
        }
    }

    private static String logonSid(long token) throws IOException {
        WinNT.TOKEN_GROUPS groups =
                ask(token, WinNT.TOKEN_INFORMATION_CLASS.TokenGroups, "TokenGroups", WinNT.TOKEN_GROUPS::new);
        for (WinNT.SID_AND_ATTRIBUTES group : groups.getGroups()) {
            if ((group.Attributes & SE_GROUP_LOGON_ID) == SE_GROUP_LOGON_ID) {
                return text(group.Sid);
            }
        }
        return null;
    }

    private interface Question {
        String answer(long token) throws IOException;
    }

    private static String ofProcess(long process, Question question) throws IOException {
        WinNT.HANDLEByReference token = new WinNT.HANDLEByReference();
        if (!com.sun.jna.platform.win32.Advapi32.INSTANCE.OpenProcessToken(handle(process), WinNT.TOKEN_QUERY, token)) {
            throw new IOException(Win32Error.last().describe("OpenProcessToken"));
        }
        long handle = Pointer.nativeValue(token.getValue().getPointer());
        try {
            return question.answer(handle);
        } finally {
            Kernel32.CloseHandle(handle);
        }
    }

    private static WinNT.HANDLE handle(long value) {
        return new WinNT.HANDLE(new Pointer(value));
    }

    private static WinNT.TOKEN_USER user(long token) throws IOException {
        return ask(token, WinNT.TOKEN_INFORMATION_CLASS.TokenUser, "TokenUser", WinNT.TOKEN_USER::new);
    }

    private static <T extends Structure> T ask(long token, int information, String name, IntFunction<T> newStructure)
            throws IOException {
        IntByReference size = new IntByReference();
        com.sun.jna.platform.win32.Advapi32.INSTANCE.GetTokenInformation(handle(token), information, null, 0, size);
        T structure = newStructure.apply(size.getValue());
        if (!com.sun.jna.platform.win32.Advapi32.INSTANCE.GetTokenInformation(
                handle(token), information, structure, size.getValue(), size)) {
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
}
