/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
/** docker-java over named pipes and Unix domain sockets; see {@link io.nettyipc.dockerjava.LocalDockerHttpClient}. */
package io.nettyipc.dockerjava;
