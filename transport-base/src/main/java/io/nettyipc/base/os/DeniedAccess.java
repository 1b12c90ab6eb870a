/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.base.os;

import java.util.function.Supplier;

/**
 * What to say if the JVM denies native access: with {@code --illegal-native-access=deny}, and by default in a version
 * to come, to all modules but those of {@code --enable-native-access}.
 *
 * @see <a href="https://openjdk.org/jeps/472">JEP 472: Prepare to Restrict the Use of JNI</a>
 */
public final class DeniedAccess {

    private DeniedAccess() {}

    /**
     * Returns which option the JVM lacks.
     *
     * @param failure to load or call native code
     * @param caller  a class of the module that needs native access for it; asked for only if that was denied, since
     *                the failure may be that there is no such class
     * @return null if the failure has another cause
     */
    public static String describe(Throwable failure, Supplier<Class<?>> caller) {
        if (!isDenial(failure)) {
            return null;
        }
        Module module = caller.get().getModule();
        return !isEnabled(module)
                ? "this JVM denies native access: start it with --enable-native-access="
                        + (module.isNamed() ? module.getName() : "ALL-UNNAMED")
                : null;
    }

    private static boolean isDenial(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof IllegalCallerException) {
                return true;
            }
        }
        return false;
    }

    /** {@code Module.isNativeAccessEnabled}, which came with Java 22. */
    private static boolean isEnabled(Module module) {
        try {
            return (boolean) Module.class.getMethod("isNativeAccessEnabled").invoke(module);
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }
}
