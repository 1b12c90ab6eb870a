/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
/** The operating system's functions and what they need: the only place that calls native code. Internal. */
package io.nettyipc.base.os;
