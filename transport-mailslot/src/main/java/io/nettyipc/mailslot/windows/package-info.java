/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
/** Mailslots of Windows. Internal. */
package io.nettyipc.mailslot.windows;
