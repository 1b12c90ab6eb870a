/* Copyright 2026 The Netty IPC Authors. Licensed under the Apache License, Version 2.0; see LICENSE. */
package io.nettyipc.reactor;

import io.nettyipc.pipe.NamedPipeAddress;
import io.nettyipc.shm.ShmAddress;
import java.net.SocketAddress;

/** What carries HTTP in a test. */
public enum Transport {
    PIPE {
        @Override
        public IpcLoopResources newLoops(String prefix) {
            return IpcLoopResources.pipes(prefix);
        }

        @Override
        public SocketAddress address(String name) {
            return NamedPipeAddress.of(name);
        }
    },
    SHM {
        @Override
        public IpcLoopResources newLoops(String prefix) {
            return IpcLoopResources.sharedMemory(prefix);
        }

        @Override
        public SocketAddress address(String name) {
            return ShmAddress.of(name);
        }
    };

    public abstract IpcLoopResources newLoops(String prefix);

    public abstract SocketAddress address(String name);
}
