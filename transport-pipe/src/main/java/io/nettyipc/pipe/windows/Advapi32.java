/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.pipe.windows;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.WString;

/** The functions of {@code advapi32.dll} that jna-platform lacks, mapped directly as those of {@link Kernel32} are. */
final class Advapi32 {

    static {
        Native.register(Advapi32.class, "advapi32");
    }

    private Advapi32() {}

    static native boolean ConvertStringSecurityDescriptorToSecurityDescriptorW(
            WString text, int revision, long[] descriptor, Pointer size);

    static native boolean ImpersonateNamedPipeClient(long pipe);

    static native boolean RevertToSelf();

    static native boolean OpenThreadToken(long thread, int access, boolean openAsSelf, long[] token);

    static native boolean GetTokenInformation(
            long token, int informationClass, int[] information, int length, int[] size);
}
