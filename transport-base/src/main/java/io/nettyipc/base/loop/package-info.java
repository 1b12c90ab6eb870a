/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
/** Event loops: completion ports, and descriptors of any kind watched on any loop. Internal. */
package io.nettyipc.base.loop;
