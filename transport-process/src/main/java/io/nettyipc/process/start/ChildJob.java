/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.process.start;

import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import io.nettyipc.base.os.JobObject;
import io.nettyipc.base.os.Platform;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A child's job on Windows, by which the system ends it with this JVM, however that ends. What the child has started is
 * in it too unless that may live on, and is known by it when the child has ended.
 */
final class ChildJob {
    private static final InternalLogger logger = InternalLoggerFactory.getInstance(ChildJob.class);

    /** What the JDK kills with. */
    private static final int EXIT_CODE = 1;

    private static final AtomicBoolean REFUSED = new AtomicBoolean();

    private final JobObject job;
    private final boolean tree;

    private ChildJob(JobObject job, boolean tree) {
        this.job = job;
        this.tree = tree;
    }

    /** Returns the job that a child is in from now on; null on other systems, and where Windows refuses. */
    static ChildJob of(Process child, boolean tree) {
        if (Platform.current() != Platform.WINDOWS) {
            return null;
        }
        JobObject job = null;
        try {
            job = JobObject.create(tree);
            job.add(child.pid());
        } catch (IOException e) {
            if (job != null) {
                job.close();
            }
            // There is nothing to add once it has ended.
            if (child.isAlive() && REFUSED.compareAndSet(false, true)) {
                logger.warn(
                        "Windows refuses a job for a child process: if this JVM is killed its children live on, and of"
                                + " what they start only that is ended with them whose parent lives. Not told again.",
                        e);
            }
            return null;
        }
        if (tree) {
            addStarted(child, job);
        }
        return new ChildJob(job, tree);
    }

    /**
     * The JDK starts a child without a job. What that has started before it was in one isn't in it, and nor is what
     * that starts: looks until there is nothing new.
     */
    private static void addStarted(Process child, JobObject job) {
        List<ProcessHandle> added = new ArrayList<>();
        for (List<ProcessHandle> started = SystemProcesses.descendants(child.toHandle());
                !added.containsAll(started);
                started = SystemProcesses.descendants(child.toHandle())) {
            for (ProcessHandle process : started) {
                try {
                    job.add(process.pid());
                } catch (IOException e) {
                    logger.trace("{} is not added: it has ended, or is in the job already", process, e);
                }
            }
            added.addAll(started);
        }
    }

    /** The processes that are in it and live. */
    List<ProcessHandle> processes() {
        List<ProcessHandle> processes = new ArrayList<>();
        try {
            for (long id : job.processIds()) {
                ProcessHandle.of(id).ifPresent(processes::add);
            }
        } catch (IOException e) {
            logger.debug("The processes of a job can't be listed", e);
        }
        return processes;
    }

    /** Ends what the child has started with it, at once, so that none of them starts another one meanwhile. */
    void terminate() {
        if (!tree) {
            return;
        }
        try {
            job.terminate(EXIT_CODE);
        } catch (IOException e) {
            logger.debug("A job is not ended: its processes are, one by one", e);
        }
    }

    /** Ends what is in it. */
    void close() {
        job.close();
    }
}
