/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process.unix;

import io.nettyipc.base.os.Descriptor;
import io.nettyipc.base.os.LibC;
import java.io.IOException;

/**
 * The flags of an open file that this process shares with others, the shell for example, while the file doesn't block.
 * They get their file back as it was when the channel closes, and when the JVM ends before.
 */
final class SharedFlags implements AutoCloseable {
    /** Of its own: the channel may have closed the stream before, and still use the other one of the same file. */
    private final Descriptor file;

    private final int flags;
    private final Thread hook = new Thread(this::restore, "nettyipc-stdio-flags");
    private boolean restored;

    private SharedFlags(Descriptor file, int flags) {
        this.file = file;
        this.flags = flags;
    }

    /** Makes a file not block; returns {@code null} if it didn't before. */
    static SharedFlags setNonBlocking(Descriptor stream) throws IOException {
        int flags = LibC.fcntl(stream.number(), LibC.F_GETFL, 0);
        if (flags < 0) {
            throw LibC.error("fcntl");
        }
        if ((flags & LibC.O_NONBLOCK) != 0) {
            return null;
        }
        int number = LibC.fcntl(stream.number(), LibC.F_DUPFD_CLOEXEC, 0);
        if (number < 0) {
            throw LibC.error("fcntl");
        }
        SharedFlags shared = new SharedFlags(new Descriptor(number), flags);
        try {
            Runtime.getRuntime().addShutdownHook(shared.hook);
            stream.setNonBlocking();
            return shared;
        } catch (IllegalStateException e) {
            shared.restore();
            throw new IOException("this process ends", e);
        } catch (IOException e) {
            shared.close();
            throw e;
        }
    }

    private synchronized void restore() {
        if (!restored) {
            restored = true;
            // There is nothing to be done about a failure.
            LibC.fcntl(file.number(), LibC.F_SETFL, flags);
            file.close();
        }
    }

    /** Gives the file its flags back; a second time does nothing. */
    @Override
    public void close() {
        restore();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // It runs, or has run.
            return;
        }
    }
}
