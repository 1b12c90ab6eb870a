/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
/** The skeleton of a channel: what every transport's channels do alike. Internal. */
package io.nettyipc.base.channel;
