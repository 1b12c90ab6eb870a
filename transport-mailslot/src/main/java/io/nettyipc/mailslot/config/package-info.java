/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
/** The configuration of mailslots, which is the same on both platforms. */
package io.nettyipc.mailslot.config;
