/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
/** Internal: portable names on Unix domain sockets. Nothing here is meant for use from outside. */
package io.nettyipc.pipe.unix;
