/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.shm.ring;

import io.netty.util.internal.PlatformDependent;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Copies between addresses. Copies between a {@link io.netty.buffer.ByteBuf} and a {@link java.nio.ByteBuffer} would
 * make a view of the one or the other for each message.
 *
 * <p>Where Netty uses Unsafe, so does this. Where it must not, from JDK 24 on, {@code java.lang.foreign} can do the
 * same; called by a method handle, since the classes are compiled for 17.
 */
final class AddressCopy {

    private static final MethodHandle COPY = find();

    private AddressCopy() {}

    private static MethodHandle find() {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        try {
            if (PlatformDependent.hasUnsafe()) {
                return lookup.findStatic(
                        PlatformDependent.class,
                        "copyMemory",
                        MethodType.methodType(void.class, long.class, long.class, long.class));
            }
            Class<?> type = Class.forName("java.lang.foreign.MemorySegment");
            Object everything = lookup.findVirtual(type, "reinterpret", MethodType.methodType(type, long.class))
                    .invoke(type.getField("NULL").get(null), Long.MAX_VALUE);
            MethodHandle copy = lookup.findStatic(
                    type, "copy", MethodType.methodType(void.class, type, long.class, type, long.class, long.class));
            return MethodHandles.insertArguments(MethodHandles.insertArguments(copy, 2, everything), 0, everything);
        } catch (Throwable t) {
            // JDK 17 to 21 without Unsafe, or native access is forbidden: views it is.
            return null;
        }
    }

    static boolean isAvailable() {
        return COPY != null;
    }

    static void copy(long from, long to, long length) {
        try {
            COPY.invokeExact(from, to, length);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }
}
