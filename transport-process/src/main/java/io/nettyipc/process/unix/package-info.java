/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
/** Children, standard streams and FIFOs on Unix. Internal. */
package io.nettyipc.process.unix;
