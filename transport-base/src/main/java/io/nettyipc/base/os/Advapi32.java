/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.os;

import com.sun.jna.Native;
import com.sun.jna.WString;

/** The functions of {@code advapi32.dll} that jna-platform lacks, mapped directly as those of {@link Kernel32} are. */
public final class Advapi32 {

    /** The right to ask a token for information. */
    public static final int TOKEN_QUERY = 8;

    /** Asks {@link #GetTokenInformation} for a {@code SECURITY_IMPERSONATION_LEVEL}. */
    public static final int TOKEN_IMPERSONATION_LEVEL = 9;

    static {
        Native.register(Advapi32.class, "advapi32");
    }

    private Advapi32() {}

    static native boolean ConvertStringSecurityDescriptorToSecurityDescriptorW(
            WString text, int revision, long[] descriptor, long size);

    public static native boolean ImpersonateNamedPipeClient(long pipe);

    public static native boolean RevertToSelf();

    public static native boolean OpenThreadToken(long thread, int access, boolean openAsSelf, long[] token);

    public static native boolean GetTokenInformation(
            long token, int informationClass, int[] information, int length, int[] size);
}
