/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */

/**
 * What the JDK's flight recorder is told. Nobody may touch a class in here unless
 * {@code PlatformDependent.isJfrEnabled()}: the module {@code jdk.jfr} may be missing. Methods that begin with
 * {@code startIf} and {@code commitIf} do nothing, and create nothing, where their event is not recorded.
 */
package io.nettyipc.shm.jfr;
