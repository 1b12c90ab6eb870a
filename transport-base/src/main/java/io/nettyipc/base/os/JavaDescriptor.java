/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.os;

import com.sun.jna.Function;
import com.sun.jna.Library;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import java.io.FileDescriptor;
import java.io.IOException;
import java.util.Map;

/**
 * The Windows handle in a {@link FileDescriptor}. {@link FileDescriptor#out} keeps the one that the process had when it
 * began, and so do the streams over it, which logging libraries keep too; {@code ProcessBuilder.Redirect.INHERIT} asks
 * it. Java can only close it, which loses what such a stream writes and gives children a pipe that nobody reads. So it
 * is changed by JNI, as the JDK does it itself; where the functions are in JNI's tables is part of its specification.
 *
 * @see <a href="https://docs.oracle.com/en/java/javase/17/docs/specs/jni/functions.html">JNI functions</a>
 */
public final class JavaDescriptor {
    private static final int VERSION_1_8 = 0x00010008;
    private static final int GET_ENV = 6;
    private static final int GET_FIELD_ID = 94;
    private static final int SET_LONG_FIELD = 110;

    private static final Map<String, Object> OBJECTS = Map.of(Library.OPTION_ALLOW_OBJECTS, true);

    private JavaDescriptor() {}

    /** The descriptor's old handle stays open. */
    public static void setHandle(FileDescriptor descriptor, long handle) throws IOException {
        try {
            Pointer environment = environment();
            Pointer field = (Pointer) function(environment, GET_FIELD_ID)
                    .invoke(Pointer.class, new Object[] {environment, FileDescriptor.class, "handle", "J"}, OBJECTS);
            function(environment, SET_LONG_FIELD)
                    .invoke(Void.class, new Object[] {environment, descriptor, field, handle}, OBJECTS);
        } catch (LinkageError | RuntimeException e) {
            throw new IOException("this JVM's java.io.FileDescriptor can't be given another handle", e);
        }
    }

    /** The {@code JNIEnv} of this thread. */
    private static Pointer environment() {
        PointerByReference vm = new PointerByReference();
        IntByReference count = new IntByReference();
        NativeLibrary.getInstance("jvm").getFunction("JNI_GetCreatedJavaVMs").invokeInt(new Object[] {vm, 1, count});
        PointerByReference environment = new PointerByReference();
        int error = function(vm.getValue(), GET_ENV).invokeInt(new Object[] {vm.getValue(), environment, VERSION_1_8});
        if (error != 0) {
            throw new IllegalStateException("GetEnv: " + error);
        }
        return environment.getValue();
    }

    private static Function function(Pointer of, int index) {
        return Function.getFunction(of.getPointer(0).getPointer((long) index * Long.BYTES));
    }
}
