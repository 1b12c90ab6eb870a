/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
/** Internal: what the channels of child processes have in common. Nothing here is meant for use from outside. */
package io.nettyipc.pipe.process;
