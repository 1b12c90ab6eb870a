/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
/** Socket files: who may bind one, when it is stale, and when it goes. Internal. */
package io.nettyipc.base.socket;
