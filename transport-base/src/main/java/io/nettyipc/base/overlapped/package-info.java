/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
/** A channel over the handle of a Windows pipe that was opened for overlapped operations. Internal. */
package io.nettyipc.base.overlapped;
