/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process.start;

import io.nettyipc.process.ProcessStderr;
import java.io.IOException;

/** The pipes to a child that is being started, as the system has them. */
public interface ChildPipes {

    /** Makes them. */
    interface Opener<P extends ChildPipes> {
        /**
         * Opens them.
         *
         * @param withError whether there is one for standard error too
         */
        P open(boolean withError) throws IOException;
    }

    /** Begins to read and write them, on the channel's event loop. */
    interface Use<P extends ChildPipes> {
        /** An exception ends the channel and the child. Ends that a channel has taken, that channel closes. */
        void begin(P pipes, ProcessStderr stderr) throws IOException;
    }

    /** Makes their other ends the child's standard streams. */
    void redirect(ProcessBuilder builder);

    /** The child has its ends, or there is no child. Called by any thread. */
    void closeChildEnds();

    /** Closes all ends that no channel has taken. Called by any thread. */
    void close();
}
