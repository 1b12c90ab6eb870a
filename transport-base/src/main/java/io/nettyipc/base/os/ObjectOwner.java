/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.os;

import com.sun.jna.Pointer;
import com.sun.jna.platform.win32.AccCtrl;
import com.sun.jna.platform.win32.WinNT;
import com.sun.jna.ptr.PointerByReference;
import java.io.IOException;

/** The user who owns a kernel object. Only an administrator can make another user the owner of one. */
public final class ObjectOwner {

    private ObjectOwner() {}

    /**
     * The SID of the user or group that owns an object. For a pipe that is who created its first instance.
     *
     * @param handle with the right {@code READ_CONTROL}, which {@code GENERIC_READ} has in it
     */
    public static String sid(long handle) throws IOException {
        PointerByReference owner = new PointerByReference();
        PointerByReference descriptor = new PointerByReference();
        int error = com.sun.jna.platform.win32.Advapi32.INSTANCE.GetSecurityInfo(
                new WinNT.HANDLE(new Pointer(handle)),
                AccCtrl.SE_OBJECT_TYPE.SE_KERNEL_OBJECT,
                WinNT.OWNER_SECURITY_INFORMATION,
                owner,
                null,
                null,
                null,
                descriptor);
        if (error != Win32Error.SUCCESS) {
            throw new IOException(new Win32Error(error).describe("GetSecurityInfo(OWNER_SECURITY_INFORMATION)"));
        }
        try {
            if (owner.getValue() == null) {
                throw new IOException("the object has no owner");
            }
            return Tokens.text(new WinNT.PSID(owner.getValue()));
        } finally {
            Kernel32.LocalFree(Pointer.nativeValue(descriptor.getValue()));
        }
    }
}
