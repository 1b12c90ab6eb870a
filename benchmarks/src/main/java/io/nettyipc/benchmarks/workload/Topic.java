/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.benchmarks.workload;

import java.util.List;

/** Something of which every contender is measured: a table of the report. */
public interface Topic {
    /** How processes, files and the user name it. */
    String id();

    /** How tables name it. */
    String title();

    /** What is shown of it, the most important first. */
    List<Measure> measures();
}
